"""Some fields of one row written by a statement that is kept, as prepared questions are (`prepared.py`): to put it together takes
Django three times as long as all else there is to it. For what every new ticket and every reply writes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Field, Model
from django.db.models.signals import post_save, pre_save

from aftersales.kernel.planned import Statement


def update_row(row: Model, fields: Iterable[str]) -> None:
    """`row.save(update_fields=fields)`. What a history or another listener is to hear of is left to Django. Raises
    `DatabaseError` where the row is gone."""
    model = type(row)
    if pre_save.has_listeners(model) or post_save.has_listeners(model):
        row.save(update_fields=[*fields])
        return
    written, statement = _statement(model, tuple(sorted({*fields})))
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in written]
    with connection.cursor() as cursor:
        cursor.execute(*statement.sent([*values, row.pk], connection))
        if not cursor.rowcount:
            raise DatabaseError(f"{model.__name__} {row.pk} is gone: nothing was written.")


@cache
def _statement(model: type[Model], names: tuple[str, ...]) -> tuple[list[Field[Any, Any]], Statement]:
    meta: Any = model._meta
    quote, fields = connection.ops.quote_name, [meta.get_field(name) for name in names]
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
    return fields, Statement(sql, [None] * (len(fields) + 1), range(len(fields) + 1), f"update_{meta.db_table}")
