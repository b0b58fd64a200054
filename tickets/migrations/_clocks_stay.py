"""The database itself keeps what clocks came to: versions of policies, segments, and clocks that have ended.

A clock that has ended may only go on, and only until its `final_at`; see `tickets/models/clock.py`. Whoever alters one of
these tables later must create the SQLite triggers again: SQLite copies an altered table and drops its triggers (a test
watches this).
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ENDED = "OLD.state IN ('met', 'missed', 'void')"
GOES_ON = """(NEW.state = 'paused' AND NEW.stopped_at IS NULL AND NEW.resumed_at <= OLD.final_at
    AND NEW.ticket_id = OLD.ticket_id AND NEW.metric = OLD.metric AND NEW.cycle = OLD.cycle
    AND NEW.target_s = OLD.target_s AND NEW.started_at = OLD.started_at
    AND NEW.policy_version_id = OLD.policy_version_id AND NEW.calendar_version_id = OLD.calendar_version_id)"""
ON_ENDED = "EXISTS (SELECT 1 FROM tickets_clock c WHERE c.id = NEW.clock_id AND c.state IN ('met', 'missed', 'void'))"
# (name, table, when, condition, what is said)
RULES = (
    ("clock_ended_stays", "tickets_clock", "UPDATE", f"{ENDED} AND NOT COALESCE({GOES_ON}, {{false}})",
     "A clock that has ended is never changed."),
    ("clock_not_deleted", "tickets_clock", "DELETE", "", "A clock is never deleted."),
    ("clocksegment_not_changed", "tickets_clocksegment", "UPDATE", "", "What happened to a clock is never changed."),
    ("clocksegment_not_deleted", "tickets_clocksegment", "DELETE", "", "What happened to a clock is never deleted."),
    ("clocksegment_of_open", "tickets_clocksegment", "INSERT", ON_ENDED, "Nothing happens to a clock that has ended."),
    ("policyversion_not_changed", "tickets_policyversion", "UPDATE", "", "A version of a policy is never changed."),
    ("policyversion_not_deleted", "tickets_policyversion", "DELETE", "", "A version of a policy is never deleted."),
)  # fmt: skip


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    for name, table, when, condition, says in RULES:
        only = f"WHEN ({condition.format(false='FALSE' if postgres else '0')})" if condition else ""
        name = f"tickets_{name}"
        if not postgres:
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} {only} BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
            continue
        # A condition of a Postgres trigger may not ask another table, so the function asks.
        asks = f"IF {only[6:-1]} THEN " if only else ""
        editor.execute(
            f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN {asks}RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation'; {"END IF; " if asks else ""}
                RETURN NEW; END $$"""
        )
        editor.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def release(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for name, table, _when, _condition, _says in RULES:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER tickets_{name} ON {table}")
            editor.execute(f"DROP FUNCTION tickets_{name}()")
        else:
            editor.execute(f"DROP TRIGGER tickets_{name}")
