"""Parcels of the small shop that are on their way: one arrives today, one waits at a station, one stands still."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from aftersales.kernel.actor import SYSTEM
from customers.actions.tracking import report
from customers.models import Order, Shipment

# Hours before now, status, and what the carrier writes.
_ROADS: tuple[tuple[tuple[float, str, str], ...], ...] = (
    ((30, "picked_up", "已揽收"), (20, "in_transit", "离开杭州转运中心"), (1, "out_for_delivery", "快递员正在派送")),
    ((60, "picked_up", "已揽收"), (26, "at_station", "已放入丰巢快递柜，请凭取件码领取")),
    ((100, "picked_up", "已揽收"), (80, "in_transit", "到达郑州转运中心")),
)


def parcel_steps(
    orders: Sequence[Order], now: dt.datetime
) -> Iterator[tuple[dt.datetime, int, Callable[[object], None]]]:
    """When what is reported, as steps of the shop's script."""
    moving = Shipment.objects.filter(order__in=orders, signed_at=None).exclude(number="").order_by("pk")
    for shipment, road in zip(moving, _ROADS, strict=False):
        for hours, status, text in road:
            at = now - dt.timedelta(hours=hours)
            yield at, 0, _scan(shipment, at, status, text)


def _scan(shipment: Shipment, at: dt.datetime, status: str, text: str) -> Callable[[object], None]:
    scan = {"at": at.isoformat(), "status": status, "text": text}
    payload = {"carrier": shipment.carrier, "number": shipment.number, "scans": [scan]}

    def step(_case: object) -> None:
        report("generic", payload, actor=SYSTEM)

    return step
