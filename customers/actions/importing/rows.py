"""Facts of an order as unsaved rows, and which of their fields an import may write. Used by arrivals and revisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from customers.actions.importing.shapes import LineFacts, OrderFacts, PaymentFacts, ShipmentFacts
from customers.models import Order, OrderLine, Payment, Shipment, Sku, TrackingEvent
from customers.models.shipment import TrackingStatus

# `refunded_minor`, `claim_sha256`, `person` and `shop` are the desk's: an import writes them only when it creates.
ORDER_FIELDS = (
    "status", "external_status", "currency", "goods_minor", "discount_minor", "freight_minor", "paid_minor",
    "free_shipping", "payment_method", "buyer_message", "seller_memo",
    "placed_at", "paid_at", "shipped_at", "delivered_at", "promised_at", "completed_at",
)  # fmt: skip
# Not `claimed_quantity`.
LINE_FIELDS = (
    "title", "variant", "quantity", "shipped_quantity", "unit_price_minor", "discount_minor", "paid_minor",
    "freight_minor", "is_gift", "exclusion_confirmed", "platform_refund",
)  # fmt: skip
SHIPMENT_FIELDS = ("status", "shipped_at", "signed_at", "promised_at")
PAYMENT_FIELDS = ("method", "instalments", "amount_minor", "reference", "captured_at")


def order_values(facts: OrderFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in ORDER_FIELDS}


def line_values(facts: LineFacts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in LINE_FIELDS if name not in ("title", "variant")}
    return {**values, "title": facts.article.title, "variant": facts.article.variant}


def line_row(order: Order, facts: LineFacts, skus: dict[str, Sku]) -> OrderLine:
    return OrderLine(order=order, number=facts.number, sku=skus[facts.article.sku], **line_values(facts))


def shipment_values(facts: ShipmentFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in SHIPMENT_FIELDS}


def shipment_row(order: Order, facts: ShipmentFacts) -> Shipment:
    return Shipment(order=order, carrier=facts.carrier, number=facts.number, **shipment_values(facts))


def payment_values(facts: PaymentFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in PAYMENT_FIELDS}


def payment_row(order: Order, facts: PaymentFacts) -> Payment:
    return Payment(order=order, number=facts.number, **payment_values(facts))


def scans_of(shipment: Shipment) -> list[TrackingEvent]:
    """The two scans a file tells of. Others come from the carrier."""
    told: tuple[tuple[dt.datetime | None, str], ...] = (
        (shipment.shipped_at, TrackingStatus.PICKED_UP),
        (shipment.signed_at, TrackingStatus.SIGNED),
    )
    return [TrackingEvent(shipment=shipment, at=at, status=status) for at, status in told if at is not None]
