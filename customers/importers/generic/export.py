"""Write orders as the shop's own list, so that what comes out can go in again. Called by the command `export_orders`."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import IO

from aftersales.kernel import clock
from aftersales.kernel.money import Money
from customers.importers.generic.columns import COLUMNS
from customers.models import ContactPoint, Order, OrderLine

# What a spreadsheet would run as a formula, also after blanks and in full width. Numbers are no formulas.
_FORMULA = re.compile(r"^[\s\u3000]*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


def as_text(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run: an apostrophe in front, which the import takes off again."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def write_orders(orders: Iterable[Order], file: IO[str]) -> int:
    """Write header and one row per line; returns the number of orders. Money in major units, times in the shop's zone."""
    writer = csv.DictWriter(file, fieldnames=list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    count = 0
    for order in orders:
        count += 1
        for values in _rows(order):
            writer.writerow({name: as_text(value) for name, value in values.items()})
    return count


def _rows(order: Order) -> Iterator[dict[str, str]]:
    head = {**_order(order), **_buyer(order), **_parcel(order)}
    for line in order.lines.all():
        yield {"order_number": order.number, **_line(order, line), **head}
        head = {}  # said once; the import reads blanks as the same


def _order(order: Order) -> dict[str, str]:
    payment = next(iter(order.payments.all()), None)
    return {
        "ordered_at": _instant(order.placed_at),
        "currency": order.currency,
        "status": order.status,
        "paid": _money(order.paid_minor, order.currency),
        "freight": _money(order.freight_minor, order.currency),
        "payment_method": payment.method if payment else "",
        "payment_reference": payment.reference if payment else "",
        **{
            name: _instant(getattr(order, name))
            for name in ("paid_at", "shipped_at", "delivered_at", "promised_at", "completed_at")
        },
        "buyer_message": order.buyer_message,
        "seller_memo": order.seller_memo,
    }


def _line(order: Order, line: OrderLine) -> dict[str, str]:
    product = line.sku.product if line.sku else None
    return {
        "ordered_at": _instant(order.placed_at),
        "line_number": line.number,
        "title": line.title,
        "variant": line.variant,
        "quantity": str(line.quantity),
        "unit_price": _money(line.unit_price_minor, order.currency),
        "line_discount": _money(line.discount_minor, order.currency),
        "sku": line.sku.code if line.sku else "",
        "product_code": product.code if product else "",
        "category": product.category.code if product and product.category else "",
        "is_gift": "yes" if line.is_gift else "",
        "exclusion_confirmed": "yes" if line.exclusion_confirmed else "",
    }


def _buyer(order: Order) -> dict[str, str]:
    points = list(order.person.contact_points.all())
    phone = next((point.value for point in points if point.kind == ContactPoint.Kind.PHONE), "")
    email = next((point.value for point in points if point.kind == ContactPoint.Kind.EMAIL), "")
    address = order.address
    parts = ("recipient", "country", "province", "city", "district", "postcode")
    return {
        "customer_id": order.person.external_id.removeprefix("id:"),
        "customer_name": order.person.name,
        "nick": order.person.nick,
        "language": "en" if order.person.locale == "en" else "zh",
        "phone": _dialled(phone),
        "email": email,
        **({name: getattr(address, name) for name in parts} if address else {}),
        "recipient_phone": _dialled(address.phone) if address else "",
        "address": address.line if address else "",
    }


def _parcel(order: Order) -> dict[str, str]:
    parcel = next(iter(order.shipments.all()), None)
    return {"carrier": parcel.carrier, "tracking_number": parcel.number} if parcel else {}


def _dialled(phone: str) -> str:
    """Without the plus, which a spreadsheet would take for a sum: the national number, or 00 and the country."""
    return phone.removeprefix("+86") if phone.startswith("+86") else phone.replace("+", "00", 1)


def _money(minor: int, currency: str) -> str:
    return Money(minor, currency).plain()


def _instant(value: dt.datetime | None) -> str:
    return value.astimezone(clock.shop_zone()).strftime("%Y-%m-%d %H:%M:%S") if value else ""
