"""Scans told in any order, again and again, end as they end in order: the short form of `bench/tracking.py`."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.models import Event, Timer
from bench.tracking import differences
from bench.tracking_parts.ends import ends, number_of, plant
from bench.tracking_parts.stream import Stream, expected, make
from bench.tracking_parts.stream import report as reported
from customers.actions.tracking import report, report_all
from customers.models import Order, Shipment, TrackingReport
from tests.customers.test_tracking import on_its_way, scan, told
from tests.world import an_order

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # where the shop is
HOUR = dt.timedelta(hours=1)


def bring(run: str, stream: Stream, calls: list[tuple[int, tuple[int, ...]]]) -> None:
    for place, which in calls:
        kept = report("generic", reported(number_of(run, place), stream.parcels[place], which), actor=SYSTEM)
        assert kept.state == "placed"


@pytest.mark.parametrize("seed", [1, 2])
def test_hundreds_of_scans_end_in_any_order_as_their_dates_say(seed: int) -> None:
    stream = make(300, seed, NOON)
    with clock.fixed(NOON):
        plant("A", stream, NOON)
        plant("B", stream, NOON)
        bring("A", stream, stream.in_order)
        bring("B", stream, stream.shuffled[:200])
        rest = [(number_of("B", place), stream.parcels[place], which) for place, which in stream.shuffled[200:]]
        for start in range(0, len(rest), 20):
            kept = report_all("generic", [reported(*each) for each in rest[start : start + 20]], actor=SYSTEM)
            assert {each.state for each in kept if isinstance(each, TrackingReport)} == {"placed"}
            assert all(isinstance(each, TrackingReport) for each in kept)
        in_order, shuffled = ends("A", stream, NOON), ends("B", stream, NOON)
    assert differences(stream, expected(stream), in_order) == []
    assert shuffled == in_order
    assert {each["order"] for each in in_order} == {"shipped", "delivered"}
    assert any(each["timers"] for each in in_order)


def test_an_end_that_differs_is_told() -> None:
    stream = make(20, 1, NOON)
    wrong: list[dict[str, Any]] = [{**each, "status": "lost"} for each in expected(stream)]
    assert len(differences(stream, expected(stream), wrong)) == len(stream.parcels)


def test_a_hand_over_told_late_takes_the_day_of_delivery_back() -> None:
    shipment = on_its_way()
    Order.objects.filter(pk=shipment.order_id).update(status="shipped", delivered_at=None)
    told(shipment, scan("signed", at=NOON))
    shipment.order.refresh_from_db()
    assert shipment.order.delivered_at == NOON
    told(shipment, scan("signed_by_other", at=NOON - 5 * HOUR))
    shipment.order.refresh_from_db()
    assert (shipment.order.delivered_at, shipment.signed_at) == (NOON - 5 * HOUR, NOON - 5 * HOUR)


def test_a_day_of_delivery_that_an_import_gave_stays() -> None:
    shipment = on_its_way()
    Order.objects.filter(pk=shipment.order_id).update(status="delivered", delivered_at=NOON)
    told(shipment, scan("signed", at=NOON - 2 * HOUR))
    told(shipment, scan("signed_by_other", at=NOON - 5 * HOUR))
    shipment.order.refresh_from_db()
    assert shipment.order.delivered_at == NOON


def test_an_older_scan_told_late_leaves_the_watch_as_it_is() -> None:
    with clock.fixed(NOON):
        shipment = on_its_way()
        told(shipment, scan("in_transit", ago=2))
    watch = Timer.objects.pending().get(kind="shipment.still")
    with clock.fixed(NOON + HOUR):
        told(shipment, scan("picked_up", at=NOON - 9 * HOUR))
    assert Timer.objects.pending().get(kind="shipment.still") == watch
    assert Event.objects.filter(name="shipment.moved").count() == 1


def test_the_same_status_again_is_news_where_nobody_was_told() -> None:
    """The first one was a day old when it was told; the one in between came last of all."""
    with clock.fixed(NOON):
        shipment = on_its_way()
        told(shipment, scan("exception", ago=30))
        assert not Timer.objects.pending().filter(kind="shipment.remind").exists()
        told(shipment, scan("exception", ago=2))
        told(shipment, scan("in_transit", ago=5))
    assert Timer.objects.pending().get(kind="shipment.remind").data == {"news": "exception"}


def test_two_parcels_of_one_call_come_back_in_its_order() -> None:
    one, two = on_its_way(), on_its_way(an_order(person=on_its_way().order.person))
    picked_up = scan("picked_up")
    parcels = [{"carrier": "SF", "number": each.number, "scans": [picked_up]} for each in (two, one, two)]
    kept = [each for each in report_all("generic", parcels, actor=SYSTEM) if isinstance(each, TrackingReport)]
    assert [each.number for each in kept] == [two.number, one.number, two.number]
    assert kept[0].pk == kept[2].pk
    assert TrackingReport.objects.count() == 2
    assert set(Shipment.objects.filter(pk__in=(one.pk, two.pk)).values_list("status", flat=True)) == {"picked_up"}


@pytest.mark.postgres
def test_the_orders_of_one_call_are_locked_in_one_order_whatever_its_reports_are() -> None:
    """Two calls with other parcels of the same orders meet only at these locks."""
    parcels = [on_its_way(an_order()) for _ in range(6)]
    Order.objects.update(status="shipped", delivered_at=None)
    signed = [{"carrier": "SF", "number": each.number, "scans": [scan("signed")]} for each in parcels]
    with CaptureQueriesContext(connection) as asked:
        report_all("generic", signed, actor=SYSTEM)
    locks = [
        each["sql"] for each in asked if each["sql"].endswith("FOR UPDATE") and 'FROM "customers_order" ' in each["sql"]
    ]
    locked = [int(number) for sql in locks for number in re.findall(r'"customers_order"."id" = (\d+)', sql)]
    assert locked == [each.order_id for each in parcels]
