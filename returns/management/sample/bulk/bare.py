"""Load tables without their indexes and foreign keys and put both back at the end: a third of the work on Postgres.

Everything happens in the caller's transaction, so that the tables are never seen bare, and a load that is cut off
leaves them as they were. Check and unique constraints stay: a row that breaks one fails at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from django.db import connection

_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique
"""
# A verdict's facts are packed in a third of the time and to the same size; not every server was built with it.
_QUICK_COMPRESSION = """
    SELECT set_config(name, 'lz4', true) FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)
"""


@contextlib.contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Names of tables, as the database has them. On SQLite nothing is taken off: its rows cost little either way."""
    if connection.vendor != "postgresql":
        yield
        return
    quoted = [connection.ops.quote_name(table) for table in tables]
    with connection.cursor() as cursor:
        # What the transaction has deferred so far must be settled before a table may be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(_QUICK_COMPRESSION)
        cursor.execute(_FOREIGN_KEYS, [quoted])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [quoted])
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
    yield
    with connection.cursor() as cursor:
        for _index, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
