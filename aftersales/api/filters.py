"""What the lists may be narrowed by. A value that cannot be read is an error with its name."""

from __future__ import annotations

import django_filters as filters

from customers.models import Order
from returns.models import Return


class OrderFilter(filters.FilterSet):
    number = filters.CharFilter(label="Exact order number.", max_length=64)
    platform = filters.CharFilter(label="Platform the order came from.", max_length=20)
    shop = filters.NumberFilter(field_name="shop_id", label="Shop by id.", min_value=1, max_value=2**62)
    status = filters.MultipleChoiceFilter(choices=Order.Status.choices, label="Status; may be given several times.")
    placed_after = filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte", label="Placed at or after.")
    placed_before = filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="lt", label="Placed before.")

    class Meta:
        model = Order
        fields: list[str] = []


class ReturnFilter(filters.FilterSet):
    order = filters.NumberFilter(field_name="order_id", label="Order by id.", min_value=1, max_value=2**62)
    kind = filters.ChoiceFilter(choices=Return.Kind.choices, label="return, exchange or repair.")
    status = filters.MultipleChoiceFilter(choices=Return.Status.choices, label="Status; may be given several times.")
    contested = filters.BooleanFilter(field_name="is_contested", label="Whether a refusal is being contested.")
    shop = filters.NumberFilter(field_name="order__shop_id", label="Shop by id.", min_value=1, max_value=2**62)
    submitted_after = filters.IsoDateTimeFilter(field_name="submitted_at", lookup_expr="gte", label="At or after.")
    submitted_before = filters.IsoDateTimeFilter(field_name="submitted_at", lookup_expr="lt", label="Before.")

    class Meta:
        model = Return
        fields: list[str] = []
