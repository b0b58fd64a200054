"""An event may lose words, and nothing else of it changes: the database lets a value of its data become a dash.

That is what erasing somebody takes out of the events about them (`aftersales/ledger/forgetting.py`). Deleting stays refused by
`_events_stay.py`. Whoever alters `ledger_event` later must create the SQLite triggers again, this one among them.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from aftersales.ledger.migrations import _events_stay

LETS: dict[str, tuple[str, ...]] = {
    "postgresql": (
        """CREATE OR REPLACE FUNCTION ledger_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data' AND NOT EXISTS (
               SELECT 1 FROM jsonb_each(OLD.data) o FULL JOIN jsonb_each(NEW.data) n ON n.key = o.key
               WHERE o.key IS NULL OR n.key IS NULL OR (n.value <> o.value AND n.value <> '"–"'::jsonb)
             ) THEN RETURN NEW; END IF;
             RAISE EXCEPTION 'An event is never changed or deleted.' USING ERRCODE = 'restrict_violation';
           END $$""",
    ),
    "sqlite": (
        "DROP TRIGGER ledger_event_not_changed",
        """CREATE TRIGGER ledger_event_not_changed BEFORE UPDATE ON ledger_event
           WHEN NEW.id IS NOT OLD.id OR NEW.name IS NOT OLD.name OR NEW.subject_type IS NOT OLD.subject_type
             OR NEW.subject_id IS NOT OLD.subject_id OR NEW.actor_kind IS NOT OLD.actor_kind
             OR NEW.actor_id IS NOT OLD.actor_id OR NEW.actor_label IS NOT OLD.actor_label OR NEW.at IS NOT OLD.at
             OR (SELECT COUNT(*) FROM json_each(NEW.data)) <> (SELECT COUNT(*) FROM json_each(OLD.data))
             OR EXISTS (
               SELECT 1 FROM json_each(OLD.data) o LEFT JOIN json_each(NEW.data) n ON n.key = o.key
               WHERE n.key IS NULL OR ((n.value IS NOT o.value OR n.type IS NOT o.type) AND n.value IS NOT '–')
             )
           BEGIN SELECT RAISE(ABORT, 'An event is never changed or deleted.'); END""",
    ),
}


def let(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in LETS[editor.connection.vendor]:
        editor.execute(statement)


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _events_stay.release(apps, editor)
    _events_stay.refuse(apps, editor)
