"""The orders and parcels of one run in the database, and what became of them. Needs Django."""

import datetime as dt
from typing import Any

from bench.tracking_parts.stream import Stream

_AT_ONCE = 2_000


def number_of(run: str, place: int) -> str:
    """The tracking number of a parcel in a run."""
    return f"SF{run}{place:012d}"


def plant(run: str, stream: Stream, now: dt.datetime) -> None:
    """Orders that were shipped, with parcels nobody has scanned yet."""
    from customers.models import Order, Shipment
    from tests.world import a_person, a_shop

    shop, person = a_shop(), a_person(f"Buyer {run}", f"+861380000{ord(run):04d}", f"{run}@example.org".lower())
    orders = Order.objects.bulk_create(
        [
            Order(shop=shop, platform="bench", number=f"{run}-{place}", person=person, status="shipped", paid_minor=100,
                  placed_at=now - dt.timedelta(days=40), imported_at=now)
            for place in range(stream.parcels[-1].order + 1)
        ],
        _AT_ONCE,
    )  # fmt: skip
    Shipment.objects.bulk_create(
        [
            Shipment(order=orders[parcel.order], carrier="SF", number=number_of(run, place))
            for place, parcel in enumerate(stream.parcels)
        ],
        _AT_ONCE,
    )


def ends(run: str, stream: Stream, now: dt.datetime) -> list[dict[str, Any]]:
    """What is known of each parcel, in the order of the stream: its row, its order's, its scans, and what is set for later.

    A timer that is due by `now` is told as due, because its instant is that of the call that set it.
    """
    from aftersales.ledger.models import Timer
    from customers.models import Shipment, TrackingEvent

    of_run = Shipment.objects.filter(order__number__startswith=f"{run}-")
    rows = list(of_run.select_related("order").order_by("number"))
    place = {row.pk: index for index, row in enumerate(rows)}
    found: list[dict[str, Any]] = [
        {"status": row.status, "shipped_at": row.shipped_at, "signed_at": row.signed_at,
         "delivered_at": row.order.delivered_at, "order": row.order.status, "scans": [], "timers": []}
        for row in rows
    ]  # fmt: skip
    scans = TrackingEvent.objects.filter(shipment__order__number__startswith=f"{run}-").order_by("at", "status")
    for shipment, at, status in scans.values_list("shipment_id", "at", "status").iterator():
        found[place[shipment]]["scans"].append((at, status))
    timers = Timer.objects.pending().filter(subject_type="customers.shipment").order_by("kind")
    for timer in timers.iterator():
        if timer.subject_id in place:
            due = None if timer.due_at <= now else timer.due_at
            found[place[timer.subject_id]]["timers"].append((timer.kind, timer.data, due))
    return found
