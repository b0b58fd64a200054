"""A customer hears of each step of a parcel once, never at night, and never what is no news any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.kernel import clock
from aftersales.ledger import stops
from aftersales.ledger.models import Event, Timer
from aftersales.notices.models import Notice
from aftersales.notices.quiet import after_quiet
from customers.models import ContactPoint, Order, Shipment
from tests.customers.test_tracking import HOUR, on_its_way, scan, told
from tests.world import an_order, staff

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=clock.shop_zone())


def news() -> list[str]:
    return list(
        Notice.objects.filter(template__startswith="shipment.").order_by("id").values_list("template", flat=True)
    )


@pytest.mark.parametrize(
    ("asked", "free"),
    [
        (at(23, 20, 59), at(23, 20, 59)), (at(23, 21), at(24, 8)), (at(23, 23, 59), at(24, 8)), (at(24, 0), at(24, 8)),
        (at(24, 7, 59), at(24, 8)), (at(24, 8), at(24, 8)),
    ],
)  # fmt: skip
def test_quiet_hours_run_over_midnight(asked: dt.datetime, free: dt.datetime) -> None:
    assert after_quiet(asked) == free


def test_quiet_hours_within_a_day(settings: object) -> None:
    settings.QUIET_HOURS = (dt.time(12), dt.time(14))  # type: ignore[attr-defined]
    assert [after_quiet(at(23, hour)).hour for hour in (11, 12, 13, 14)] == [3, 6, 6, 6]  # UTC


def test_each_step_is_told_once_whatever_the_carrier_repeats(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    steps = ("picked_up", "in_transit", "out_for_delivery", "at_station", "out_for_delivery", "at_station", "signed")
    for hour, status in enumerate(steps, start=9):
        with clock.fixed(at(23, hour)):
            told(shipment, scan(status))
            told(shipment, scan(status), text="again")
            drain()
    assert news() == ["shipment.dispatched", "shipment.arriving", "shipment.at_station", "shipment.signed"]


def test_a_parcel_first_told_of_on_its_way_was_dispatched(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    for hour in (9, 10, 11):
        with clock.fixed(at(23, hour)):
            told(shipment, scan("in_transit"))
            drain()
    assert news() == ["shipment.dispatched"]
    assert Event.objects.filter(name="shipment.reminded").count() == 1


def test_a_dispatch_of_the_night_is_told_in_the_morning_of_a_parcel_already_on_its_way(
    drain: Callable[[], int],
) -> None:
    shipment = on_its_way()
    for hour, status in ((22, "picked_up"), (23, "in_transit")):
        with clock.fixed(at(23, hour)):
            told(shipment, scan(status))
            drain()
    with clock.fixed(at(24, 8)):
        drain()
    assert news() == ["shipment.dispatched"]


def test_being_on_the_way_again_is_no_news(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    for hour, status in ((9, "out_for_delivery"), (10, "in_transit")):
        with clock.fixed(at(23, hour)):
            told(shipment, scan(status))
            drain()
    assert news() == ["shipment.arriving"]


@pytest.mark.parametrize(("promised", "told_of"), [(at(23, 0), "shipment.signed"), (at(22, 23), "shipment.late")])
def test_what_came_on_a_later_day_than_promised_comes_with_an_apology(
    drain: Callable[[], int], promised: dt.datetime, told_of: str
) -> None:
    shipment = on_its_way()
    Order.objects.filter(pk=shipment.order_id).update(promised_at=promised)
    with clock.fixed(at(23, 20)):
        told(shipment, scan("signed"))
        drain()
        told(shipment, scan("signed"))
        drain()
    assert news() == [told_of]


def test_at_night_it_waits_and_what_was_overtaken_is_not_told(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    with clock.fixed(at(23, 22)):
        told(shipment, scan("out_for_delivery"))
        drain()
        assert news() == []
    with clock.fixed(at(24, 7)):
        told(shipment, scan("signed"))
        drain()
        assert news() == []
    with clock.fixed(at(24, 8)):
        drain()
    assert news() == ["shipment.signed"]


def test_who_comes_round_to_it_at_night_puts_it_off_and_looks_again(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    with clock.fixed(at(23, 20)):
        told(shipment, scan("out_for_delivery"))
    with clock.fixed(at(23, 21, 30)):  # nobody swept until now
        drain()
        assert news() == []
    timer = Timer.objects.pending().get(kind="shipment.remind")
    assert (timer.due_at, timer.useful_until) == (at(24, 8), at(24, 20))
    with clock.fixed(at(24, 8)):
        drain()
    assert news() == ["shipment.arriving"]


def test_a_parcel_not_fetched_is_not_said_at_night_after_an_outage(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    with clock.fixed(at(23, 10)):
        told(shipment, scan("at_station"))
        drain()
    with clock.fixed(at(24, 23)):
        drain()
        assert news() == ["shipment.at_station"]
    with clock.fixed(at(25, 8)):
        drain()
    assert news() == ["shipment.at_station", "shipment.uncollected"]


def test_a_parcel_that_stands_still_is_not_said_at_night_after_an_outage(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    with clock.fixed(at(23, 10)):
        told(shipment, scan("picked_up"))
        drain()
    with clock.fixed(at(25, 23)):
        drain()
        assert news() == ["shipment.dispatched"]
    with clock.fixed(at(26, 8)):
        drain()
    assert news() == ["shipment.dispatched", "shipment.stuck"]


@pytest.mark.parametrize("way", ["email", "phone"])
def test_a_message_that_waits_over_the_evening_leaves_in_the_morning(drain: Callable[[], int], way: str) -> None:
    shipment = on_its_way()
    ContactPoint.objects.filter(person=shipment.order.person).exclude(kind=way).delete()
    with clock.fixed(at(23, 20)):
        stop = stops.stop("template:shipment.arriving", reason="the gateway is away", actor=staff("lead"))
        told(shipment, scan("out_for_delivery"))
        drain()
    with clock.fixed(at(23, 22)):
        stops.end_stop(stop.pk, reason="it is back", actor=staff("lead"))
        drain()
        notice = Notice.objects.select_related("outbound").get()
        assert notice.outbound is not None
        assert (notice.state, notice.outbound.due_at) == ("pending", at(24, 8))
        assert (notice.outbound.failures, notice.outbound.first_tried_at) == (0, None)
    with clock.fixed(at(24, 8)):
        drain()
    notice.refresh_from_db()
    assert notice.state in ("sent", "shown")


def test_an_old_scan_told_late_is_no_news(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    with clock.fixed(at(25, 10)):
        told(shipment, scan("picked_up", at=at(24, 9)))
        drain()
    assert news() == []


def test_a_parcel_not_fetched_is_said_after_one_day_and_after_three(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    with clock.fixed(at(23, 10)):
        told(shipment, scan("at_station"))
        drain()
    for hours, times in ((23, 0), (24, 1), (71, 1), (72, 2), (240, 2)):
        with clock.fixed(at(23, 10) + hours * HOUR):
            drain()
        assert news().count("shipment.uncollected") == times, hours


def test_one_parcel_with_two_orders_of_one_person_is_told_of_once(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    second = an_order(person=shipment.order.person).shipments.get()
    Shipment.objects.filter(pk=second.pk).update(
        number=shipment.number, carrier=shipment.carrier, status="created", signed_at=None
    )
    with clock.fixed(at(23, 10)):
        told(shipment, scan("picked_up"))
        drain()
    assert Event.objects.filter(name="shipment.reminded").count() == 2
    assert news() == ["shipment.dispatched"]


def test_one_parcel_with_a_late_and_a_punctual_order_is_apologised_for_once(drain: Callable[[], int]) -> None:
    first = on_its_way()
    late = on_its_way(an_order(person=first.order.person))
    Shipment.objects.filter(pk=late.pk).update(number=first.number, carrier=first.carrier)
    Order.objects.filter(pk=first.order_id).update(promised_at=at(24, 0))
    Order.objects.filter(pk=late.order_id).update(promised_at=at(22, 0))
    with clock.fixed(at(23, 20)):
        told(first, scan("signed"))
        drain()
    assert Event.objects.filter(name="shipment.reminded").count() == 2
    assert news() == ["shipment.late"]


def test_who_was_erased_meanwhile_hears_nothing(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    with clock.fixed(at(23, 22)):
        told(shipment, scan("out_for_delivery"))
    ContactPoint.objects.filter(person=shipment.order.person).delete()
    with clock.fixed(at(24, 8)):
        drain()
    assert news() == []
