"""A return as the API shows it: what was asked, what the rules said, what was decided, and where goods and money are."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.api.serializers.orders import SkuAnswer
from aftersales.api.serializers.refunds import RefundAnswer
from aftersales.api.serializers.shape import MoneyField
from aftersales.api.serializers.verdicts import VerdictAnswer
from returns.models import (
    Approval,
    Contest,
    Exchange,
    FreightEntry,
    InfoRequest,
    Rejection,
    Repair,
    Reshipment,
    Return,
    ReturnLine,
    ReturnParcel,
)


class OrderName(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    platform = serializers.CharField()


class ReturnBrief(serializers.ModelSerializer[Return]):
    """A row of the list."""

    order = OrderName(read_only=True)

    class Meta:
        model = Return
        fields = ("ref", "kind", "status", "is_contested", "order", "channel", "submitted_at", "status_at", "closed_at")


class ReturnLineAnswer(serializers.ModelSerializer[ReturnLine]):
    order_line = serializers.IntegerField(source="order_line_id", read_only=True)
    title = serializers.CharField(source="order_line.title", read_only=True)
    variant = serializers.CharField(source="order_line.variant", read_only=True)
    wanted_sku = SkuAnswer(read_only=True)
    verdict = serializers.SerializerMethodField(help_text="The one that stands now.")

    class Meta:
        model = ReturnLine
        fields = (
            "id", "order_line", "title", "variant", "quantity", "reason", "found_reason", "story", "wanted_sku",
            "received_quantity", "accepted_quantity", "verdict",
        )  # fmt: skip

    @extend_schema_field(VerdictAnswer(allow_null=True))
    def get_verdict(self, line: ReturnLine) -> object:
        standing = next((each for each in line.verdicts.all() if not each.superseded), None)
        return VerdictAnswer(standing, context=self.context).data if standing else None


class ApprovalAnswer(serializers.ModelSerializer[Approval]):
    refund_at_most = MoneyField(source="most_minor", currency="of.order.currency")

    class Meta:
        model = Approval
        fields = ("at", "recipient", "phone", "address", "refund_at_most")


class ContestAnswer(serializers.ModelSerializer[Contest]):
    class Meta:
        model = Contest
        fields = ("story", "at", "settled_at", "upheld", "answer")


class RejectionAnswer(serializers.ModelSerializer[Rejection]):
    contest = serializers.SerializerMethodField()

    class Meta:
        model = Rejection
        fields = ("stage", "reason", "clause", "alternative", "at", "lifted_at", "contest")

    @extend_schema_field(ContestAnswer(allow_null=True))
    def get_contest(self, rejection: Rejection) -> object:
        contest = getattr(rejection, "contest", None)
        return ContestAnswer(contest).data if contest else None


class InfoRequestAnswer(serializers.ModelSerializer[InfoRequest]):
    class Meta:
        model = InfoRequest
        fields = ("question", "at", "answer", "answered_at")


class ParcelAnswer(serializers.ModelSerializer[ReturnParcel]):
    freight_told = MoneyField(source="freight_told_minor", currency="of.order.currency")

    class Meta:
        model = ReturnParcel
        fields = ("id", "carrier", "number", "freight_told", "entered_at", "signed_at")


class FreightEntryAnswer(serializers.ModelSerializer[FreightEntry]):
    amount = MoneyField(source="amount_minor", currency="of.order.currency")

    class Meta:
        model = FreightEntry
        fields = ("leg", "payer", "amount")


class ExchangeAnswer(serializers.ModelSerializer[Exchange]):
    difference = MoneyField(source="difference_minor")

    class Meta:
        model = Exchange
        fields = ("difference", "difference_status", "stock_held", "settled_at")


class ReshipmentAnswer(serializers.ModelSerializer[Reshipment]):
    class Meta:
        model = Reshipment
        fields = ("carrier", "number", "shipped_at", "delivered_at")


class RepairAnswer(serializers.ModelSerializer[Repair]):
    outcome = serializers.CharField(read_only=True, help_text="`repaired` or `beyond`; empty while it lasts.")

    class Meta:
        model = Repair
        fields = ("came_in_at", "ended_at", "outcome", "fault", "parts")
        read_only_fields = fields


class ReturnAnswer(ReturnBrief):
    """One return, whole."""

    ticket = serializers.CharField(source="ticket.ref", read_only=True)
    lines = ReturnLineAnswer(many=True, read_only=True)
    approval = serializers.SerializerMethodField()
    rejections = RejectionAnswer(many=True, read_only=True)
    info_requests = InfoRequestAnswer(many=True, read_only=True)
    parcels = ParcelAnswer(many=True, read_only=True)
    freight = FreightEntryAnswer(many=True, read_only=True)
    refunds = RefundAnswer(many=True, read_only=True)
    exchange = serializers.SerializerMethodField()
    repair = serializers.SerializerMethodField()
    replacement = serializers.SerializerMethodField()

    class Meta:
        model = Return
        fields = (
            *ReturnBrief.Meta.fields,
            "ticket", "lines", "approval", "rejections", "info_requests", "parcels", "freight", "refunds", "exchange",
            "repair", "replacement",
        )  # fmt: skip

    @extend_schema_field(ApprovalAnswer(allow_null=True))
    def get_approval(self, ret: Return) -> object:
        return ApprovalAnswer(ret.approval).data if hasattr(ret, "approval") else None

    @extend_schema_field(ExchangeAnswer(allow_null=True))
    def get_exchange(self, ret: Return) -> object:
        return ExchangeAnswer(ret.exchange).data if hasattr(ret, "exchange") else None

    @extend_schema_field(RepairAnswer(allow_null=True))
    def get_repair(self, ret: Return) -> object:
        return RepairAnswer(ret.repair).data if hasattr(ret, "repair") else None

    @extend_schema_field(ReshipmentAnswer(allow_null=True))
    def get_replacement(self, ret: Return) -> object:
        return ReshipmentAnswer(ret.reshipment).data if hasattr(ret, "reshipment") else None
