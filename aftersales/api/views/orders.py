"""Orders to read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Door, Listing
from aftersales.api.filters import OrderFilter
from aftersales.api.serializers.orders import OrderAnswer, OrderBrief
from aftersales.kernel.errors import NotFound
from customers.models import Order


class Orders(Listing):
    """Newest first by when they came into the archive."""

    verbs = {"GET": "order.view"}
    says = "List orders"
    answer = OrderBrief
    filters = OrderFilter

    def rows(self) -> QuerySet[Any]:
        return Order.objects.visible_to(self.actor).select_related("shop")


class OneOrder(Door):
    """With lines, parcels, and contacts masked."""

    verbs = {"GET": "order.view"}
    says = "Read an order"
    answer = OrderAnswer

    def get(self, request: Request, order_id: int) -> Response:
        rows = (
            Order.objects.visible_to(self.actor).preloaded().prefetch_related("person__contact_points", "lines__order")
        )
        order = rows.filter(pk=order_id).first()
        if order is None:
            raise NotFound
        return Response(self.answer(order, context={"actor": self.actor}).data)
