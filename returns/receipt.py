"""When and where an order was received, and the days that the law counts from there."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel import clock, workdays, zones
from customers.models import Order, Shop
from returns.rules.pack import load_pack
from tickets.models import WorkingDay


def received_at(order: Order) -> dt.datetime | None:
    """When the customer signed: the last parcel counts, because the right to return runs from having the goods."""
    signed = [shipment.signed_at for shipment in order.shipments.all() if shipment.signed_at]
    return max(signed) if signed else order.delivered_at


def place_of_receipt(order: Order) -> zones.Place:
    """Where the days of the law are counted: by the delivery address, and where the shop is as long as that is unknown."""
    address = order.address
    found = zones.place_of(address.country, address.province) if address else None
    return found or zones.Place(clock.shop_zone(), "shop")


def received_on(order: Order) -> dt.date:
    """The day of signing in the zone of the place of receipt; as long as nobody signed, the day of sending or of the order."""
    since = received_at(order) or order.shipped_at or order.placed_at
    return since.astimezone(place_of_receipt(order).zone).date()


def days_since_receipt(order: Order, at: dt.datetime) -> int:
    """Whole days in the zone of the place of receipt; the day after signing is day 1 (R-37)."""
    today = at.astimezone(place_of_receipt(order).zone).date()
    return max((today - received_on(order)).days, 0)


def holiday_shift(shop: Shop, signed_on: dt.date) -> int:
    """By how many days the shop's law moves the last day of a return without a reason, when that is a day off."""
    pack = load_pack(shop.rule_pack)
    if not pack.moves_with_holidays:
        return 0
    last_day = signed_on + dt.timedelta(days=pack.no_reason_days)
    return workdays.shift_to_workday(last_day, shop.country, _working_days(shop))


def _working_days(shop: Shop) -> dict[dt.date, bool]:
    """The table of the shop's country, read once for the life of the row in memory: every line of an order asks."""
    kept = vars(shop)
    if "working_days" not in kept:
        kept["working_days"] = WorkingDay.objects.of(shop.country)
    known: dict[dt.date, bool] = kept["working_days"]
    return known
