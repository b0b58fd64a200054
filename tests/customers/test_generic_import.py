"""The shop's own list: what is stored, what is refused, and that nothing refused stops anything else."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from aftersales.ledger.models import Event
from customers.models import ContactPoint, ImportRun, Order, OrderLine, Payment, Person, Shipment, Shop
from tests.customers.files import GENERIC, codes, csv_file, generic_rows, run, xlsx_file

pytestmark = pytest.mark.django_db

FULL = [
    *GENERIC,
    "sku",
    "variant",
    "line_discount",
    "order_discount",
    "freight",
    "paid",
    "status",
    "delivered_at",
    "tracking_number",
    "carrier",
    "phone",
    "email",
    "customer_name",
    "city",
    "address",
]


def test_an_order_is_stored_with_all_that_hangs_on_it(tmp_path: Path) -> None:
    head = [
        "5",
        "10",
        "200.01",
        "delivered",
        "2026-03-05 12:00",
        "SF1385628716739",
        "顺丰",
        "138 0013 8000",
        "Lin.Mei@Example.ORG",
        "林梅",
        "杭州",
        "文三路 1 号",
    ]
    path = csv_file(
        tmp_path / "a.csv",
        [
            FULL,
            ["A-1", "2026-03-01 10:00", "衬衫", "2", "100", "S-1", "白 M", "0", *head],
            ["A-1", "", "袜子", "3", "10", "S-2", "", "30.00", *[""] * 12],
            ["A-1", "", "帽子", "1", "50", "S-3", "", "0", *[""] * 12],
        ],
    )
    report = run(path)
    assert codes(report) == []
    order = Order.objects.get(number="A-1")
    assert (order.platform, order.status, order.goods_minor) == ("generic", "delivered", 28_000)
    assert (order.paid_minor, order.freight_minor, order.discount_minor) == (20_001, 1_000, 8_999)
    assert order.delivered_at == dt.datetime(2026, 3, 5, 4, tzinfo=dt.UTC)
    lines = list(order.lines.all())
    # 190.01 over net prices 200 : 0 : 50, to the fen.
    assert [line.paid_minor for line in lines] == [15_201, 0, 3_800]
    assert sum(line.paid_minor for line in lines) + order.freight_minor == order.paid_minor
    assert [line.discount_minor for line in lines] == [4_799, 3_000, 1_200]
    assert [line.shipped_quantity for line in lines] == [2, 3, 1]
    assert order.person.name == "林梅"
    assert set(ContactPoint.objects.values_list("kind", "value", "tail")) == {
        ("phone", "+8613800138000", "8000"),
        ("email", "lin.mei@example.org", ""),
    }
    shipment = Shipment.objects.get()
    assert (shipment.number, shipment.status) == ("SF1385628716739", "signed")
    assert [scan.status for scan in shipment.tracking.all()] == ["signed"]
    assert str(order.address) == "杭州"
    assert ImportRun.objects.get().report["orders"]["created"] == 1


def test_chinese_headers_below_a_note_in_a_workbook_are_read(tmp_path: Path) -> None:
    path = xlsx_file(
        tmp_path / "订单.xlsx",
        [
            ["说明：请勿修改表头"],
            ["订单编号", "下单时间", "商品名称", "数量", "单价 ", "手机"],
            ["1234567890123456789", dt.datetime(2026, 3, 1, 10), "衬衫", 2, 99.9, "13800138000"],
        ],
    )
    assert codes(run(path)) == []
    assert Order.objects.get().number == "1234567890123456789"
    assert OrderLine.objects.get().paid_minor == 19_980


def test_each_bad_row_is_reported_with_line_and_column_and_stops_nothing_else(tmp_path: Path) -> None:
    rows = generic_rows("G-1", "G-2", "G-3", "G-4", "G-5", "G-6")
    rows[1][3] = "0"
    rows[2][4] = "12.345"
    rows[3][1] = "yesterday"
    rows[4][0] = ""
    rows[5][2] = "a\x00b"
    report = run(csv_file(tmp_path / "a.csv", rows))
    assert [(bad.line, bad.column, bad.code) for bad in sorted(report.bad_rows, key=lambda bad: bad.line)] == [
        (2, "quantity", "quantity_unreadable"),
        (3, "unit_price", "money_too_precise"),
        (4, "ordered_at", "date_unreadable"),
        (5, "order_number", "cell_empty"),
        (6, "title", "cell_control"),
    ]
    assert list(Order.objects.values_list("number", flat=True)) == ["G-6"]
    assert (report.as_data()["orders"]["created"], report.orders_left_out) == (1, 4)


def test_a_rounded_order_number_is_refused_by_row(tmp_path: Path) -> None:
    rows = generic_rows("1234567890123456789", "A-2")
    rows[1][0] = 1.2345678901234568e18  # what a spreadsheet leaves of it
    report = run(xlsx_file(tmp_path / "a.xlsx", rows))
    assert [(bad.line, bad.column, bad.code) for bad in report.bad_rows] == [(2, "order_number", "number_rounded")]
    assert Order.objects.get().number == "A-2"


def test_rows_that_contradict_each_other_leave_the_order_out(tmp_path: Path) -> None:
    rows = [
        [*GENERIC, "freight"],
        ["A", "2026-03-01", "衬衫", "1", "10", "5"],
        ["A", "2026-03-01", "袜子", "1", "10", "6"],
        ["B", "2026-03-01", "衬衫", "1", "10", "5"],
    ]
    report = run(csv_file(tmp_path / "a.csv", rows))
    assert [(bad.line, bad.column, bad.code) for bad in report.bad_rows] == [(3, "freight", "order_contradicts")]
    assert Order.objects.get().number == "B"


def test_a_row_repeated_word_for_word_counts_once_and_is_told(tmp_path: Path) -> None:
    report = run(csv_file(tmp_path / "a.csv", [*generic_rows("A"), generic_rows("A")[1]]))
    assert codes(report) == ["line_twice"]
    assert OrderLine.objects.count() == 1


def test_an_order_in_two_files_ends_as_the_later_file_tells_it(tmp_path: Path) -> None:
    first, second = generic_rows("A", "B"), generic_rows("B", "C")
    second[1][4] = "99.00"
    report = run(csv_file(tmp_path / "1.csv", first), csv_file(tmp_path / "2.csv", second))
    assert (report.result.orders_created, report.result.orders_changed) == (3, 1)
    assert Order.objects.get(number="B").paid_minor == 9_900


def test_an_unreadable_file_does_not_stop_the_readable_one(tmp_path: Path) -> None:
    good = csv_file(tmp_path / "good.csv", generic_rows("A"))
    (tmp_path / "empty.csv").write_bytes(b"")
    other = csv_file(tmp_path / "other.csv", [["name", "colour"], ["a", "b"]])
    report = run(good, tmp_path / "empty.csv", other)
    assert sorted(codes(report)) == ["file_empty", "header_unknown"]
    assert (report.bad_files, Order.objects.count()) == (2, 1)


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", generic_rows("A", "B"))
    report = run(path, dry_run=True, code_file=tmp_path / "codes.csv")
    assert report.as_data()["orders"]["created"] == 2
    assert not Order.objects.exists()
    assert not Person.objects.exists()
    assert not ImportRun.objects.exists()
    assert not (tmp_path / "codes.csv").exists()
    assert any("没有写入" in line or "nothing was written" in line for line in report.lines())


def test_a_row_with_a_cell_too_many_is_told(tmp_path: Path) -> None:
    rows = [*generic_rows("A"), ["B", "2026-03-01", "衬衫, 白", "1", "10", "extra"]]
    report = run(csv_file(tmp_path / "a.csv", rows))
    assert codes(report) == ["row_too_wide"]


def test_a_total_row_is_no_order(tmp_path: Path) -> None:
    run(csv_file(tmp_path / "a.csv", [*generic_rows("A"), ["合计", "", "", "1", "128.00"]]))
    assert Order.objects.get().number == "A"


def test_orders_of_one_contact_are_one_person_and_masked_ones_are_their_own(tmp_path: Path) -> None:
    rows = [
        [*GENERIC, "phone"],
        *[
            [number, "2026-03-01", "衬衫", "1", "10", phone]
            for number, phone in (
                ("A", "13800138000"),
                ("B", "+86 138-0013-8000"),
                ("C", "138****8000"),
                ("D", "138****8000"),
            )
        ],
    ]
    assert codes(run(csv_file(tmp_path / "a.csv", rows))) == []
    persons = dict(Order.objects.values_list("number", "person_id"))
    assert persons["A"] == persons["B"]
    assert len(set(persons.values())) == 3
    assert ContactPoint.objects.count() == 1


def test_what_is_exported_is_safe_in_a_spreadsheet_and_goes_in_again_unchanged(tmp_path: Path) -> None:
    rows = generic_rows("A", "B")
    for row, title in zip(rows[1:], ("=1+1", "－@cmd"), strict=True):
        row[2] = title
    rows = [
        [*rows[0], "phone", "seller_memo", "freight"],
        [*rows[1], "+55 11 91234-5678", "+1", "5"],
        [*rows[2], "13800138000", " \u3000=x", "0"],
    ]
    run(csv_file(tmp_path / "in.csv", rows))
    before = list(Order.objects.order_by("number").values("number", "paid_minor", "seller_memo", "placed_at"))
    call_command("export_orders", tmp_path / "out.csv", shop=Order.objects.first().shop.name, why="probe")  # type: ignore[union-attr]
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "@", "－"))]
    assert "005511912345678" in cells
    assert Event.objects.get(name="orders.exported").data == {"orders": 2, "why": "probe"}
    titles = set(OrderLine.objects.values_list("title", flat=True))
    for model in (OrderLine, Shipment, Payment, Order):
        model.objects.all().delete()
    ContactPoint.objects.all().delete()
    assert codes(run(tmp_path / "out.csv")) == []
    assert list(Order.objects.order_by("number").values("number", "paid_minor", "seller_memo", "placed_at")) == before
    assert set(OrderLine.objects.values_list("title", flat=True)) == titles
    assert set(ContactPoint.objects.values_list("value", flat=True)) == {"+8613800138000", "+5511912345678"}
    with pytest.raises(CommandError):
        call_command("export_orders", tmp_path / "out.csv", shop=Order.objects.first().shop.name, why="x")  # type: ignore[union-attr]


def test_the_template_in_the_docs_is_a_good_file() -> None:
    report = run(Path(__file__).parents[2] / "docs" / "orders-template.csv")
    assert codes(report) == []
    assert report.as_data()["orders"]["created"] == 2


def test_formulas_are_kept_as_the_text_they_are(tmp_path: Path) -> None:
    rows = generic_rows("A")
    rows[1][2] = '=HYPERLINK("http://x")'
    run(csv_file(tmp_path / "a.csv", rows))
    assert OrderLine.objects.get().title == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(("written", "kept"), [("", "BR"), ("pt", "PT")])
def test_an_address_without_a_country_lies_in_the_shops(tmp_path: Path, written: str, kept: str) -> None:
    Shop.objects.create(name="Loja", platform="generic", currency="BRL", country="BR")
    head, row = generic_rows("A-1")
    path = csv_file(tmp_path / "a.csv", [[*head, "city", "country"], [*row, "Manaus", written]])
    for _twice in range(2):
        report = run(path, shop_name="Loja")
    address = Order.objects.get(number="A-1").address
    assert address is not None
    assert (address.country, report.result.orders_unchanged) == (kept, 1)
