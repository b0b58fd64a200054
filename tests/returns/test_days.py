"""Days between signing and asking, at their edges: counted in whole days where the goods were received."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aftersales.kernel import clock
from customers.models import Category, Order, Shop
from returns import gather
from returns.actions import verdicts
from tests.world import a_shop, a_sku, an_order, staff
from tickets.actions.calendars import save_calendar
from tickets.actions.working_days import DayEntry, set_working_days
from tickets.models import WorkCalendar

pytestmark = pytest.mark.django_db


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.shop_zone())


def signed_order(signed_at: dt.datetime | None, *, shop: Shop | None = None, goods_class: str = "") -> Order:
    """One article, signed for at that moment; of a class of goods where one is named."""
    sku = a_sku()
    if goods_class:
        Category.objects.update(goods_class=goods_class, warranty_days=365)
    order = an_order(skus=[(sku, 1)], shop=shop or a_shop())
    order.shipments.update(signed_at=signed_at)
    order.refresh_from_db()
    return order


def judged(order: Order, at: dt.datetime, reason: str = "preference") -> dict[str, Any]:
    ask = gather.Ask(order.lines.get(), 1, reason, "return_refund")
    return verdicts.preview(order, [ask], at=at)[0]


@pytest.mark.parametrize(
    ("asked_at", "days", "due"),
    [
        ("2026-11-10T23:59:59", 0, True),
        ("2026-11-11T00:00:00", 1, True),
        ("2026-11-17T00:00:00", 7, True),
        ("2026-11-17T23:59:59.999999", 7, True),
        ("2026-11-18T00:00:00", 8, False),
    ],
)
@pytest.mark.parametrize("hour", ["00:00:00", "09:30:00", "23:59:59"])
def test_day_seven_ends_at_midnight_whatever_the_hour_of_signing(
    hour: str, asked_at: str, days: int, due: bool
) -> None:
    outcome = judged(signed_order(local(f"2026-11-10T{hour}")), local(asked_at))
    assert outcome["facts"]["days_since_receipt"] == days
    assert outcome["requested_due"] is due


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ("2026-11-17T23:59", {"return_refund", "exchange", "repair_free"}),
        ("2026-11-18T00:00", {"exchange", "repair_free"}),
        ("2026-11-25T23:59", {"exchange", "repair_free"}),
        ("2026-11-26T00:00", {"repair_free"}),
    ],
)
def test_three_guarantees_at_days_seven_and_fifteen(asked_at: str, due: set[str]) -> None:
    order = signed_order(local("2026-11-10T20:00"), goods_class="three_guarantees")
    assert set(judged(order, local(asked_at), "not_working")["remedies"]) == due


def test_the_day_changes_where_the_shop_is_and_not_in_greenwich() -> None:
    """23:30 on the tenth in Shanghai is still the tenth, though 15:30 in UTC; 16:30 UTC is already the eleventh."""
    order = signed_order(dt.datetime(2026, 11, 10, 15, 30, tzinfo=dt.UTC))
    assert judged(order, dt.datetime(2026, 11, 17, 15, 59, tzinfo=dt.UTC))["requested_due"]
    assert not judged(order, dt.datetime(2026, 11, 17, 16, 0, tzinfo=dt.UTC))["requested_due"]
    late = signed_order(dt.datetime(2026, 11, 10, 16, 30, tzinfo=dt.UTC))
    assert judged(late, dt.datetime(2026, 11, 18, 15, 59, tzinfo=dt.UTC))["facts"]["days_since_receipt"] == 7


def test_a_holiday_on_the_last_day_moves_it_and_one_before_does_not() -> None:
    moved = signed_order(local("2026-09-24T12:00"))  # day 7 is 1 October, National Day, until the 7th
    assert judged(moved, local("2026-10-08T23:59"))["requested_due"]
    assert not judged(moved, local("2026-10-09T00:00"))["requested_due"]
    inside = signed_order(local("2026-10-04T12:00"))  # day 7 is 11 October, a Sunday after the break
    assert judged(inside, local("2026-10-11T23:59"))["requested_due"]


def test_the_table_of_working_days_moves_the_last_day_and_the_shops_own_closure_does_not() -> None:
    manager, shop = staff("manager"), WorkCalendar.objects.get(key="shop")
    late = local("2026-11-18T12:00")  # day 8; day 7 is Tuesday the 17th
    settings = {**shop.current().settings, "own": {"2026-11-17": {"hours": [], "name": "盘点"}}}
    save_calendar(shop.pk, settings, actor=manager)
    assert not judged(signed_order(local("2026-11-10T12:00")), late)["requested_due"]
    set_working_days("CN", [DayEntry(dt.date(2026, 11, 17), is_working=False, name="临时假")], actor=manager)
    assert judged(signed_order(local("2026-11-10T12:00")), late)["requested_due"]


def test_a_parcel_waiting_in_a_locker_is_not_received() -> None:
    order = signed_order(None)
    order.shipments.update(status="at_station")
    Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED, delivered_at=None)
    waiting = Order.objects.preloaded().get(pk=order.pk)
    outcome = judged(waiting, clock.now() + dt.timedelta(days=60))
    assert outcome["facts"]["stage"] == "in_transit"
    assert outcome["remedies"][0] == "return_refund"


def test_the_days_run_from_taking_it_out_of_the_locker() -> None:
    order = signed_order(local("2026-11-14T18:00"))  # arrived on the tenth, taken out on the fourteenth
    assert judged(order, local("2026-11-20T12:00"))["facts"]["days_since_receipt"] == 6


def test_the_last_parcel_of_an_order_counts() -> None:
    order = signed_order(local("2026-11-10T12:00"))
    order.shipments.create(carrier="SF", number="SF9990000000001", status="signed", signed_at=local("2026-11-15T12:00"))
    again = Order.objects.preloaded().get(pk=order.pk)
    assert judged(again, local("2026-11-20T12:00"))["facts"]["days_since_receipt"] == 5


@pytest.mark.parametrize(
    ("pack", "country", "asked_at", "due"),
    [
        ("eu", "DE", "2026-11-24T23:59", True),  # day 14, a Tuesday
        ("eu", "DE", "2026-11-25T00:00", False),
        ("uk", "GB", "2026-11-24T23:59", True),
        ("uk", "GB", "2026-11-25T00:00", False),
    ],
)
def test_elsewhere_the_law_gives_fourteen_days(pack: str, country: str, asked_at: str, due: bool) -> None:
    shop = a_shop(name=pack, rule_pack=pack, country=country)
    assert judged(signed_order(local("2026-11-10T12:00"), shop=shop), local(asked_at))["requested_due"] is due


@pytest.mark.parametrize(("pack", "country", "due"), [("eu", "DE", True), ("uk", "GB", False)])
def test_a_sunday_at_the_end_moves_the_period_in_the_eu_and_not_in_the_uk(pack: str, country: str, due: bool) -> None:
    shop = a_shop(name=pack, rule_pack=pack, country=country)
    order = signed_order(local("2026-11-08T12:00"), shop=shop)  # day 14 is Sunday, 22 November
    assert judged(order, local("2026-11-22T23:59"))["requested_due"]
    assert judged(order, local("2026-11-23T12:00"))["requested_due"] is due
