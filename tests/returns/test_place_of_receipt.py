"""Days of the law begin and end at midnight where the parcel was received: each boundary in a zone that is not the shop's."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from aftersales.kernel import clock
from customers.models import Address, Category, Order
from returns import gather
from returns.actions import verdicts
from returns.rules.explain import explain
from returns.rules.pack import load_pack
from returns.rules.replay import replayed, sealed
from returns.rules.verdict import facts_seal
from tests.world import a_shop, a_sku, an_order

pytestmark = pytest.mark.django_db
MANAUS = "America/Manaus"  # UTC-4 all year: twelve hours behind the shop


def there(text: str, zone: str = MANAUS) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def delivered(signed_at: dt.datetime | None, country: str = "BR", region: str = "AM", *, goods: str = "") -> Order:
    sku = a_sku()
    if goods:
        Category.objects.update(goods_class=goods, warranty_days=30)
    order = an_order(skus=[(sku, 1)], shop=a_shop())
    order.address = Address.objects.create(person=order.person, country=country, province=region)
    order.save(update_fields=["address"])
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
        ("2026-11-17T23:59:59.999999", 7, True),
        ("2026-11-18T00:00:00", 8, False),
    ],
)
@pytest.mark.parametrize("hour", ["00:00:00", "11:59:59", "12:00:00", "23:59:59"])  # noon there is midnight at the shop
def test_day_seven_ends_and_day_eight_begins_at_the_receivers_midnight(
    hour: str, asked_at: str, days: int, due: bool
) -> None:
    outcome = judged(delivered(there(f"2026-11-10T{hour}")), there(asked_at))
    assert (outcome["facts"]["received_on"], outcome["facts"]["days_since_receipt"]) == ("2026-11-10", days)
    assert outcome["requested_due"] is due


def test_the_receivers_midnight_counts_and_not_the_shops() -> None:
    """Noon of the 17th in Manaus is midnight in Shanghai: the right of the receiver runs on for twelve hours."""
    order = delivered(there("2026-11-10T09:00"))
    past_the_shops = dt.datetime(2026, 11, 18, 0, 30, tzinfo=clock.shop_zone())
    assert judged(order, past_the_shops)["requested_due"]
    assert not judged(delivered(there("2026-11-10T09:00"), "CN", "浙江省"), past_the_shops)["requested_due"]


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ("2026-11-17T23:59", {"return_refund", "exchange", "repair_free"}),
        ("2026-11-18T00:00", {"exchange", "repair_free"}),
        ("2026-11-25T23:59", {"exchange", "repair_free"}),
        ("2026-11-26T00:00", {"repair_free"}),
    ],
)
def test_three_guarantees_day_seven_and_eight_fifteen_and_sixteen(asked_at: str, due: set[str]) -> None:
    order = delivered(there("2026-11-10T20:00"), goods="three_guarantees")
    assert set(judged(order, there(asked_at), "not_working")["remedies"]) == due


@pytest.mark.parametrize(("asked_at", "state"), [("2026-12-10T23:59", "valid"), ("2026-12-11T00:00", "expired")])
def test_the_warranty_ends_at_the_receivers_midnight(asked_at: str, state: str) -> None:
    order = delivered(there("2026-11-10T20:00"), goods="three_guarantees")
    assert judged(order, there(asked_at), "not_working")["facts"]["warranty"] == state


@pytest.mark.parametrize(
    ("signed_at", "asked_at", "days"),
    [
        ("2026-10-31T23:30", "2026-11-07T23:59", 7),  # the clocks went back on 1 November: a day of 25 hours
        ("2026-10-31T23:30", "2026-11-08T00:00", 8),
        ("2026-03-07T23:30", "2026-03-14T23:59", 7),  # and forward on 8 March: a day of 23
        ("2026-03-07T23:30", "2026-03-15T00:00", 8),
    ],
)
def test_a_day_on_which_the_clocks_change_is_one_day(signed_at: str, asked_at: str, days: int) -> None:
    order = delivered(there(signed_at, "America/New_York"), "US", "NY")
    outcome = judged(order, there(asked_at, "America/New_York"))
    assert outcome["facts"]["days_since_receipt"] == days


def test_a_holiday_at_the_end_is_found_by_the_receivers_day_of_signing() -> None:
    """Signed at 23:00 on 23 September there, the 24th at the shop: day 7 is the 30th, no holiday; a day later it is one."""
    order = delivered(there("2026-09-23T23:00"))
    assert judged(order, there("2026-09-30T23:59"))["requested_due"]
    assert not judged(order, there("2026-10-01T00:00"))["requested_due"]
    moved = delivered(there("2026-09-24T23:00"))  # day 7 is 1 October, the rest runs until the 7th
    assert judged(moved, there("2026-10-08T23:59"))["requested_due"]
    assert not judged(moved, there("2026-10-09T00:00"))["requested_due"]


def test_a_parcel_in_a_locker_is_received_on_the_day_it_is_taken_out_there() -> None:
    order = delivered(None)
    order.shipments.update(status="at_station")
    Order.objects.filter(pk=order.pk).update(status=Order.Status.SHIPPED, delivered_at=None)
    waiting = Order.objects.preloaded().get(pk=order.pk)
    assert judged(waiting, there("2026-12-31T12:00"))["facts"]["stage"] == "in_transit"
    collected = delivered(there("2026-11-14T22:00"))  # the 15th at the shop
    assert judged(collected, there("2026-11-21T12:00"))["facts"]["days_since_receipt"] == 7
    assert judged(collected, there("2026-11-22T00:00"))["facts"]["days_since_receipt"] == 8


@pytest.mark.parametrize(
    ("country", "region", "zone", "known_by"),
    [
        ("BR", "AM", MANAUS, "region"),
        ("DE", "", "Europe/Berlin", "country"),
        ("CN", "浙江省", "Asia/Shanghai", "country"),
        ("BR", "", "Asia/Shanghai", "shop"),
    ],
)
def test_a_verdict_keeps_the_zone_and_what_it_is_known_by(country: str, region: str, zone: str, known_by: str) -> None:
    facts = judged(delivered(there("2026-11-10T09:00"), country, region), there("2026-11-12T09:00"))["facts"]
    assert (facts["zone_of_receipt"], facts["zone_known_by"]) == (zone, known_by)


def test_without_an_address_the_shops_zone_counts() -> None:
    order = delivered(there("2026-11-10T09:00"))
    Order.objects.filter(pk=order.pk).update(address=None)
    bare = Order.objects.preloaded().get(pk=order.pk)
    facts = judged(bare, there("2026-11-12T09:00"))["facts"]
    assert (facts["zone_of_receipt"], facts["zone_known_by"]) == ("Asia/Shanghai", "shop")


def test_a_verdict_from_before_the_zone_was_kept_replays_to_the_byte() -> None:
    record = sealed(judged(delivered(there("2026-11-10T09:00")), there("2026-11-12T09:00")))
    assert replayed(record) == ()
    pack = load_pack("cn")
    facts = {name: value for name, value in record["facts"].items() if not name.startswith("zone_")}
    older = sealed(pack.decide(facts).as_dict())
    older["facts"] = facts
    older["facts_sha256"] = facts_seal(facts)
    older["not_relevant"] = [name for name in older["not_relevant"] if name in facts]
    assert replayed(older) == ()


@pytest.mark.parametrize("audience", ["customer", "staff"])
def test_the_card_names_the_zone_where_midnight_is_not_the_shops(audience: str) -> None:
    def card(country: str, region: str) -> str:
        with clock.fixed(there("2026-11-12T09:00")):  # in its own year a day is said without it
            return card_of_today(country, region)

    def card_of_today(country: str, region: str) -> str:
        outcome = judged(delivered(there("2026-11-10T09:00"), country, region), there("2026-11-12T09:00"))
        words = {"verdict": outcome, "explanation": explain(outcome, "en", audience), "audience": audience}
        with override("en"):
            return render_to_string("parts/verdict.html", words)

    far, near = card("BR", "AM"), card("HK", "")
    assert "24:00 on 2026-11-17" in far
    assert "America/Manaus, UTC-04:00" in far
    assert ("Wed 18 Nov, 12:00 here" in far) is (audience == "staff")
    assert "UTC" not in near  # Hong Kong has another zone and the same midnight
    assert ("by the country of the delivery address" in near) is (audience == "staff")
