"""Tables of which much is planned ahead are looked at seldom, for each look makes every connection plan anew.

A planned statement (`planned.py`) holds until PostgreSQL has analysed or vacuumed one of its tables. By itself it does so
within a minute of some fifty changed rows, which in a small shop is every minute of a working day; the statement of a ticket's
page names thirty tables, and planning it takes longer than drawing the page.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

CHANGES = 2_000  # rows, beside the tenth of a table (to vacuum it the fifth) that PostgreSQL waits for in any case
_WAITS = ("autovacuum_analyze_threshold", "autovacuum_vacuum_threshold", "autovacuum_vacuum_insert_threshold")


def seldom(*tables: str) -> RunPython:
    """A step of a migration: these tables are analysed and vacuumed after `CHANGES` more rows. SQLite does neither by itself."""

    def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _alter(editor, f"SET ({', '.join(f'{name} = {CHANGES}' for name in _WAITS)})")

    def unmake(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _alter(editor, f"RESET ({', '.join(_WAITS)})")

    def _alter(editor: BaseDatabaseSchemaEditor, how: str) -> None:
        if editor.connection.vendor == "postgresql":
            for table in tables:
                editor.execute(f"ALTER TABLE {editor.quote_name(table)} {how}")

    return RunPython(make, unmake)
