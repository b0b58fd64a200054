"""What all bodies and answers share: unknown fields are refused, money has a currency, references are text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.kernel.errors import BadInput
from aftersales.kernel.money import Money


class Strict(serializers.Serializer):
    """A body. A field nobody asked for is an error with its name: a typing mistake must not pass as a missing value."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            strange = [name for name in data if name not in self.fields]
            if strange:
                raise serializers.ValidationError(
                    {str(name)[:60]: [_("There is no such field here.")] for name in strange}, code="unknown_field"
                )
        return super().to_internal_value(data)


class Nothing(Strict):
    """An empty body."""


class Text(serializers.CharField):
    """Text as typed. Its content is judged by the action, which knows better; only its length is bounded here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 5000, "trim_whitespace": True, **options})


_MONEY = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "example": "12.50"},
        "minor": {"type": "integer", "example": 1250},
        "currency": {"type": "string", "example": "CNY"},
    },
    "required": ["amount", "minor", "currency"],
}


@extend_schema_field(_MONEY)
class MoneyField(serializers.Field):
    """`{"amount": "12.50", "minor": 1250, "currency": "CNY"}`. `source` names the column of minor units, `currency` the
    path to the currency from the same row (dots for steps)."""

    def __init__(self, *, currency: str = "currency", **options: Any) -> None:
        self.currency = currency
        self.column = options.pop("source", "")
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, row: Any) -> dict[str, Any] | None:
        minor = getattr(row, self.column)
        if minor is None:
            return None
        code = row
        for part in self.currency.split("."):
            code = getattr(code, part)
        return money(Money(minor, code))


def money(amount: Money) -> dict[str, Any]:
    return {"amount": amount.plain(), "minor": amount.minor, "currency": amount.currency}


@extend_schema_field({"type": "string", "example": "12.50", "description": "In major units of the order's currency."})
class AmountField(serializers.Field):
    """An amount in a body, as text in major units: `"12.50"`. A JSON number is refused, because it may not be exact."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or len(data) > 30:
            raise serializers.ValidationError(_("Write the amount as text, such as “12.50”."))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


def read_amount(text: str, currency: str, field: str) -> int:
    """Minor units of what `AmountField` let through. Raises `BadInput` naming the field."""
    try:
        return Money.parse(text, currency).minor
    except BadInput as problem:
        problem.field = field
        raise
