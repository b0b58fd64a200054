"""Put scans on their shipment and let its status, its order and its reminders follow. Called by `tracking.py`.

The end is the same in whatever order scans arrive: the newest one gives the status, the earliest of its kind the day of
dispatch and of the hand-over, and what the newest has set going an older one does not touch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from aftersales.kernel.actor import Actor
from aftersales.ledger.record import record
from customers.actions import reminders
from customers.carriers import Scan
from customers.models import Order, Shipment, TrackingEvent
from customers.models.shipment import TrackingStatus as Status

HANDED_OVER = (Status.SIGNED, Status.SIGNED_BY_OTHER)
# Of two scans in the same second the one further along the way counts.
_FURTHER = {status: place for place, status in enumerate(Status.values)}
_Told = tuple[dt.datetime, str]


def add_scans(scans: Mapping[Shipment, Iterable[Scan]], *, actor: Actor, now: dt.datetime) -> None:
    """Add what is new. In the caller's transaction, with the shipments locked and their orders read with them."""
    if not scans:
        return
    before: dict[int, set[_Told]] = {shipment.pk: set() for shipment in scans}
    rows = TrackingEvent.objects.filter(shipment__in=before).order_by().values_list("shipment_id", "at", "status")
    for pk, at, status in rows:
        before[pk].add((at, status))
    fresh = {
        (shipment.pk, scan.at, scan.status): TrackingEvent(
            shipment_id=shipment.pk, at=scan.at, status=scan.status, text=scan.text
        )
        for shipment, told in scans.items()
        for scan in reversed(list(told))  # of the same scan with two texts the first one told stays
        if (scan.at, scan.status) not in before[shipment.pk]
    }
    TrackingEvent.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    after = {pk: set(told) for pk, told in before.items()}
    for pk, at, status in fresh:
        after[pk].add((at, status))
    for shipment in sorted(scans, key=lambda each: (each.order_id, each.pk)):  # the order in which orders are locked
        _move(shipment, before[shipment.pk], after[shipment.pk], actor=actor, now=now)


def _move(shipment: Shipment, before: set[_Told], told: set[_Told], *, actor: Actor, now: dt.datetime) -> None:
    if not told:
        return
    newest = max(told, key=_by_time)
    was = {name: getattr(shipment, name) for name in ("status", "shipped_at", "signed_at")}
    shipment.status = newest[1]
    shipment.shipped_at = _first([at for at, status in told if status != Status.CREATED], shipment.shipped_at)
    shipment.signed_at = _first([at for at, status in told if status in HANDED_OVER], shipment.signed_at)
    changed = [name for name, value in was.items() if getattr(shipment, name) != value]
    if changed:
        shipment.save(update_fields=changed)
    if shipment.signed_at and (shipment.order.status == Order.Status.SHIPPED or "signed_at" in changed):
        _deliver(shipment, signed_before=was["signed_at"])
    moved = "status" in changed
    if moved:
        at = newest[0].isoformat()
        record("shipment.moved", on=shipment, actor=actor, at=now, status=newest[1], was=was["status"], scanned_at=at)
    if moved or not before or newest != max(before, key=_by_time):
        reminders.follow(shipment, scanned_at=newest[0], moved=moved, now=now)


def _by_time(told: _Told) -> tuple[dt.datetime, int]:
    return told[0], _FURTHER[told[1]]


def _first(told: list[dt.datetime], known: dt.datetime | None) -> dt.datetime | None:
    """An import may know of an earlier one than the carrier tells."""
    return min([*told, *([known] if known else [])], default=None)


def _deliver(shipment: Shipment, *, signed_before: dt.datetime | None) -> None:
    """An order is delivered when its last parcel was handed over: from then on the periods of its return run.

    A scan of an earlier hand-over that comes late takes the day back with it, where the day was this parcel's.
    """
    order = Order.objects.select_for_update().get(pk=shipment.order_id)
    others = [each.signed_at for each in order.shipments.exclude(pk=shipment.pk)]
    if shipment.signed_at is None or None in others:
        return
    signed = max([shipment.signed_at, *(at for at in others if at)])
    if order.delivered_at is None and order.status == Order.Status.SHIPPED:
        order.status, order.delivered_at = Order.Status.DELIVERED, signed
        order.save(update_fields=["status", "delivered_at"])
    elif signed_before and order.delivered_at == max([signed_before, *(at for at in others if at)]) != signed:
        order.delivered_at = signed
        order.save(update_fields=["delivered_at"])
