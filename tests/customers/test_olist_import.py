"""The real orders of the Olist set, counted a second way from the files themselves."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, F, Max, Sum

from aftersales.kernel import clock
from customers.models import Order, OrderLine, Payment, Person, Product, Shipment
from tests.customers.files import codes, csv_file, run

pytestmark = pytest.mark.django_db

FOLDER = Path(os.environ.get("SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "olist"
with_the_set = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no Olist set: put it at ../shared/data or set SHARED_DATA"
)


def counted(name: str) -> list[dict[str, str]]:
    """The rows of a file, read with nothing of ours."""
    with gzip.open(FOLDER / f"{name}.csv.gz") as packed:
        return list(csv.DictReader(io.TextIOWrapper(packed, "utf-8-sig")))


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


@with_the_set
@pytest.mark.slow
def test_every_order_of_the_set_arrives_and_a_second_run_changes_nothing() -> None:
    report = run(FOLDER, source="olist", rebase_to=dt.date(2026, 11, 20))
    orders, items, payments = counted("orders"), counted("order_items"), counted("order_payments")
    assert codes(report) == []
    assert report.as_data()["orders"]["created"] == Order.objects.count() == len(orders) == 4876
    assert OrderLine.objects.count() == len(items)
    assert Payment.objects.count() == len(payments)
    assert Person.objects.count() == len({row["customer_unique_id"] for row in counted("customers")})
    assert Product.objects.count() == len({row["product_id"] for row in items})
    assert Shipment.objects.count() == sum(bool(row["order_delivered_carrier_date"]) for row in orders)

    approved = {row["order_id"] for row in orders if row["order_approved_at"]}
    paid = sum(cents(row["payment_value"]) for row in payments if row["order_id"] in approved)
    assert Order.objects.aggregate(sum=Sum("paid_minor"))["sum"] == paid
    assert Order.objects.aggregate(sum=Sum("goods_minor"))["sum"] == sum(cents(row["price"]) for row in items)
    statuses = dict(Order.objects.values_list("external_status").annotate(Count("id")).order_by())
    told: dict[str, int] = defaultdict(int)
    for row in orders:
        told[row["order_status"]] += 1
    assert statuses == told

    # To the cent: what was paid for lines, and the freight, is what was paid for the order.
    with_lines = Order.objects.annotate(of_lines=Sum("lines__paid_minor")).filter(of_lines__isnull=False)
    assert not with_lines.exclude(paid_minor=F("of_lines") + F("freight_minor")).exists()

    newest = Order.objects.aggregate(newest=Max("delivered_at"))["newest"]
    assert clock.shop_date(newest) == dt.date(2026, 11, 20)
    first = counted("orders")[0]
    order = Order.objects.get(number=first["order_id"])
    there = dt.datetime.fromisoformat(first["order_purchase_timestamp"]) + dt.timedelta(hours=3)  # Brasília to UTC
    assert order.placed_at == there.replace(tzinfo=dt.UTC) + dt.timedelta(days=report.shift_days)

    before = list(Order.objects.order_by("pk").values()) + list(OrderLine.objects.order_by("pk").values())
    again = run(FOLDER, source="olist", rebase_to=dt.date(2026, 11, 20))
    assert again.as_data()["orders"]["unchanged"] == 4876
    assert list(Order.objects.order_by("pk").values()) + list(OrderLine.objects.order_by("pk").values()) == before


ORDERS = [
    "order_id",
    "customer_id",
    "order_status",
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
]


def small_set(folder: Path, *, status: str = "delivered", approved: str = "2018-01-01 11:00:00") -> Path:
    csv_file(
        folder / "orders.csv",
        [
            ORDERS,
            [
                "a" * 32,
                "c1",
                status,
                "2018-01-01 10:00:00",
                approved,
                "2018-01-02 10:00:00",
                "2018-01-05 10:00:00",
                "2018-01-10 00:00:00",
            ],
        ],
    )
    csv_file(
        folder / "items.csv",
        [
            ["order_id", "order_item_id", "product_id", "price", "freight_value"],
            ["a" * 32, "1", "p" * 32, "10.00", "3.33"],
            ["a" * 32, "2", "q" * 32, "20.00", "0"],
        ],
    )
    csv_file(
        folder / "pay.csv",
        [
            ["order_id", "payment_sequential", "payment_type", "payment_installments", "payment_value"],
            ["a" * 32, "1", "voucher", "1", "5.00"],
            ["a" * 32, "2", "credit_card", "8", "25.00"],
        ],
    )
    csv_file(
        folder / "customers.csv", [["customer_id", "customer_unique_id", "customer_city"], ["c1", "u1", "São Paulo"]]
    )
    csv_file(
        folder / "products.csv", [["product_id", "product_category_name"], ["p" * 32, "telefonia"], ["q" * 32, ""]]
    )
    return folder


def test_an_order_is_joined_from_five_files(tmp_path: Path) -> None:
    report = run(small_set(tmp_path), source="olist")
    assert codes(report) == []
    order = Order.objects.get()
    assert (order.currency, order.shop.name, order.payment_method) == ("BRL", "Olist", "voucher + credit_card")
    assert (order.goods_minor, order.freight_minor, order.paid_minor, order.discount_minor) == (3000, 333, 3000, 333)
    assert [line.paid_minor for line in order.lines.all()] == [889, 1778]
    assert [(pay.method, pay.instalments) for pay in order.payments.all()] == [("voucher", 1), ("credit_card", 8)]
    phone, nameless = order.lines.all()
    assert phone.title == "手机通讯 / Telephony · pppppppp"
    assert phone.sku is not None
    assert phone.sku.product.category is not None
    assert phone.sku.product.category.goods_class == "three_guarantees"
    assert nameless.title.startswith("未分类")
    # "By 10 January" in Brazil ends with that day.
    assert order.promised_at == dt.datetime(2018, 1, 11, 2, tzinfo=dt.UTC)


def test_money_that_was_never_approved_was_not_paid(tmp_path: Path) -> None:
    run(small_set(tmp_path, status="created", approved=""), source="olist")
    order = Order.objects.get()
    assert (order.status, order.paid_minor, order.goods_minor) == ("unpaid", 0, 3000)
    assert all(pay.captured_at is None for pay in order.payments.all())


def test_a_set_without_its_items_is_refused_as_a_whole(tmp_path: Path) -> None:
    (small_set(tmp_path) / "items.csv").unlink()
    from customers.importers.problems import BadFile

    with pytest.raises(BadFile) as told:
        run(tmp_path, source="olist")
    assert told.value.params["missing"] == "order items"


def test_a_bad_item_is_reported_in_the_file_where_it_stands(tmp_path: Path) -> None:
    folder = small_set(tmp_path)
    text = (folder / "items.csv").read_text(encoding="utf-8-sig").replace("20.00", "twenty")
    (folder / "items.csv").write_text(text, encoding="utf-8")
    report = run(folder, source="olist")
    assert [(bad.file, bad.line, bad.column) for bad in report.bad_rows] == [("items.csv", 3, "price")]
    assert not Order.objects.exists()
