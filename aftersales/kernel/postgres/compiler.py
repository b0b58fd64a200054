"""A new ticket writes a dozen rows in as many tables. Django puts each statement together anew, and PostgreSQL reads and plans
it anew; here both are done once for each table, and rows are only lists of values.

What is not plain rows (`ON CONFLICT`, a value that the database works out) is left to Django.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
    SQLDeleteCompiler,
    SQLUpdateCompiler,
)

from aftersales.kernel.planned import Statement

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]

# Table, its columns, those that are returned, and whether it is one row -> the statement. By their names: a migration has
# models of its own.
_kept: dict[tuple[Any, ...], Statement] = {}


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    query: Any

    def as_sql(self) -> list[tuple[str, Any]]:  # type: ignore[override]
        rows = self._plain()
        if rows is None or (statement := self._statement()) is None:
            return self._anew()
        given = rows[0] if len(rows) == 1 else [list(column) for column in zip(*rows, strict=True)]
        return [statement.sent(given, self.connection)]

    def _plain(self) -> list[list[Any]] | None:
        """The rows as the database's driver takes them; None where the statement is not always the same."""
        fields: list[Any] = self.query.fields
        if not fields or self.query.on_conflict or any(hasattr(field, "get_placeholder") for field in fields):
            return None
        rows = [[self.pre_save_val(field, row) for field in fields] for row in self.query.objs]
        if any(hasattr(value, "resolve_expression") for row in rows for value in row):
            return None
        return [
            [field.get_db_prep_save(value, self.connection) for field, value in zip(fields, row, strict=True)]
            for row in rows
        ]

    def _statement(self) -> Statement | None:
        """As Django puts it together for these rows; many of them are one list for each column, else None."""
        fields: list[Any] = self.query.fields
        returned = tuple(field.column for field in self.returning_fields or ())
        is_one = len(self.query.objs) == 1
        called = (self.query.get_meta().db_table, tuple(field.column for field in fields), returned, is_one)
        if called not in _kept:
            [(sql, params)] = self._anew()
            if len(params) != len(fields):
                return None
            types = [field.db_type(self.connection).partition("(")[0] for field in fields]
            given = None if is_one else [f"%s::{each}[]" for each in types]
            _kept[called] = Statement(sql, list(params), range(len(params)), f"insert_{called[0]}", given)
        return _kept[called]

    def _anew(self) -> list[tuple[str, Any]]:
        told: list[tuple[str, Any]] = super().as_sql()
        return told
