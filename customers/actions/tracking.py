"""Take in what a carrier reports: keep the report, find its shipment, add the scans, and let the shipment's status follow.

Called by the hooks, the import and the poll. Late, repeated and out-of-order reports are harmless: a scan is one row
however often it is told, and the status is that of the newest scan, whenever it arrived.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions import reminders
from customers.carriers import DIALECTS, Scan, Told
from customers.models import Order, Shipment, TrackingEvent, TrackingReport
from customers.models.shipment import TrackingStatus as Status

FUTURE = dt.timedelta(minutes=15)  # how far a carrier's clock may be ahead of ours
HANDED_OVER = (Status.SIGNED, Status.SIGNED_BY_OTHER)
# Of two scans in the same second the one further along the way counts.
_FURTHER = {status: place for place, status in enumerate(Status.values)}


@transaction.atomic
def report(source: str, payload: Mapping[str, Any], *, actor: Actor) -> TrackingReport:
    """Keep a report in the dialect `source` and place it. The same report again changes nothing.

    What finds no shipment waits for somebody; a report with a scan in the future is not believed as a whole. Raises
    `BadReport` for what cannot be read; then nothing is kept, and the sender is told.
    """
    check(actor, "shipment.track")
    told = DIALECTS[source](payload)
    key = hashlib.sha256(json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    now = clock.now()
    kept, new = TrackingReport.objects.get_or_create(
        source=source,
        key=key,
        defaults={
            "carrier": told.carrier, "number": told.number, "received_at": now, "body": payload,
            "state": TrackingReport.State.UNPLACED,
        },
    )  # fmt: skip
    if new:
        _place(kept, told, actor=actor, now=now)
    return kept


@transaction.atomic
def place_report(report_id: int, *, actor: Actor, shipment_id: int | None = None) -> TrackingReport:
    """Try again to place a report, or put it on the shipment somebody chose. A placed one stays where it is."""
    kept: TrackingReport | None = (
        TrackingReport.objects.visible_to(actor).select_for_update().filter(pk=report_id).first()
    )
    if kept is None:
        raise NotFound
    check(actor, "shipment.track")
    if kept.state == TrackingReport.State.PLACED:
        return kept
    chosen = None
    if shipment_id is not None:
        chosen = Shipment.objects.filter(pk=shipment_id).first()
        if chosen is None:
            raise NotFound
    _place(kept, DIALECTS[kept.source](kept.body), actor=actor, now=clock.now(), chosen=chosen)
    return kept


def _place(kept: TrackingReport, told: Told, *, actor: Actor, now: dt.datetime, chosen: Shipment | None = None) -> None:
    shipments, why = ([chosen], "") if chosen else _shipments_of(told)
    if any(scan.at > now + FUTURE for scan in told.scans):
        kept.state, kept.why = TrackingReport.State.REFUSED, TrackingReport.Why.FUTURE
    elif why:
        kept.state, kept.why = TrackingReport.State.UNPLACED, why
    else:
        kept.state, kept.why = TrackingReport.State.PLACED, TrackingReport.Why.NOTHING
        kept.shipments.set(shipments)
    kept.save(update_fields=["state", "why"])
    if kept.state != TrackingReport.State.PLACED:
        record("tracking.unplaced", on=kept, actor=actor, at=now, number=kept.number, why=kept.get_why_display())
        return
    for shipment in shipments:
        _add(shipment.pk, told.scans, actor=actor, now=now)


def _shipments_of(told: Told) -> tuple[list[Shipment], str]:
    """The shipments of that number, several only where one parcel holds several orders of one person; else why not."""
    found = list(Shipment.objects.filter(number=told.number).select_related("order").order_by("pk"))
    if not found:
        return [], TrackingReport.Why.UNKNOWN
    same = [each for each in found if not told.carrier or not each.carrier or each.carrier == told.carrier]
    if not same:
        return [], TrackingReport.Why.OTHER_CARRIER
    if len({each.order.person_id for each in same}) > 1:
        return [], TrackingReport.Why.CLAIMED_TWICE
    return same, ""


def _add(shipment_id: int, scans: tuple[Scan, ...], *, actor: Actor, now: dt.datetime) -> None:
    shipment = Shipment.objects.select_for_update().get(pk=shipment_id)
    TrackingEvent.objects.bulk_create(
        [TrackingEvent(shipment=shipment, at=scan.at, status=scan.status, text=scan.text) for scan in scans],
        ignore_conflicts=True,
    )
    rows = list(shipment.tracking.values_list("at", "status"))
    if not rows:
        return
    newest_at, status = max(rows, key=lambda row: (row[0], _FURTHER[row[1]]))
    was = shipment.status
    shipment.status = status
    travelled = [at for at, each in rows if each != Status.CREATED]
    if travelled:
        shipment.shipped_at = min([*travelled, *([shipment.shipped_at] if shipment.shipped_at else [])])
    taken = [at for at, each in rows if each in HANDED_OVER]
    if taken:
        shipment.signed_at = min([*taken, *([shipment.signed_at] if shipment.signed_at else [])])
    shipment.save(update_fields=["status", "shipped_at", "signed_at"])
    if taken:
        _deliver(shipment.order_id)
    if status != was:
        record(
            "shipment.moved", on=shipment, actor=actor, at=now, status=status, was=was, scanned_at=newest_at.isoformat()
        )
    reminders.follow(shipment, scanned_at=newest_at, moved=status != was, now=now)


def _deliver(order_id: int) -> None:
    """An order is delivered when its last parcel was handed over: from then on the periods of its return run."""
    order = Order.objects.select_for_update().get(pk=order_id)
    signed = [shipment.signed_at for shipment in order.shipments.all()]
    if order.delivered_at is None and order.status == Order.Status.SHIPPED and None not in signed:
        order.status, order.delivered_at = Order.Status.DELIVERED, max(at for at in signed if at)
        order.save(update_fields=["status", "delivered_at"])
