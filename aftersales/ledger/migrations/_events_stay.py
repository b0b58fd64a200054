"""The database itself refuses to change or delete an event, whoever asks: page, shell or a careless UPDATE by hand.

TRUNCATE stays possible on Postgres, where only the owner of the table may do it. Whoever alters `ledger_event` later
must create the SQLite triggers again: SQLite copies an altered table and drops its triggers (a test watches this).
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSALS: dict[str, tuple[str, ...]] = {
    "postgresql": (
        """CREATE FUNCTION ledger_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'An event is never changed or deleted.' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER ledger_event_stays BEFORE UPDATE OR DELETE ON ledger_event
           FOR EACH ROW EXECUTE FUNCTION ledger_event_stays()""",
    ),
    "sqlite": (
        """CREATE TRIGGER ledger_event_not_changed BEFORE UPDATE ON ledger_event
           BEGIN SELECT RAISE(ABORT, 'An event is never changed or deleted.'); END""",
        """CREATE TRIGGER ledger_event_not_deleted BEFORE DELETE ON ledger_event
           BEGIN SELECT RAISE(ABORT, 'An event is never changed or deleted.'); END""",
    ),
}
RELEASES: dict[str, tuple[str, ...]] = {
    "postgresql": ("DROP TRIGGER ledger_event_stays ON ledger_event", "DROP FUNCTION ledger_event_stays()"),
    "sqlite": ("DROP TRIGGER ledger_event_not_changed", "DROP TRIGGER ledger_event_not_deleted"),
}


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REFUSALS[editor.connection.vendor]:
        editor.execute(statement)


def release(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in RELEASES[editor.connection.vendor]:
        editor.execute(statement)
