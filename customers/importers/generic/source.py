"""Rows of the shop's own list into order facts. Times without an offset are in the shop's zone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput
from customers.actions.importing.shapes import (
    ArticleFacts,
    CategoryFacts,
    LineFacts,
    OrderFacts,
    PaymentFacts,
    ShipmentFacts,
)
from customers.importers.cells import Row
from customers.importers.couriers import courier_code
from customers.importers.generic.buyer import address_of, buyer_of
from customers.importers.generic.columns import LINES, METHODS, OF_ORDER, STATUS
from customers.importers.generic.pricing import Prices, currency_of, prices_of
from customers.importers.problems import BadCell, BadFile, BadRow
from customers.importers.source import Found, Intake
from customers.models import Order
from customers.models.shipment import TrackingStatus

_GONE = (Order.Status.SHIPPED, Order.Status.DELIVERED, Order.Status.COMPLETED)


class GenericSource:
    name = "generic"

    @property
    def shop_name(self) -> str:
        return settings.SHOP_NAME or "自营店"

    @property
    def currency(self) -> str:
        return str(settings.SHOP_CURRENCY)

    def orders(self, files: Sequence[Path], intake: Intake) -> Iterator[Found]:
        """Every order of the files. Rows of one order need not stand together. Raises `BadFile`."""
        tables = [table for path in files if (table := intake.open(path, (LINES,))) is not None]
        if not tables:
            raise BadFile(_("None of the files could be read."), code="files_missing")
        for table in tables:
            intake.shelve(table, lambda row: row.identifier("order_number", required=True), per_file=True)
        for key in intake.shelf.keys(LINES.name):
            rows = intake.shelf.get(LINES.name, key)
            try:
                yield Found(_order(key.partition("\n")[2], _once_each(rows, intake), self.currency), rows[0])
            except BadInput as problem:
                intake.report.orders_left_out += 1
                intake.report.complain(rows[0], problem)


def _once_each(rows: list[Row], intake: Intake) -> list[Row]:
    """The rows of an order without those that repeat another word for word and have no line number to tell them apart."""
    kept: list[Row] = []
    for row in rows:
        twin = next((other for other in kept if other.cells == row.cells), None)
        if twin is None:
            kept.append(row)
            continue
        intake.report.complain(
            row,
            BadRow(
                _("The row repeats line %(line)s and was left out. Give both a line_number if both are meant."),
                code="line_twice",
                line=twin.line,
            ),
        )
    return kept


def _order(number: str, rows: list[Row], default_currency: str) -> OrderFacts:
    head = rows[0]
    _must_agree(rows)
    currency = currency_of(head, default_currency)
    instants = {
        name: head.instant(name, clock.shop_zone())
        for name in ("paid_at", "shipped_at", "delivered_at", "promised_at", "completed_at")
    }
    placed_at = head.instant("ordered_at", clock.shop_zone(), required=True)
    status = _status(head, instants)
    prices = prices_of(head, rows, currency, is_paid=status != Order.Status.UNPAID)
    shipped = status in _GONE or instants["shipped_at"] is not None
    method = _method(head)
    return OrderFacts(
        number=number,
        buyer=buyer_of(head, number),
        address=address_of(head),
        status=status,
        external_status=head.text("status", 60),
        currency=currency,
        lines=_lines(rows, prices, currency, shipped=shipped),
        shipments=_shipments(head, status, instants) if shipped else (),
        payments=_payments(head, method, prices.paid, instants["paid_at"] or placed_at),
        goods_minor=sum(prices.gross),
        discount_minor=prices.shares.total_discount if prices.paid else 0,
        freight_minor=prices.shares.freight,
        paid_minor=prices.paid,
        free_shipping=Order.FreeShipping.PAID if prices.freight else Order.FreeShipping.FREE,
        payment_method=method if prices.paid else "",
        buyer_message=head.text("buyer_message", 500, cut=True),
        seller_memo=head.text("seller_memo", 500, cut=True),
        placed_at=placed_at,  # type: ignore[arg-type]  # required
        **instants,
    )


def _must_agree(rows: list[Row]) -> None:
    """Rows of one order may leave the order's columns blank, but not contradict the first one."""
    head = rows[0]
    for row in rows[1:]:
        for column in OF_ORDER:
            if row.text(column, 1000, cut=True) not in ("", head.text(column, 1000, cut=True)):
                raise BadCell(
                    column,
                    _("“%(text)s” contradicts line %(other)s of the same order, where it says “%(there)s”."),
                    code="order_contradicts",
                    file=row.file,
                    line=row.line,
                    text=row.text(column, 60, cut=True),
                    other=head.line,
                    there=head.text(column, 60, cut=True),
                )


def _status(head: Row, instants: Mapping[str, dt.datetime | None]) -> str:
    told = head.text("status", 60).casefold()
    if told and told not in STATUS:
        raise BadCell("status", _("The status “%(status)s” is not known."), code="status_unknown", status=told)
    if told:
        return STATUS[told]
    for name, status in (
        ("completed_at", Order.Status.COMPLETED),
        ("delivered_at", Order.Status.DELIVERED),
        ("shipped_at", Order.Status.SHIPPED),
    ):
        if instants[name]:
            return status.value
    return Order.Status.PAID.value


def _lines(rows: list[Row], prices: Prices, currency: str, *, shipped: bool) -> tuple[LineFacts, ...]:
    lines = []
    shares = prices.shares
    numbers: set[str] = set()
    for position, row in enumerate(rows, start=1):
        number = row.identifier("line_number") or str(position)
        if number in numbers:
            raise BadCell(
                "line_number",
                _("Two rows of the order have the line number %(number)s."),
                code="line_twice",
                file=row.file,
                line=row.line,
                number=number,
            )
        numbers.add(number)
        quantity = row.quantity("quantity")
        lines.append(
            LineFacts(
                number=number,
                article=_article(row),
                quantity=quantity,
                shipped_quantity=quantity if shipped else 0,
                unit_price_minor=row.money("unit_price", currency, default=None),
                discount_minor=shares.discount[position - 1] if prices.paid else 0,
                paid_minor=shares.paid[position - 1],
                freight_minor=0,
                is_gift=row.flag("is_gift"),
                exclusion_confirmed=row.flag("exclusion_confirmed"),
            )
        )
    return tuple(lines)


def _article(row: Row) -> ArticleFacts:
    title = row.text("title", 200, required=True, cut=True)
    variant = row.text("variant", 120, cut=True)
    category = row.text("category", 60)
    # Without codes of the shop's own, the same words are the same article.
    product = row.identifier("product_code") or row.identifier("sku") or f"T{_short(title)}"
    sku = row.identifier("sku") or (f"{product}-{_short(variant)}" if variant else product)
    facts = CategoryFacts(code=category, name_zh=category) if category else None
    return ArticleFacts(sku=sku[:64], product=product[:64], title=title, variant=variant, category=facts)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _method(head: Row) -> str:
    told = head.text("payment_method", 40).casefold()
    if not told:
        return "other"
    if told not in METHODS:
        raise BadCell(
            "payment_method", _("The way of payment “%(text)s” is not known."), code="method_unknown", text=told
        )
    return METHODS[told]


def _payments(head: Row, method: str, paid: int, at: dt.datetime | None) -> tuple[PaymentFacts, ...]:
    if not paid:
        return ()
    return (PaymentFacts(1, method, paid, reference=head.identifier("payment_reference"), captured_at=at),)


def _shipments(head: Row, status: str, instants: Mapping[str, dt.datetime | None]) -> tuple[ShipmentFacts, ...]:
    signed = instants["delivered_at"]
    arrived = signed or status in (Order.Status.DELIVERED, Order.Status.COMPLETED)
    return (
        ShipmentFacts(
            carrier=courier_code(head.text("carrier", 40)),
            number=head.identifier("tracking_number", 40),
            status=TrackingStatus.SIGNED if arrived else TrackingStatus.IN_TRANSIT,
            shipped_at=instants["shipped_at"],
            signed_at=signed,
            promised_at=instants["promised_at"],
        ),
    )
