"""Triggers that write down what changed, in the transaction of the change itself, whoever makes it.

An action, an import, a COPY or a statement typed by hand: what commits has left its mark in `search_touched`, and what
is rolled back has not. So nothing is ever missing from the index for good, and no action has to think of it. An app
says in `ready` which of its tables its documents read; the triggers are made anew after every migration, because SQLite
drops them with the table it copies.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Watched:
    """Rows of `model` belong to the thing of `kind` named by `key`; changes of other columns than these are no news."""

    model: str
    kind: str
    key: str
    columns: tuple[str, ...]

    def table_and_columns(self) -> tuple[str, str, list[str]]:
        model: type[Model] = apps.get_model(self.model)
        names = [str(model._meta.get_field(name).column) for name in self.columns]  # type: ignore[union-attr]
        return model._meta.db_table, str(model._meta.get_field(self.key).column), names  # type: ignore[union-attr]


LONGEST_KIND = 12  # letters, as the columns `kind` of the index have them
_watched: list[Watched] = []


def watch(model: str, *, kind: str, key: str = "id", columns: Sequence[str] = ()) -> None:
    """Let changes of a table be news of a thing. Without `columns` every change of a row counts, else only theirs.

    A kind that is too long for its column is an error here, and not in the trigger of somebody's first change.
    """
    if len(kind) > LONGEST_KIND:
        raise ValueError(f"The kind {kind} has more than {LONGEST_KIND} letters.")
    each = Watched(model, kind, key, tuple(columns))
    if each not in _watched:
        _watched.append(each)


def make_triggers(**_told: object) -> None:
    """Make every trigger that can be made, of tables that are there already, and drop those of former releases.

    Called after each migration.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if "search_touched" not in tables:
            return
        for statement in drop_triggers(connection.vendor, keep=_expected()):
            cursor.execute(statement)
        for each in _watched:
            table, key, columns = each.table_and_columns()
            if table not in tables:
                continue
            present = {found.name for found in connection.introspection.get_table_description(cursor, table)}
            if not {key, *columns} <= present:
                continue
            name = _name(table, each.kind)
            for statement in _triggers(name, table, each.kind, key, columns):
                cursor.execute(statement)


def _expected() -> frozenset[str]:
    names = {_name(each.table_and_columns()[0], each.kind) for each in _watched}
    return frozenset(f"{name}_{event}" for name in names for event in ("insert", "update", "delete"))


def drop_triggers(vendor: str, keep: frozenset[str] = frozenset()) -> Iterator[str]:
    """Statements that take them away but those to keep; all of them for the way back of a migration."""
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgname LIKE 'search\\_%%'"
            )
            yield from [f'DROP FUNCTION "{name}" CASCADE' for name, _table in cursor.fetchall() if name not in keep]
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search\\_%' ESCAPE '\\'"
            )
            yield from [f'DROP TRIGGER "{name}"' for (name,) in cursor.fetchall() if name not in keep]


@contextlib.contextmanager
def unwatched(tables: Sequence[str]) -> Iterator[None]:
    """Load rows in bulk without a mark for each; whoever does so writes their entries (`loading`).

    In the caller's transaction, so that nobody else writes past the triggers meanwhile.
    """
    if connection.vendor != "postgresql":  # which knows only to drop them
        with connection.cursor() as cursor:
            for statement in list(drop_triggers(connection.vendor)):
                cursor.execute(statement)
        yield
        make_triggers()
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgname LIKE 'search\\_%%' AND c.relname = ANY(%s)",
            [list(tables)],
        )
        found = cursor.fetchall()
        for name, table in found:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
    yield
    with connection.cursor() as cursor:
        for name, table in found:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"')


def _name(table: str, kind: str) -> str:
    return f"search_{table}_{kind}"


def _triggers(name: str, table: str, kind: str, key: str, columns: list[str]) -> list[str]:
    """Names of tables, columns and kinds are the models' own."""
    return (_postgres if connection.vendor == "postgresql" else _sqlite)(name, table, kind, key, columns)


def _postgres(name: str, table: str, kind: str, key: str, columns: list[str]) -> list[str]:
    """One mark for each thing and statement, not for each row: a COPY of twenty thousand rows costs one INSERT."""
    touched = f"INSERT INTO search_touched (kind, key) SELECT DISTINCT '{kind}', v.k FROM"
    differs = " OR ".join(f'n."{each}" IS DISTINCT FROM o."{each}"' for each in dict.fromkeys([key, *columns]))
    both = f'new_rows n JOIN old_rows o ON o.id = n.id CROSS JOIN LATERAL (VALUES (n."{key}"), (o."{key}")) v(k)'
    alone = f'{{}} r CROSS JOIN LATERAL (VALUES (r."{key}")) v(k) WHERE v.k IS NOT NULL'
    made = (
        ("insert", "NEW TABLE AS new_rows", alone.format("new_rows")),
        (
            "update",
            "NEW TABLE AS new_rows OLD TABLE AS old_rows",
            f"{both} WHERE v.k IS NOT NULL" + (f" AND ({differs})" if columns else ""),
        ),
        ("delete", "OLD TABLE AS old_rows", alone.format("old_rows")),
    )
    statements = []
    for event, tables, rows in made:
        function = f'"{name}_{event}"'
        head = f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS"
        statements.append(f"{head} $$ BEGIN {touched} {rows}; RETURN NULL; END $$")
        head = f'CREATE OR REPLACE TRIGGER {function} AFTER {event.upper()} ON "{table}" REFERENCING {tables}'
        statements.append(f"{head} FOR EACH STATEMENT EXECUTE FUNCTION {function}()")
    return statements


def _sqlite(name: str, table: str, kind: str, key: str, columns: list[str]) -> list[str]:
    """A mark for each row; a row that moved marks where it was as well."""
    differs = " OR ".join(f'OLD."{each}" IS NOT NEW."{each}"' for each in dict.fromkeys([key, *columns]))
    touched = f"INSERT INTO search_touched (kind, key) SELECT '{kind}',"
    statements = []
    for event, rows, when in (
        ("insert", ("NEW",), ""),
        ("update", ("NEW", "OLD"), f" WHEN {differs}" if columns else ""),
        ("delete", ("OLD",), ""),
    ):
        marks = " ".join(f'{touched} {row}."{key}" WHERE {row}."{key}" IS NOT NULL;' for row in rows)
        statements.append(f'DROP TRIGGER IF EXISTS "{name}_{event}"')
        head = f'CREATE TRIGGER "{name}_{event}" AFTER {event.upper()} ON "{table}"{when}'
        statements.append(f"{head} BEGIN {marks} END")
    return statements
