"""Past closings and reopenings become rows, from the events that told of them; and what waits already waits since its last change."""

from django.conf import settings
from django.db import migrations
from django.db.models import F

_PIECE = 2000


def _rows(apps, event_name, model, field, value, known):
    """Write one row for each event of that name. An account that is gone leaves `by` empty."""
    Event = apps.get_model("ledger", "Event")
    users = set(apps.get_model(settings.AUTH_USER_MODEL).objects.values_list("pk", flat=True))
    events = Event.objects.filter(name=event_name, subject_type="tickets.ticket").order_by("id")
    kept = []
    for key, at, kind, who in events.values_list("subject_id", "at", "actor_kind", "actor_id").iterator(_PIECE):
        if key not in known:
            continue
        by = who if kind == "staff" and who in users else None
        kept.append(model(ticket_id=key, at=at, by_id=by, **{field: value(kind)}))
        if len(kept) >= _PIECE:
            model.objects.bulk_create(kept)
            kept = []
    model.objects.bulk_create(kept)


def forwards(apps, schema_editor):
    Ticket = apps.get_model("tickets", "Ticket")
    Closure, Reopening = apps.get_model("tickets", "Closure"), apps.get_model("tickets", "Reopening")
    Ticket.objects.filter(status="waiting", waiting_since=None).update(waiting_since=F("updated_at"))
    known = set(Ticket.objects.values_list("pk", flat=True).iterator(_PIECE))
    _rows(apps, "ticket.closed", Closure, "reason", lambda kind: "earlier" if kind == "staff" else "request_ended", known)
    _rows(apps, "ticket.reopened", Reopening, "cause", lambda kind: kind if kind in ("staff", "customer") else "request", known)
    # A closed ticket whose event is missing still has its closing time.
    bare = Ticket.objects.filter(status="closed", closures=None).values_list("pk", "closed_at")
    missing = [Closure(ticket_id=key, at=at, reason="earlier") for key, at in bare.iterator(_PIECE)]
    Closure.objects.bulk_create(missing, batch_size=_PIECE)


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0006_kinds_teams_tags_closures"),
        ("ledger", "0003_names_and_stuck"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
