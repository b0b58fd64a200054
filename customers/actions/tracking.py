"""Take in what a carrier reports: keep the report, find its shipment, and let the scans move it (`scanning.py`).

Called by the hooks, the import and the poll. Late, repeated and out-of-order reports are harmless: a scan is one row
however often it is told, and the status is that of the newest scan, whenever it arrived.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.scanning import add_scans
from customers.carriers import DIALECTS, BadReport, Scan, Told, read
from customers.models import Shipment, TrackingReport
from customers.models.shipment import TrackingStatus

FUTURE = dt.timedelta(minutes=15)  # how far a carrier's clock may be ahead of ours
State, Why = TrackingReport.State, TrackingReport.Why
ARRIVED = (TrackingStatus.SIGNED, TrackingStatus.SIGNED_BY_OTHER, TrackingStatus.RETURNED)
_Link = TrackingReport.shipments.through


def report(source: str, payload: Mapping[str, Any], *, actor: Actor) -> TrackingReport:
    """Keep a report in the dialect `source` and place it. The same report again changes nothing.

    What finds no shipment waits for somebody; a report with a scan in the future is not believed as a whole. Raises
    `BadReport` for what cannot be read; then nothing is kept, and the sender is told.
    """
    kept = report_all(source, [payload], actor=actor)[0]
    if isinstance(kept, BadReport):
        raise kept
    return kept


@transaction.atomic
def report_all(source: str, payloads: Sequence[Mapping[str, Any]], *, actor: Actor) -> list[TrackingReport | BadReport]:
    """All reports of one call, in the order in which they were told; for one that cannot be read, why, and nothing is kept.

    One bad parcel does not hold up the others of its call: a service sends the same call again and again until it is taken.

    All shipments are locked first, in one order, before any order of goods is: two calls that name the same parcels the
    other way round wait for each other and do not die of it.
    """
    check(actor, "shipment.track")
    keys: list[str | BadReport] = []
    asked: list[tuple[str, Told, Mapping[str, Any]]] = []
    for payload in payloads:
        try:
            text, told = read(source, payload)
        except BadReport as error:
            keys.append(error)
        else:
            keys.append(key := hashlib.sha256(text.encode()).hexdigest())
            asked.append((key, told, payload))
    now = clock.now()
    parcels = _parcels({told.number for _, told, _ in asked})
    # Asked with the shipments locked: whoever else brings the same report waits there, and finds it here.
    same = TrackingReport.objects.filter(source=source, key__in=[key for key, *_ in asked]).defer("body").order_by()
    known = {each.key: each for each in same}
    fresh: list[tuple[TrackingReport, Told, list[Shipment]]] = []
    for key, told, payload in sorted(asked, key=lambda each: each[0]):
        if key in known:
            continue
        found = parcels.get(told.number, [])
        shipments, state, why = _judged(told, found, now)
        kept = TrackingReport(
            source=source, key=key, carrier=told.carrier, number=told.number, received_at=now, body=payload, state=state,
            why=why,
        )  # fmt: skip
        is_new = True
        if not found:  # no lock holds back whoever brings the same report at this moment; the unique key does
            kept, is_new = _get_or_keep(kept)
        known[key] = kept
        if is_new:
            fresh.append((kept, told, shipments))
    TrackingReport.objects.bulk_create([kept for kept, *_ in fresh if kept.pk is None])
    _follow(fresh, actor=actor, now=now)
    return [each if isinstance(each, BadReport) else known[each] for each in keys]


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
    told, now = DIALECTS[kept.source](kept.body), clock.now()
    if shipment_id is not None:
        found = list(_locked().filter(pk=shipment_id))
        if not found:
            raise NotFound
        shipments, state, why = found, *_believed(told, "", now)
    else:
        shipments, state, why = _judged(told, _parcels({told.number}).get(told.number, []), now)
    kept.state, kept.why = state, why
    kept.save(update_fields=["state", "why"])
    _follow([(kept, told, shipments)], actor=actor, now=now)
    return kept


def _locked() -> QuerySet[Shipment]:
    needed = ("carrier", "number", "status", "shipped_at", "signed_at", "order__status", "order__person_id")
    return Shipment.objects.select_for_update(of=("self",)).select_related("order").only(*needed).order_by("pk")


def _parcels(numbers: Iterable[str]) -> dict[str, list[Shipment]]:
    """The shipments of these numbers, locked."""
    found: dict[str, list[Shipment]] = {}
    for shipment in _locked().filter(number__in=sorted(numbers)):
        found.setdefault(shipment.number, []).append(shipment)
    return found


def _get_or_keep(fresh: TrackingReport) -> tuple[TrackingReport, bool]:
    told_of = {name: getattr(fresh, name) for name in ("carrier", "number", "received_at", "body", "state", "why")}
    return TrackingReport.objects.get_or_create(source=fresh.source, key=fresh.key, defaults=told_of)


def _follow(fresh: list[tuple[TrackingReport, Told, list[Shipment]]], *, actor: Actor, now: dt.datetime) -> None:
    """What comes of reports by their state: scans on their shipments, or a line for whoever looks after the rest."""
    scans: dict[Shipment, list[Scan]] = {}
    links = []
    for kept, told, shipments in fresh:
        if kept.state != State.PLACED:
            record("tracking.unplaced", on=kept, actor=actor, at=now, number=kept.number, why=kept.get_why_display())
            continue
        for shipment in shipments:
            _correct(shipment, told, actor=actor, now=now)
            links.append(_Link(trackingreport_id=kept.pk, shipment_id=shipment.pk))
            scans.setdefault(shipment, []).extend(told.scans)
    _Link.objects.bulk_create(links)
    add_scans(scans, actor=actor, now=now)
    for _kept, told, shipments in fresh:
        for shipment in shipments if _kept.state == State.PLACED and told.ended else ():
            _given_up(shipment, told, actor=actor, now=now)


def _correct(shipment: Shipment, told: Told, *, actor: Actor, now: dt.datetime) -> None:
    """The service found that another carrier has the parcel: it travels with that one from now on."""
    if not told.carrier_was or shipment.carrier != told.carrier_was:
        return
    twin = Shipment.objects.filter(order=shipment.order_id, carrier=told.carrier, number=shipment.number)
    if twin.exists():
        return
    shipment.carrier = told.carrier
    shipment.save(update_fields=["carrier"])
    record("shipment.recarried", on=shipment, actor=actor, at=now, was=told.carrier_was, carrier=told.carrier)


def _given_up(shipment: Shipment, told: Told, *, actor: Actor, now: dt.datetime) -> None:
    """Nobody tells of it any more: unless it has arrived, somebody asks the carrier."""
    if shipment.status not in ARRIVED:
        record("shipment.unfollowed", on=shipment, actor=actor, at=now, why=told.ended, chase=True)


def _judged(told: Told, found: list[Shipment], now: dt.datetime) -> tuple[list[Shipment], str, str]:
    """The shipments it is of, its state and why: several only where one parcel holds several orders of one person."""
    known = ("", told.carrier, told.carrier_was)
    same = [each for each in found if not told.carrier or each.carrier in known]
    if not found:
        why: str = Why.UNKNOWN
    elif not same:
        why = Why.OTHER_CARRIER
    else:
        why = Why.CLAIMED_TWICE if len({each.order.person_id for each in same}) > 1 else Why.NOTHING
    return same, *_believed(told, why, now)


def _believed(told: Told, why: str, now: dt.datetime) -> tuple[str, str]:
    if any(scan.at > now + FUTURE for scan in told.scans):
        return State.REFUSED, Why.FUTURE
    return (State.UNPLACED, why) if why else (State.PLACED, Why.NOTHING)
