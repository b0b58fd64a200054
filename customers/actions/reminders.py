"""Delivery reminders: what the customer is told of a parcel on its way, and what the shop does when it stands still.

Each reminder is a timer row: it waits out the quiet hours, also when a worker that was away comes round to it in them,
looks at the shipment again when it fires, and is told once for each parcel. What is no news any more is not told at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import timers
from aftersales.ledger.models import Event
from aftersales.ledger.record import record
from aftersales.ledger.subject import subject_of
from aftersales.notices.quiet import after_quiet
from customers.models import Shipment
from customers.models.shipment import TrackingStatus as Status

REMIND, STILL, UNCOLLECTED = "shipment.remind", "shipment.still", "shipment.uncollected"
FRESH = dt.timedelta(hours=24)  # an older scan, told late, is no news
STILL_AFTER = (48, 72)  # hours without a scan: first the customer hears of it, then somebody chases the carrier
UNCOLLECTED_AFTER = (1, 3)  # days at a station or in a locker

_KINDS = {
    Status.PICKED_UP: "dispatched",
    Status.IN_TRANSIT: "dispatched",  # the first that is told of many a parcel; not news of one that was told of before
    Status.OUT_FOR_DELIVERY: "arriving",
    Status.AT_STATION: "at_station",
    Status.SIGNED: "signed",
    Status.SIGNED_BY_OTHER: "signed",
    Status.EXCEPTION: "exception",
    Status.RETURNING: "returning",
}
_MOVING = (Status.PICKED_UP, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.EXCEPTION)


def follow(shipment: Shipment, *, scanned_at: dt.datetime, moved: bool, now: dt.datetime) -> None:
    """Set the timers that fit its newest scan, which was told just now. In the caller's transaction, with the shipment locked.

    What is to be said follows from that scan alone, so the order in which scans were told does not matter.
    """
    kind = _KINDS.get(Status(shipment.status))
    news = kind if kind and now - scanned_at <= FRESH and _is_news(shipment, kind, moved=moved) else None
    over = [STILL, UNCOLLECTED] + ([REMIND] if moved and news is None else [])
    if shipment.status in _MOVING:
        _watch(shipment, STILL, scanned_at + dt.timedelta(hours=STILL_AFTER[0]), now, step=0, instead_of=over)
    elif shipment.status == Status.AT_STATION:
        days = dt.timedelta(days=UNCOLLECTED_AFTER[0])
        _watch(shipment, UNCOLLECTED, scanned_at + days, now, step=0, instead_of=over)
    else:
        timers.cancel(*over, on=shipment)
        if shipment.status == Status.LOST_SUSPECTED and moved:
            record("shipment.stuck", on=shipment, actor=SYSTEM, at=now, hours=0, chase=True)
    if news is not None:
        _remind_at(shipment, news, after_quiet(now), now, until=None)


def _is_news(shipment: Shipment, kind: str, *, moved: bool) -> bool:
    """Whether the customer has not heard it: the same status again is no news then, and being on the way only at first."""
    told = Event.objects.filter(**subject_of(shipment), name="shipment.reminded")
    if shipment.status == Status.IN_TRANSIT:
        return not told.exists()
    return moved or not told.filter(data__kind__in=(kind, "late") if kind == "signed" else (kind,)).exists()


@transaction.atomic
def remind(shipment_id: int, kind: str, *, at: dt.datetime, useful_until: dt.datetime | None) -> None:
    """Tell the customer where the parcel is, if it still is there. One that came late comes with an apology, whichever of
    the orders in it was promised for an earlier day: they are told of it once.
    """
    shipment = Shipment.objects.select_for_update(of=("self",)).select_related("order").filter(pk=shipment_id).first()
    if shipment is None or _KINDS.get(Status(shipment.status)) != kind:
        return
    if (free_at := after_quiet(at)) > at:
        _remind_at(shipment, kind, free_at, at, until=useful_until)
        return
    if kind == "signed" and any(each.is_late for each in _same_parcel(shipment)):
        kind = "late"
    record("shipment.reminded", on=shipment, actor=SYSTEM, at=at, kind=kind, days=0)


@transaction.atomic
def uncollected(shipment_id: int, step: int, *, at: dt.datetime) -> None:
    """It still lies at the station: say so, and once more after some days."""
    shipment = Shipment.objects.select_for_update().filter(pk=shipment_id, status=Status.AT_STATION).first()
    if shipment is None:
        return
    if after_quiet(at) > at:
        _watch(shipment, UNCOLLECTED, at, at, step=step)
        return
    days = UNCOLLECTED_AFTER[step]
    record("shipment.reminded", on=shipment, actor=SYSTEM, at=at, kind="uncollected", days=days)
    if step + 1 < len(UNCOLLECTED_AFTER):
        further = dt.timedelta(days=UNCOLLECTED_AFTER[step + 1])
        _watch(shipment, UNCOLLECTED, _scanned_at(shipment) + further, at, step=step + 1)


@transaction.atomic
def still(shipment_id: int, step: int, *, at: dt.datetime) -> None:
    """No scan for so many hours: first the customer is told, then a ticket is opened to chase the carrier."""
    shipment = Shipment.objects.select_for_update().filter(pk=shipment_id, status__in=_MOVING).first()
    if shipment is None:
        return
    if after_quiet(at) > at:
        _watch(shipment, STILL, at, at, step=step)
        return
    hours, last = STILL_AFTER[step], step + 1 == len(STILL_AFTER)
    record("shipment.stuck", on=shipment, actor=SYSTEM, at=at, hours=hours, chase=last)
    if not last:
        further = dt.timedelta(hours=STILL_AFTER[step + 1])
        _watch(shipment, STILL, _scanned_at(shipment) + further, at, step=step + 1)


def _same_parcel(shipment: Shipment) -> list[Shipment]:
    """What this customer's orders have in the same parcel, the shipment itself among it."""
    if not shipment.number:
        return [shipment]
    same = Shipment.objects.filter(carrier=shipment.carrier, number=shipment.number)
    return list(same.filter(order__person=shipment.order.person_id).select_related("order"))


def _scanned_at(shipment: Shipment) -> dt.datetime:
    """Counted from the scan and not from when a worker came round to it."""
    return shipment.tracking.latest("at").at


def _remind_at(
    shipment: Shipment, kind: str, due_at: dt.datetime, now: dt.datetime, *, until: dt.datetime | None
) -> None:
    """What was put off once is news no longer for that."""
    timers.set_timer(REMIND, on=shipment, due_at=due_at, at=now, useful_until=until or due_at + FRESH, news=kind)


def _watch(
    shipment: Shipment, timer: str, due_at: dt.datetime, now: dt.datetime, *, step: int, instead_of: Iterable[str] = ()
) -> None:
    due_at = after_quiet(max(due_at, now))
    timers.set_timer(timer, on=shipment, due_at=due_at, at=now, instead_of=instead_of, step=step)
