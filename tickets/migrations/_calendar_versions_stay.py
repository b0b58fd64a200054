"""The database itself refuses to change or delete a version of a calendar: clocks that ran by it must come to the same for ever.

Whoever alters `tickets_calendarversion` later must create the SQLite triggers again: SQLite copies an altered table and
drops its triggers (a test watches this).
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SAYS = "A version of a calendar is never changed or deleted."
REFUSALS: dict[str, tuple[str, ...]] = {
    "postgresql": (
        f"""CREATE FUNCTION tickets_calendarversion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER tickets_calendarversion_stays BEFORE UPDATE OR DELETE ON tickets_calendarversion
           FOR EACH ROW EXECUTE FUNCTION tickets_calendarversion_stays()""",
    ),
    "sqlite": (
        f"""CREATE TRIGGER tickets_calendarversion_not_changed BEFORE UPDATE ON tickets_calendarversion
           BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
        f"""CREATE TRIGGER tickets_calendarversion_not_deleted BEFORE DELETE ON tickets_calendarversion
           BEGIN SELECT RAISE(ABORT, '{SAYS}'); END""",
    ),
}
RELEASES: dict[str, tuple[str, ...]] = {
    "postgresql": (
        "DROP TRIGGER tickets_calendarversion_stays ON tickets_calendarversion",
        "DROP FUNCTION tickets_calendarversion_stays()",
    ),
    "sqlite": (
        "DROP TRIGGER tickets_calendarversion_not_changed",
        "DROP TRIGGER tickets_calendarversion_not_deleted",
    ),
}


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REFUSALS[editor.connection.vendor]:
        editor.execute(statement)


def release(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in RELEASES[editor.connection.vendor]:
        editor.execute(statement)
