"""Only words may go from an event: a value of its data may become a dash where people write into it, and nowhere else.

`_events_lose_words.py`, narrowed. Whoever alters `ledger_event` later must create the SQLite triggers again, this one among
them; whoever declares further `words` lets them go by a migration of their own, as `tests/ledger/test_events.py` says.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from aftersales.ledger.migrations import _events_lose_words

# Event and key, as `declare(…, words=…)` had them.
WORDS = (
    "checklist.left_out why", "complaint.apology_waived reason", "complaint.escalated reason",
    "complaint.escalation_settled outcome", "complaint.interim_given text", "complaint.planned text", "contact.added contact",
    "contact.removed contact", "file.hidden why", "person.added contact", "proof.code_requested contact", "ticket.changed now",
    "ticket.changed was", "ticket.closed promised", "ticket.filled_in now", "ticket.filled_in was", "ticket.promise_broken text",
    "ticket.step_refused step", "ticket.step_refused why", "ticket.waits why", "visit.cancelled why_words",
)  # fmt: skip


def _letting(words: Collection[str]) -> dict[str, tuple[str, ...]]:
    listed = ", ".join(f"'{each}'" for each in words)
    return {
        "postgresql": (
            f"""CREATE OR REPLACE FUNCTION ledger_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
               BEGIN
                 IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data' AND NOT EXISTS (
                   SELECT 1 FROM jsonb_each(OLD.data) o FULL JOIN jsonb_each(NEW.data) n ON n.key = o.key
                   WHERE o.key IS NULL OR n.key IS NULL
                     OR (n.value <> o.value AND (n.value <> '"–"'::jsonb OR OLD.name || ' ' || o.key NOT IN ({listed})))
                 ) THEN RETURN NEW; END IF;
                 RAISE EXCEPTION 'An event is never changed or deleted.' USING ERRCODE = 'restrict_violation';
               END $$""",
        ),
        "sqlite": (
            "DROP TRIGGER ledger_event_not_changed",
            f"""CREATE TRIGGER ledger_event_not_changed BEFORE UPDATE ON ledger_event
               WHEN NEW.id IS NOT OLD.id OR NEW.name IS NOT OLD.name OR NEW.subject_type IS NOT OLD.subject_type
                 OR NEW.subject_id IS NOT OLD.subject_id OR NEW.actor_kind IS NOT OLD.actor_kind
                 OR NEW.actor_id IS NOT OLD.actor_id OR NEW.actor_label IS NOT OLD.actor_label OR NEW.at IS NOT OLD.at
                 OR (SELECT COUNT(*) FROM json_each(NEW.data)) <> (SELECT COUNT(*) FROM json_each(OLD.data))
                 OR EXISTS (
                   SELECT 1 FROM json_each(OLD.data) o LEFT JOIN json_each(NEW.data) n ON n.key = o.key
                   WHERE n.key IS NULL OR ((n.value IS NOT o.value OR n.type IS NOT o.type)
                     AND (n.value IS NOT '–' OR OLD.name || ' ' || o.key NOT IN ({listed})))
                 )
               BEGIN SELECT RAISE(ABORT, 'An event is never changed or deleted.'); END""",
        ),
    }


def let(apps: StateApps, editor: BaseDatabaseSchemaEditor, words: Collection[str] = WORDS) -> None:
    for statement in _letting(words)[editor.connection.vendor]:
        editor.execute(statement)


def let_all(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _events_lose_words.let(apps, editor)
