"""What carriers report ends on its shipment once, whatever order it comes in; what cannot be placed waits and is seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import NotPermitted
from aftersales.ledger.models import Event, Timer
from customers.actions.tracking import place_report, report
from customers.carriers import BadReport
from customers.importers.problems import BadFile
from customers.importers.scans import import_scans
from customers.models import Order, Shipment, TrackingReport
from tests.world import a_person, an_order, staff
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def on_its_way(order: Order | None = None) -> Shipment:
    """A parcel handed to the carrier that nobody has scanned yet."""
    shipment = (order or an_order()).shipments.get()
    shipment.status, shipment.shipped_at, shipment.signed_at = "created", None, None
    shipment.save()
    return shipment


def scan(status: str, *, ago: float = 0, at: dt.datetime | None = None) -> dict[str, Any]:
    return {"at": (at or clock.now() - ago * HOUR).isoformat(), "status": status, "text": "杭州"}


def told(shipment: Shipment, *scans: dict[str, Any], **other: Any) -> TrackingReport:
    payload = {"carrier": shipment.carrier, "number": shipment.number, "scans": list(scans), **other}
    kept = report("generic", payload, actor=SYSTEM)
    shipment.refresh_from_db()
    return kept


def test_scans_move_the_shipment_and_say_so() -> None:
    shipment = on_its_way()
    kept = told(shipment, scan("picked_up", ago=3), scan("in_transit", ago=2))
    assert (kept.state, list(kept.shipments.all())) == ("placed", [shipment])
    assert (shipment.status, shipment.tracking.count()) == ("in_transit", 2)
    assert Event.objects.get(name="shipment.moved").data["status"] == "in_transit"


def test_the_same_report_again_changes_nothing() -> None:
    shipment = on_its_way()
    news = scan("picked_up", ago=1)
    assert told(shipment, news).pk == told(shipment, news).pk
    assert (TrackingReport.objects.count(), Event.objects.filter(name="shipment.moved").count()) == (1, 1)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_comes_first_the_newest_scan_counts(order: tuple[int, ...]) -> None:
    shipment = on_its_way()
    scans = [scan("picked_up", ago=30), scan("out_for_delivery", ago=3), scan("signed", ago=1)]
    for place in order:
        told(shipment, scans[place])
    assert (shipment.status, shipment.tracking.count()) == ("signed", 3)
    assert shipment.signed_at == dt.datetime.fromisoformat(scans[2]["at"])
    assert shipment.shipped_at == dt.datetime.fromisoformat(scans[0]["at"])


def test_an_order_is_delivered_with_its_last_parcel() -> None:
    shipment = on_its_way()
    order = shipment.order
    Order.objects.filter(pk=order.pk).update(status="shipped", delivered_at=None)
    second = Shipment.objects.create(order=order, carrier="SF", number="SF9999999999999")
    told(shipment, scan("signed", ago=5))
    order.refresh_from_db()
    assert (order.status, order.delivered_at) == ("shipped", None)
    told(second, scan("signed", ago=1))
    order.refresh_from_db()
    assert (order.status, order.delivered_at) == ("delivered", second.signed_at)


def test_a_parcel_of_two_orders_of_one_person_moves_both() -> None:
    person = a_person()
    one, two = on_its_way(an_order(person=person)), on_its_way(an_order(person=person))
    Shipment.objects.filter(pk=two.pk).update(number=one.number)
    told(one, scan("picked_up"))
    two.refresh_from_db()
    assert (one.status, two.status) == ("picked_up", "picked_up")


def test_a_number_that_two_customers_claim_waits_for_somebody_who_says_whose_it_is() -> None:
    one, two = on_its_way(), on_its_way(an_order(person=a_person("王强", "+8613800000002", "w@example.org")))
    Shipment.objects.filter(pk=two.pk).update(number=one.number)
    kept = told(one, scan("picked_up"))
    two.refresh_from_db()
    assert (kept.state, kept.why, one.status, two.status) == ("unplaced", "claimed_twice", "created", "created")
    place_report(kept.pk, shipment_id=two.pk, actor=staff())
    place_report(kept.pk, shipment_id=one.pk, actor=staff())  # placed is placed
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, two.status) == ("created", "picked_up")


def test_an_unknown_parcel_waits_and_is_placed_once_its_order_came() -> None:
    payload = {"carrier": "SF", "number": "SF0000000000001", "scans": [scan("picked_up")]}
    kept = report("generic", payload, actor=SYSTEM)
    assert (kept.state, kept.why) == ("unplaced", "unknown")
    assert Event.objects.filter(name="tracking.unplaced").count() == 1
    shipment = on_its_way()
    Shipment.objects.filter(pk=shipment.pk).update(number="SF0000000000001")
    assert place_report(kept.pk, actor=staff()).state == "placed"
    shipment.refresh_from_db()
    assert shipment.status == "picked_up"


def test_another_carrier_and_a_scan_from_the_future_are_not_believed() -> None:
    shipment = on_its_way()
    kept = told(shipment, scan("picked_up"), carrier="ZTO")
    assert (kept.state, kept.why) == ("unplaced", "other_carrier")
    late = told(shipment, scan("picked_up"), scan("signed", at=clock.now() + HOUR))
    assert (late.state, late.why, shipment.status, shipment.tracking.count()) == ("refused", "future", "created", 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"number": ""}, "tracking number"),
        ({"number": "SF 1\n2"}, "tracking number"),
        ({"scans": []}, "at least one scan"),
        ({"scans": [{"at": "2026-11-27T10:00:00", "status": "signed"}]}, "no zone"),
        ({"scans": [{"at": "yesterday", "status": "signed"}]}, "'yesterday'"),
        ({"scans": [{"at": "2026-11-27T10:00:00+08:00", "status": "gone"}]}, "'gone'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field_and_not_kept(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadReport, match=says):
        report("generic", {"carrier": "SF", "number": "SF1", "scans": [scan("signed")], **change}, actor=SYSTEM)
    assert not TrackingReport.objects.exists()


def test_an_auditor_takes_in_nothing() -> None:
    with pytest.raises(NotPermitted):
        report("generic", {"number": "SF1", "scans": [scan("signed")]}, actor=staff("auditor"))


def test_a_parcel_that_stands_still_is_said_after_two_days_and_chased_after_three(drain: Callable[[], int]) -> None:
    noon = clock.shop_zone()
    start = dt.datetime(2026, 11, 23, 12, tzinfo=noon)
    with clock.fixed(start):
        shipment = on_its_way()
        told(shipment, scan("in_transit"))
    for hours, expected in ((47, []), (48, [48]), (60, [48]), (72, [48, 72]), (200, [48, 72])):
        with clock.fixed(start + hours * HOUR):
            drain()
            drain()
        stuck = [event.data["hours"] for event in Event.objects.filter(name="shipment.stuck").order_by("id")]
        assert stuck == expected, hours
    assert not Timer.objects.pending().filter(subject_type="customers.shipment").exists()


def test_a_scan_ends_the_watch(drain: Callable[[], int]) -> None:
    start = dt.datetime(2026, 11, 23, 12, tzinfo=clock.shop_zone())
    with clock.fixed(start):
        shipment = on_its_way()
        told(shipment, scan("in_transit"))
    with clock.fixed(start + 40 * HOUR):
        told(shipment, scan("signed"))
    with clock.fixed(start + 100 * HOUR):
        drain()
    assert not Event.objects.filter(name="shipment.stuck").exists()


def test_a_parcel_that_stands_still_is_one_ticket_for_somebody(drain: Callable[[], int]) -> None:
    start = dt.datetime(2026, 11, 23, 12, tzinfo=clock.shop_zone())
    with clock.fixed(start):
        shipment = on_its_way()
        told(shipment, scan("in_transit"))
    with clock.fixed(start + 71 * HOUR):
        drain()
    assert not Ticket.objects.exists()
    with clock.fixed(start + 72 * HOUR):
        drain()
        drain()
    ticket = Ticket.objects.get()
    assert (ticket.order, ticket.person, ticket.status) == (shipment.order, shipment.order.person, "open")
    assert shipment.number in ticket.title
    with clock.fixed(start + 80 * HOUR):
        told(shipment, scan("lost_suspected"))
        drain()
    assert Ticket.objects.count() == 1  # somebody works on it


def test_a_table_of_scans_is_taken_in_row_by_row_and_again(tmp_path: Path) -> None:
    shipment = on_its_way()
    rows = ["carrier,number,at,status,text", f"顺丰速运,{shipment.number},2026-11-20T10:00:00+08:00,picked_up,已揽收",
            f"SF,{shipment.number},2026-11-20T18:00:00+08:00,in_transit,", "SF,SF1,2026-11-20 10:00,signed,",
            "ZTO,73610555582883,2026-11-20T10:00:00+08:00,signed,"]  # fmt: skip
    file = tmp_path / "scans.csv"
    file.write_text("\n".join(rows), encoding="gb18030")
    for _ in range(2):
        states, problems = import_scans(file, actor=SYSTEM)
        assert states == {"placed": 1, "unplaced": 1, "refused": 0}
        assert [line for line, _why in problems] == [4]
    shipment.refresh_from_db()
    assert (shipment.status, shipment.tracking.count(), TrackingReport.objects.count()) == ("in_transit", 2, 2)
    file.write_text("number;status", encoding="utf-8")
    with pytest.raises(BadFile, match="carrier, number, at"):
        import_scans(file, actor=SYSTEM)


# --- What 快递100 says beside the scans ---


def pushed(number: str, *, com: str = "yuantong", state: str = "0", rows: int = 1, **more: Any) -> TrackingReport:
    scans = [{"context": "离开杭州", "ftime": f"{clock.now().astimezone(clock.shop_zone()):%Y-%m-%d %H:%M:%S}"}] * rows
    return report(
        "kuaidi100", {"lastResult": {"com": com, "nu": number, "state": state, "data": scans}, **more}, actor=SYSTEM
    )


def test_a_parcel_its_service_gave_up_is_asked_for_at_the_carrier(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    Shipment.objects.filter(pk=shipment.pk).update(carrier="YTO")
    for _again in range(2):
        kept = pushed(shipment.number, rows=0, status="abort", message="3天查询无记录")
        drain()
    assert kept.state == "placed"
    assert Event.objects.get(name="shipment.unfollowed").data["why"] == "3天查询无记录"
    assert Ticket.objects.filter(channel="tracking", order=shipment.order).count() == 1


def test_a_parcel_that_arrived_may_be_given_up(drain: Callable[[], int]) -> None:
    shipment = on_its_way()
    Shipment.objects.filter(pk=shipment.pk).update(carrier="YTO")
    pushed(shipment.number, state="3", status="abort", message="60天无变化")
    drain()
    assert not Event.objects.filter(name="shipment.unfollowed").exists()
    assert not Ticket.objects.exists()


def test_a_corrected_carrier_is_taken_over_once() -> None:
    shipment = on_its_way()
    Shipment.objects.filter(pk=shipment.pk).update(carrier="YTO")
    assert pushed(shipment.number, com="zhongtong").why == "other_carrier", "nobody said that it was corrected"
    corrected: dict[str, Any] = {"autoCheck": "1", "comOld": "yuantong", "comNew": "zhongtong"}
    for again in ("1", "2"):
        assert pushed(shipment.number, com="zhongtong", again=again, **corrected).state == "placed"
    shipment.refresh_from_db()
    assert (shipment.carrier, shipment.status) == ("ZTO", "in_transit")
    event = Event.objects.get(name="shipment.recarried")
    assert (event.data["was"], event.data["carrier"]) == ("YTO", "ZTO")


def test_a_correction_of_another_carrier_than_ours_is_not_believed() -> None:
    shipment = on_its_way()
    Shipment.objects.filter(pk=shipment.pk).update(carrier="SF")
    assert pushed(shipment.number, com="zhongtong", comOld="yuantong", comNew="zhongtong").why == "other_carrier"
    shipment.refresh_from_db()
    assert shipment.carrier == "SF"
