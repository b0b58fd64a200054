"""Orders that were signed for, and visits in a stage, for the tests of visits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aftersales.kernel import clock
from customers.models import Category, Order
from tests.world import a_sku, an_order
from tickets.actions.visits.due import come_due
from tickets.actions.visits.planning import plan_after_signing
from tickets.models import Visit


def at(day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    """A time in November 2026 on the shop's clock."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=clock.shop_zone())


def an_appliance(**fields: Any) -> Order:
    """An order of one kettle, for which customers are called until they cope. Signed for on the clock's own day."""
    Category.objects.get_or_create(
        code="appliances", defaults={"name_zh": "小家电", "name_en": "Appliances", "goods_class": "three_guarantees"}
    )
    sku = a_sku(title="恒温电水壶", variant="白", category="appliances")
    return an_order(days_ago=0, skus=[(sku, 1)], **fields)


def a_visit(order: Order | None = None) -> Visit:
    """The first call about a kettle, due now and given to nobody yet. Call with the clock held."""
    order = order or an_appliance()
    plan_after_signing(order.pk, at=clock.now())
    return Visit.objects.filter(order=order).order_by("number")[0]


def due(visit: Visit) -> Visit:
    """Its time has come."""
    come_due(visit.pk, at=visit.due_at)
    visit.refresh_from_db()
    return visit
