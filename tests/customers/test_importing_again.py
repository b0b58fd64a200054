"""The same orders a second time: nothing changes, what changed is taken over, and what the desk did is never undone."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.errors import NotPermitted
from aftersales.ledger.models import Event
from customers.actions.importing import store_batch
from customers.actions.proof import check_claim
from customers.importers.registry import SOURCES
from customers.importers.run import Wish, import_orders
from customers.models import Order, OrderLine, Sku, TrackingEvent
from tests.customers.files import GENERIC, codes, csv_file, generic_rows, run
from tests.world import staff

pytestmark = pytest.mark.django_db

SHIPPED = [*GENERIC, "delivered_at", "shipped_at", "paid", "tracking_number"]


def shipped_file(path: Path, *, quantity: str = "2", paid: str = "200", delivered: str = "2026-03-05") -> Path:
    return csv_file(path, [SHIPPED, ["A", "2026-03-01", "衬衫", quantity, "100", delivered, "2026-03-02", paid, "SF1"]])


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Order, OrderLine, Sku, TrackingEvent)]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = shipped_file(tmp_path / "a.csv")
    run(path)
    before = everything()
    report = run(path)
    assert report.as_data()["orders"] == {
        "read": 1,
        "created": 0,
        "changed": 0,
        "unchanged": 1,
        "repeated": 0,
        "left_out": 0,
    }
    assert everything() == before


def test_what_the_file_tells_anew_is_taken_over(tmp_path: Path) -> None:
    run(shipped_file(tmp_path / "1.csv", delivered=""))
    report = run(shipped_file(tmp_path / "2.csv", delivered="2026-03-06"))
    assert report.result.orders_changed == 1
    order = Order.objects.get()
    assert order.delivered_at == dt.datetime(2026, 3, 5, 16, tzinfo=dt.UTC)
    assert order.status == "delivered"
    assert order.shipments.get().status == "signed"


def test_counters_of_the_desk_stay(tmp_path: Path) -> None:
    run(shipped_file(tmp_path / "1.csv"))
    OrderLine.objects.update(claimed_quantity=1)
    Order.objects.update(refunded_minor=5_000, claim_sha256="x")
    run(shipped_file(tmp_path / "2.csv", paid="190"))
    order, line = Order.objects.get(), OrderLine.objects.get()
    assert (order.paid_minor, order.refunded_minor, order.claim_sha256) == (19_000, 5_000, "x")
    assert line.claimed_quantity == 1


@pytest.mark.parametrize(
    ("change", "desk"),
    [({"quantity": "1", "paid": "100"}, "claimed"), ({"paid": "40"}, "refunded")],
)
def test_a_file_that_contradicts_what_the_desk_did_is_refused_for_that_order(
    tmp_path: Path, change: dict[str, str], desk: str
) -> None:
    run(shipped_file(tmp_path / "1.csv"))
    if desk == "claimed":
        OrderLine.objects.update(claimed_quantity=2)
    else:
        Order.objects.update(refunded_minor=5_000)
    before = everything()
    report = run(shipped_file(tmp_path / "2.csv", **change))
    assert codes(report) == ["order_contradicts_desk"]
    assert everything() == before


def test_a_line_that_is_no_longer_told_is_kept_and_remarked(tmp_path: Path) -> None:
    two = [GENERIC, ["A", "2026-03-01", "衬衫", "1", "100"], ["A", "2026-03-01", "袜子", "1", "10"]]
    run(csv_file(tmp_path / "1.csv", two))
    report = run(csv_file(tmp_path / "2.csv", two[:2]))
    assert OrderLine.objects.count() == 2
    assert len([remark for remark in report.result.remarks if "A" in remark]) == 1


def test_titles_and_stock_that_staff_keep_are_not_overwritten(tmp_path: Path) -> None:
    run(csv_file(tmp_path / "1.csv", generic_rows("A")))
    Sku.objects.update(on_hand=7, price_minor=1)
    run(csv_file(tmp_path / "2.csv", generic_rows("A", "B")))
    assert Sku.objects.get().on_hand == 7
    assert Sku.objects.get().price_minor == 1


def test_rebasing_moves_every_instant_by_whole_days_and_again_by_the_difference(tmp_path: Path) -> None:
    path = shipped_file(tmp_path / "a.csv")
    report = run(path, rebase_to=dt.date(2026, 6, 5))
    assert (report.shift_days, report.newest_delivery) == (92, "2026-06-05")
    run(path, rebase_to=dt.date(2026, 6, 6))
    order = Order.objects.get()
    assert order.delivered_at == dt.datetime(2026, 6, 5, 16, tzinfo=dt.UTC)  # midnight in Shanghai
    assert order.placed_at == dt.datetime(2026, 6, 1, 16, tzinfo=dt.UTC)
    assert sorted(TrackingEvent.objects.values_list("status", flat=True)) == ["picked_up", "signed"]


def test_a_batch_with_one_order_the_database_refuses_stores_the_others(tmp_path: Path) -> None:
    rows = generic_rows("A", "B", "C")
    rows[2][4] = "9999999999999.00"  # a price that exists, times a quantity that does not fit the column
    rows[2][3] = "99999"
    report = run(csv_file(tmp_path / "a.csv", rows))
    assert codes(report) == ["order_not_storable"]
    assert [bad.line for bad in report.bad_rows] == [3]
    assert sorted(Order.objects.values_list("number", flat=True)) == ["A", "C"]


def test_claim_codes_are_written_once_and_open_their_order(tmp_path: Path) -> None:
    orders, cards = csv_file(tmp_path / "a.csv", generic_rows("A", "B")), tmp_path / "codes.csv"
    run(orders, code_file=cards)
    report = run(csv_file(tmp_path / "b.csv", generic_rows("A", "B", "C")), code_file=cards)
    assert (report.claim_codes_new, report.claim_codes_kept) == (1, 2)
    with cards.open(newline="") as file:
        written = {row["order_number"]: row["claim_code"] for row in csv.DictReader(file)}
    assert sorted(written) == ["A", "B", "C"]
    assert cards.stat().st_mode & 0o077 == 0
    for number, code in written.items():
        assert check_claim(number, code, actor=staff()).number == number


def test_renewed_codes_replace_the_old_ones(tmp_path: Path) -> None:
    orders, cards = csv_file(tmp_path / "a.csv", generic_rows("A")), tmp_path / "codes.csv"
    run(orders, code_file=cards)
    old = Order.objects.get().claim_sha256
    report = run(orders, code_file=cards, renew_codes=True)
    assert report.claim_codes_new == 1
    assert Order.objects.get().claim_sha256 != old


def test_an_agent_may_not_import(tmp_path: Path) -> None:
    wish = Wish(source=SOURCES["generic"], paths=[csv_file(tmp_path / "a.csv", generic_rows("A"))])
    with pytest.raises(NotPermitted):
        import_orders(wish, actor=staff("agent"))


def test_the_import_is_told_once(tmp_path: Path) -> None:
    run(csv_file(tmp_path / "a.csv", generic_rows("A", "B")))
    event = Event.objects.get(name="orders.imported")
    assert (event.data["created"], event.data["source"]) == (2, "generic")


def test_the_number_of_statements_does_not_grow_with_the_orders(tmp_path: Path) -> None:
    def statements(count: int) -> int:
        path = csv_file(tmp_path / f"{count}.csv", generic_rows(*[f"{count}-{n}" for n in range(count)]))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            run(path)
        return len(captured)

    run(csv_file(tmp_path / "first.csv", generic_rows("first")))
    # SQLite takes fewer values in one statement, so a few more; 140 orders one by one would be thousands.
    assert statements(150) <= statements(10) + 12


def test_an_empty_batch_is_nothing() -> None:
    from customers.actions.importing import Shopfront, shop_for

    front = Shopfront(shop_for("x", platform="generic", currency="CNY"), "generic")
    result = store_batch([], front=front, actor=SYSTEM, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert result.orders_created == result.orders_unchanged == 0
