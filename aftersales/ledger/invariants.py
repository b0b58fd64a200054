"""What must hold of everything due: nothing forgotten, early, sent for another reason or held for ever."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.ledger import catalogue, sending, stops
from aftersales.ledger.fingerprint import fingerprint
from aftersales.ledger.models import DailyRun, Delivery, Event, Outbound, Stop, Timer
from aftersales.ledger.selfcheck import LOOK_BACK, Broken, must_hold

OVERDUE = dt.timedelta(seconds=120)
LEASE_OVER = dt.timedelta(minutes=5)
SENDING_OVER = dt.timedelta(minutes=10)
UNHEARD_OVER = dt.timedelta(minutes=2)
MOST_PAYLOADS = 2_000


@must_hold(
    "I1",
    _("What was due two minutes ago is done, called off or set aside."),
    _("See the last passes: start the worker, the beat or “manage.py sweep --loop”, then more workers."),
)
def overdue(now: dt.datetime) -> Broken:
    stopped = stops.standing()
    if Stop.RESTORED in stopped:
        return [_free(Delivery.objects.pending(), now)]
    timers = _free(Timer.objects.pending().filter(stops.timers_free(stopped), paused_at=None), now)
    return [timers, _free(Delivery.objects.pending(), now), _free(DailyRun.objects.pending(), now)]


def _free(rows: QuerySet[Any], now: dt.datetime) -> QuerySet[Any]:
    """Overdue, and no worker is at it."""
    return rows.filter(Q(lease_until=None) | Q(lease_until__lt=now), due_at__lt=now - OVERDUE).order_by("due_at")


@must_hold(
    "I2",
    _("Nothing was done before it was due."),
    _("Compare the clocks of the workers with the database's below, and tell whoever keeps the program."),
)
def early(now: dt.datetime) -> Broken:
    lately = {"status": "done", "done_at__gt": now - LOOK_BACK, "done_at__lt": F("due_at")}
    return [model.objects.filter(**lately) for model in (Timer, Delivery, DailyRun)]


@must_hold(
    "I7",
    _("Every event has been handed to each of its listeners or is waiting for them."),
    _("Open the event: what should have followed it (a message, a timer) has to be done by hand."),
)
def unheard(now: dt.datetime) -> Broken:
    """A listener that is new with a release, or new to one event, counts from the first of these it heard."""
    since = now - LOOK_BACK
    heard_of = (
        Delivery.objects.filter(event__at__gt=since).values("listener", "event__name").annotate(first=Min("event_id"))
    )
    first = {(row["listener"], row["event__name"]): row["first"] for row in heard_of}
    found = []
    for name in catalogue.event_types():
        for listener in catalogue.listeners_of(name):
            if (listener, name) in first:
                events = Event.objects.filter(name=name, at__gt=since, at__lt=now - UNHEARD_OVER)
                heard = Delivery.objects.filter(listener=listener, event_id=OuterRef("pk"))
                found.append(events.filter(~Exists(heard), pk__gt=first[listener, name]))
    return found


@must_hold(
    "I10",
    _("What was sent is what was first queued under its key."),
    _("Compare the message with its event; ask the receiver what arrived."),
)
def altered(now: dt.datetime) -> Broken:
    """The key itself is unique in the database. Payloads blanked after sending keep the hash of what was sent."""
    rows = Outbound.objects.filter(status="done", done_at__gt=now - LOOK_BACK).order_by("-done_at")
    return [
        [
            row for row in rows[:MOST_PAYLOADS]
            if not row.payload.get("blanked") and fingerprint(row.payload) != row.payload_sha256
        ]
    ]  # fmt: skip


@must_hold(
    "I11",
    _("No row is held by a worker that is gone, and nothing is being sent for ten minutes."),
    _("Start a worker; if one runs, end it and start it again: its rows go to the next."),
)
def held(now: dt.datetime) -> Broken:
    stopped = stops.standing()
    late = {"lease_until__lt": now - LEASE_OVER}
    ours = [Delivery] if Stop.RESTORED in stopped else [Delivery, Timer, DailyRun]
    leaving = Outbound.objects.pending().filter(sending.free(now, stopped))
    begun = Q(sending_since__lt=now - SENDING_OVER, due_at__lt=now - SENDING_OVER)
    lost = Q(lease_until__lt=now - LEASE_OVER)
    return [*(model.objects.pending().filter(**late) for model in ours), leaving.filter(lost | begun)]
