"""The SQL in which Postgres and SQLite differ, both forms side by side. Used by `index`, `lookup` and the migration.

Postgres keeps tokens as an array under a GIN index; SQLite as words in a full-text table that follows `search_entry`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from django.db import connection, transaction

from aftersales.search.fields import written

_GIN = "CREATE INDEX {}search_entry_tokens ON search_entry USING gin (tokens) WITH (gin_pending_list_limit = 1024)"
MADE: dict[str, tuple[str, ...]] = {
    "postgresql": (
        "ALTER TABLE search_entry ALTER COLUMN tokens SET STORAGE EXTERNAL",  # numbers without a pattern do not shrink
        _GIN.format(""),
    ),
    "sqlite": (
        """CREATE VIRTUAL TABLE search_words USING fts5(
           tokens, content='search_entry', content_rowid='id', tokenize='ascii', detail=none, columnsize=0)""",
        """CREATE TRIGGER entry_words_insert AFTER INSERT ON search_entry BEGIN
           INSERT INTO search_words (rowid, tokens) VALUES (NEW.id, NEW.tokens); END""",
        """CREATE TRIGGER entry_words_delete AFTER DELETE ON search_entry BEGIN
           INSERT INTO search_words (search_words, rowid, tokens) VALUES ('delete', OLD.id, OLD.tokens); END""",
        """CREATE TRIGGER entry_words_update AFTER UPDATE ON search_entry BEGIN
           INSERT INTO search_words (search_words, rowid, tokens) VALUES ('delete', OLD.id, OLD.tokens);
           INSERT INTO search_words (rowid, tokens) VALUES (NEW.id, NEW.tokens); END""",
    ),
}
UNMADE: dict[str, tuple[str, ...]] = {
    "postgresql": ("DROP INDEX search_entry_tokens",),
    "sqlite": (
        "DROP TRIGGER entry_words_insert",
        "DROP TRIGGER entry_words_delete",
        "DROP TRIGGER entry_words_update",
        "DROP TABLE search_words",
    ),
}
_LOCK = 0x5EA2C4  # one writer of the index at a time: a late one would write older words over newer ones


class Condition(NamedTuple):
    """A condition on entries with one parameter, and what that is for some tokens."""

    sql: str
    value: Callable[[Collection[int]], str]


def has_all() -> Condition:
    """All of the tokens; the text index answers it."""
    return _HAS_ALL[connection.vendor]


def has_any() -> Condition:
    """At least one of the tokens; the text index answers it."""
    return _HAS_ANY[connection.vendor]


def row_has_all() -> Condition:
    """All of the tokens, asked of rows that are at hand: the text index is never looked into."""
    return _ROW_HAS_ALL[connection.vendor]


def _array(tokens: Collection[int]) -> str:
    return written(tokens, "postgresql")


def _words(tokens: Collection[int], by: str) -> str:
    return by.join(f'"{token:x}"' for token in sorted(tokens))


_MATCHING = "id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)"
_HAS_ALL = {
    "postgresql": Condition("tokens @> %s::bigint[]", _array),
    "sqlite": Condition(_MATCHING, partial(_words, by=" AND ")),
}
_HAS_ANY = {
    "postgresql": Condition("tokens && %s::bigint[]", _array),
    "sqlite": Condition(_MATCHING, partial(_words, by=" OR ")),
}
_ROW_HAS_ALL = {
    "postgresql": Condition("(tokens @> %s::bigint[]) IS TRUE", _array),
    "sqlite": Condition(
        "NOT EXISTS (SELECT 1 FROM json_each('[' || %s || ']') WHERE instr(' ' || tokens || ' ', ' ' || value || ' ') = 0)",
        partial(_words, by=", "),
    ),
}


def undress() -> None:
    """Take the text index off before very many entries are written. On SQLite it stays: it is written with the entries."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS search_entry_tokens")


def dress() -> None:
    """Put the text index on again, where it was taken off, in one go over all entries."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute(_GIN.format("IF NOT EXISTS "))
            cursor.execute("ANALYZE search_entry")
        else:
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")


def take_turn(*, wait: bool) -> bool:
    """Be the only writer of the index until the transaction ends; without `wait` say whether nobody else is.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
