"""Olist's files into order facts. Times in the files are Brasília wall-clock time; money is BRL."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.errors import BadInput
from customers.actions.importing.shapes import (
    AddressFacts,
    ArticleFacts,
    BuyerFacts,
    LineFacts,
    OrderFacts,
    PaymentFacts,
    ShipmentFacts,
)
from customers.importers.allocation import share_out
from customers.importers.cells import Row
from customers.importers.olist import layouts
from customers.importers.olist.categories import category_of
from customers.importers.problems import BadCell, BadFile
from customers.importers.source import Found, Intake
from customers.models import Order, Payment
from customers.models.shipment import TrackingStatus

_ZONE = ZoneInfo("America/Sao_Paulo")
_BRL = "BRL"
_STATUS = {
    "created": Order.Status.UNPAID,
    "approved": Order.Status.PAID,
    "invoiced": Order.Status.PAID,
    "processing": Order.Status.PAID,
    "shipped": Order.Status.SHIPPED,
    "delivered": Order.Status.DELIVERED,
    "canceled": Order.Status.CANCELLED,
    "unavailable": Order.Status.UNAVAILABLE,
}
_METHOD = {
    "credit_card": Payment.Method.CREDIT_CARD,
    "debit_card": Payment.Method.DEBIT_CARD,
    "boleto": Payment.Method.BANK_SLIP,
    "voucher": Payment.Method.VOUCHER,
}


class OlistSource:
    name = "olist"
    shop_name = "Olist"
    currency = _BRL

    def orders(self, files: Sequence[Path], intake: Intake) -> Iterator[Found]:
        """Every order of the set, joined from its files in whatever order they come. Raises `BadFile`."""
        _put_on_shelf(files, intake)
        noted: Counter[str] = Counter()
        for number, row in intake.once(layouts.ORDERS.name):
            try:
                yield Found(_order(number, row, intake, noted), row)
            except BadInput as problem:
                intake.report.orders_left_out += 1
                intake.report.complain(row, problem)
        _remark(noted, intake)


def _put_on_shelf(files: Sequence[Path], intake: Intake) -> None:
    keys = {
        layouts.ORDERS.name: "order_id",
        layouts.ITEMS.name: "order_id",
        layouts.PAYMENTS.name: "order_id",
        layouts.CUSTOMERS.name: "customer_id",
        layouts.PRODUCTS.name: "product_id",
    }
    found = set()
    for path in files:
        table = intake.open(path, layouts.ALL)
        if table is None:
            continue
        found.add(table.layout.name)
        if (column := keys.get(table.layout.name)) is None:
            intake.report.files.append({"file": table.file, "kind": table.layout.name, "rows": 0})
            continue
        intake.shelve(table, _key(column), per_file=table.layout is layouts.ORDERS)
    missing = [layout.name for layout in layouts.NEEDED if layout.name not in found]
    if missing:
        raise BadFile(
            gettext_lazy("The set is not complete: there is no file with %(missing)s."),
            code="files_missing",
            missing=", ".join(missing),
        )


def _key(column: str) -> Callable[[Row], str]:
    return lambda row: row.identifier(column, required=True)


def _order(number: str, row: Row, intake: Intake, noted: Counter[str]) -> OrderFacts:
    told = row.text("order_status", 40, required=True)
    if told not in _STATUS:
        raise BadCell(
            "order_status", gettext_lazy("The status “%(status)s” is not known."), code="status_unknown", status=told
        )
    status = _STATUS[told]
    customer = _customer(row, intake)
    approved = row.instant("order_approved_at", _ZONE)
    shipped = row.instant("order_delivered_carrier_date", _ZONE)
    delivered = row.instant("order_delivered_customer_date", _ZONE)
    promised = row.instant("order_estimated_delivery_date", _ZONE)
    # The estimate is a day written as its midnight; the promise is broken only when that day is over.
    promised = promised + dt.timedelta(days=1) if promised else None
    payments = _payments(number, approved, intake)
    paid = sum(payment.amount_minor for payment in payments if payment.captured_at)
    items = intake.shelf.get(layouts.ITEMS.name, number)
    lines, charged, freight = _lines(items, intake, paid=paid, shipped=shipped is not None)
    goods = sum(line.unit_price_minor for line in lines)
    _note(noted, told, approved, delivered, items, paid - goods - charged)
    return OrderFacts(
        number=number,
        buyer=BuyerFacts(key=customer.identifier("customer_unique_id", required=True), locale="en"),
        address=_address(customer),
        status=status,
        external_status=told,
        currency=_BRL,
        lines=lines,
        shipments=_shipments(shipped, delivered, promised),
        payments=payments,
        goods_minor=goods,
        discount_minor=max(0, goods + charged - paid) if approved and lines else 0,
        freight_minor=freight,
        paid_minor=paid,
        free_shipping=Order.FreeShipping.PAID if charged else Order.FreeShipping.FREE,
        payment_method=" + ".join(dict.fromkeys(payment.method for payment in payments))[:40],
        placed_at=row.instant("order_purchase_timestamp", _ZONE, required=True),  # type: ignore[arg-type]
        paid_at=approved,
        shipped_at=shipped,
        delivered_at=delivered,
        promised_at=promised,
    )


def _customer(row: Row, intake: Intake) -> Row:
    customer_id = row.identifier("customer_id", required=True)
    customers = intake.shelf.get(layouts.CUSTOMERS.name, customer_id)
    if not customers:
        raise BadCell(
            "customer_id",
            gettext_lazy("The file of customers does not have “%(id)s”."),
            code="customer_missing",
            id=customer_id,
        )
    return customers[0]


def _address(customer: Row) -> AddressFacts:
    """Town and first digits of the postcode: the set tells no street."""
    return AddressFacts(
        country="BR",
        province=customer.text("customer_state", 40),
        city=customer.text("customer_city", 60),
        postcode=customer.identifier("customer_zip_code_prefix", 12),
    )


def _payments(number: str, approved: dt.datetime | None, intake: Intake) -> tuple[PaymentFacts, ...]:
    """The tenders of an order. Money counts as taken once the order was approved; before that it was only intended."""
    return tuple(
        PaymentFacts(
            number=row.quantity("payment_sequential"),
            method=_METHOD.get(row.text("payment_type", 40), Payment.Method.OTHER),
            amount_minor=row.money("payment_value", _BRL, default=None),
            instalments=max(1, int(row.identifier("payment_installments") or 1)),
            captured_at=approved,
        )
        for row in intake.shelf.get(layouts.PAYMENTS.name, number)
    )


def _lines(items: list[Row], intake: Intake, *, paid: int, shipped: bool) -> tuple[tuple[LineFacts, ...], int, int]:
    """One line per item row; the freight of the whole order as charged, and as paid."""
    prices = [item.money("price", _BRL, default=None) for item in items]
    freights = [item.money("freight_value", _BRL) for item in items]
    freight = sum(freights)
    shares = share_out(prices, paid=paid, freight=freight, currency=_BRL)
    lines = tuple(
        LineFacts(
            number=item.identifier("order_item_id", required=True),
            article=_article(item.identifier("product_id", required=True), intake),
            quantity=1,
            shipped_quantity=1 if shipped else 0,
            unit_price_minor=price,
            discount_minor=discount if paid else 0,
            paid_minor=share,
            freight_minor=freight_share,
        )
        for item, price, freight_share, share, discount in zip(
            items, prices, freights, shares.paid, shares.discount, strict=True
        )
    )
    return lines, freight, shares.freight


def _article(product_id: str, intake: Intake) -> ArticleFacts:
    rows = intake.shelf.get(layouts.PRODUCTS.name, product_id)
    category = category_of(rows[0].text("product_category_name", 60) if rows else "")
    facts = category.facts
    title = f"{facts.name_zh} / {facts.name_en} · {product_id[:8]}"
    return ArticleFacts(product_id, product_id, title, category=facts, exclusion=category.exclusion)


def _shipments(
    shipped: dt.datetime | None, delivered: dt.datetime | None, promised: dt.datetime | None
) -> tuple[ShipmentFacts, ...]:
    """One parcel once the carrier has it; the set names neither carrier nor number."""
    if shipped is None:
        return ()
    status = TrackingStatus.SIGNED if delivered else TrackingStatus.IN_TRANSIT
    return (ShipmentFacts("", "", status, shipped_at=shipped, signed_at=delivered, promised_at=promised),)


def _note(
    noted: Counter[str],
    told: str,
    approved: dt.datetime | None,
    delivered: dt.datetime | None,
    items: list[Row],
    surcharge: int,
) -> None:
    noted["no_items"] += not items
    noted["not_approved"] += approved is None
    noted["no_delivery_time"] += told == "delivered" and delivered is None
    noted["surcharge"] += bool(items) and approved is not None and surcharge > 0


def _remark(noted: Counter[str], intake: Intake) -> None:
    sentences = {
        "no_items": _("%(count)s orders have no items in the files; they were taken without lines."),
        "not_approved": _("%(count)s orders were never approved; their payment counts as not taken."),
        "no_delivery_time": _("%(count)s delivered orders carry no time of delivery; it stays empty."),
        "surcharge": _(
            "%(count)s orders paid more than goods and freight (instalments); the rest is shared over the lines."
        ),
    }
    for name, sentence in sentences.items():
        if noted[name]:
            intake.report.remark(sentence % {"count": noted[name]})
