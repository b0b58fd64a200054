"""Money going back, as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from aftersales.api.serializers.shape import MoneyField
from returns.models import Refund, RefundComponent


class ComponentAnswer(serializers.ModelSerializer[RefundComponent]):
    amount = MoneyField(source="amount_minor", currency="refund.currency")
    line = serializers.IntegerField(source="line_id", read_only=True, allow_null=True)

    class Meta:
        model = RefundComponent
        fields = ("kind", "line", "quantity", "amount")


class RefundAnswer(serializers.ModelSerializer[Refund]):
    return_ref = serializers.CharField(source="of.ref", read_only=True)
    total = MoneyField(source="total_minor")
    released = serializers.SerializerMethodField(help_text="By how many people.")
    components = ComponentAnswer(many=True, read_only=True)

    class Meta:
        model = Refund
        fields = (
            "ref", "return_ref", "purpose", "status", "total", "components", "due_at", "needs_second", "released",
            "paid_at", "provider", "provider_ref",
        )  # fmt: skip

    def get_released(self, refund: Refund) -> int:
        return sum(each is not None for each in (refund.first_by_id, refund.second_by_id))
