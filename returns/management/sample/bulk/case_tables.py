"""The tables of returns that the large sample writes, in the order in which rows point at each other."""

from __future__ import annotations

from returns.management.sample.bulk.writer import Table
from returns.models import (
    Approval,
    CarrierClaim,
    Exchange,
    FreightEntry,
    InfoRequest,
    Inspection,
    Receipt,
    Refund,
    RefundComponent,
    Rejection,
    Reshipment,
    Return,
    ReturnLine,
    ReturnParcel,
)


class Tables:
    def __init__(self) -> None:
        self.returns = Table(
            Return, "ref", "kind", "status", "version", "ticket", "order", "person", "submitted_at", "status_at",
            "closed_at",
        )  # fmt: skip
        self.lines = Table(
            ReturnLine, "of", "order_line", "quantity", "reason", "story", "wanted_sku", "received_quantity",
            "accepted_quantity", "held_quantity",
        )  # fmt: skip
        self.approvals = Table(Approval, "of", "by", "at", "recipient", "phone", "address", "most_minor")
        self.rejections = Table(Rejection, "of", "by", "at", "reason", "clause", "alternative")
        self.questions = Table(InfoRequest, "of", "by", "at", "question")
        self.parcels = Table(ReturnParcel, "of", "carrier", "number", "freight_told_minor", "entered_at", "signed_at")
        self.receipts = Table(Receipt, "line", "quantity", "key", "by", "at")
        self.inspections = Table(Inspection, "line", "quantity", "accepted", "grade", "disposition", "by", "at")
        self.refunds = Table(
            Refund, "ref", "of", "purpose", "status", "total_minor", "currency", "due_at", "created_at", "needs_second",
            "first_by", "second_by", "paid_at", "provider", "provider_ref",
        )  # fmt: skip
        self.components = Table(RefundComponent, "refund", "kind", "line", "quantity", "amount_minor")
        self.freight = Table(FreightEntry, "of", "leg", "payer", "amount_minor")
        self.exchanges = Table(Exchange, "of", "currency", "stock_held", "created_at")
        self.reshipments = Table(Reshipment, "of", "carrier", "number", "shipped_at", "delivered_at")
        self.claims = Table(
            CarrierClaim, "of", "shipment", "carrier", "number", "reason", "amount_minor", "currency", "status",
            "opened_at", "due_at",
        )  # fmt: skip

    def in_order(self) -> tuple[Table, ...]:
        """Those pointed at before those that point."""
        return (
            self.returns, self.lines, self.approvals, self.rejections, self.questions, self.parcels,
            self.receipts, self.inspections, self.refunds, self.components, self.freight, self.exchanges,
            self.reshipments, self.claims,
        )  # fmt: skip
