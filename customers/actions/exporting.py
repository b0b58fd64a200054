"""Take orders out of the archive: who may, which, and that it happened. The command `export_orders` writes them down."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.models import Order, Shop
from customers.queries import OrderQuerySet


def orders_to_export(shop: Shop, *, actor: Actor, since: dt.datetime | None = None) -> OrderQuerySet:
    """The shop's orders placed since then (UTC), oldest first, with all that the file names."""
    check(actor, "order.export")
    orders: OrderQuerySet = Order.objects.visible_to(actor).filter(shop=shop)
    if since is not None:
        orders = orders.filter(placed_at__gte=since)
    related = orders.select_related("person", "address").prefetch_related(
        "lines__sku__product__category", "shipments", "payments", "person__contact_points"
    )
    return related.order_by("placed_at", "pk")


@transaction.atomic
def record_export(shop: Shop, *, orders: int, why: str, actor: Actor) -> None:
    """Personal data left the house: who took it, how much, and what for (PIPL art. 51)."""
    check(actor, "order.export")
    reason = kept_text(why, field="why", longest=200)
    record("orders.exported", on=shop, actor=actor, at=clock.now(), orders=orders, why=reason)
