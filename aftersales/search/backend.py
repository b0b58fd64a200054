"""The SQL in which Postgres and SQLite differ, both forms side by side. Used by `index`, `lookup` and the migration.

Postgres keeps tokens as an array under a GIN index; SQLite as words in a full-text table that follows `search_entry`.
"""

from __future__ import annotations

from collections.abc import Collection

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


def has_all(tokens: Collection[int]) -> tuple[str, list[str]]:
    """A condition that the text index answers: all of these tokens."""
    if connection.vendor == "postgresql":
        return "tokens @> %s::bigint[]", [written(tokens, "postgresql")]
    return _matching(" AND ".join(f'"{token:x}"' for token in sorted(tokens)))


def has_any(tokens: Collection[int]) -> tuple[str, list[str]]:
    """A condition that the text index answers: at least one of these tokens."""
    if connection.vendor == "postgresql":
        return "tokens && %s::bigint[]", [written(tokens, "postgresql")]
    return _matching(" OR ".join(f'"{token:x}"' for token in sorted(tokens)))


def _matching(question: str) -> tuple[str, list[str]]:
    return "id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)", [question]


def row_has_all(tokens: Collection[int]) -> tuple[str, list[str]]:
    """The same condition, asked of rows that are at hand, without the text index."""
    if connection.vendor == "postgresql":
        return has_all(tokens)
    asked = [f" {token:x} " for token in sorted(tokens)]
    return " AND ".join(["instr(' ' || tokens || ' ', %s) > 0"] * len(asked)), asked


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
