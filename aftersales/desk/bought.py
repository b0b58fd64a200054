"""An order as its page shows it: what was bought, paid, sent, promised and asked back, in one statement."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.prepared import Later, lay_under, prepared
from aftersales.kernel.together import together
from customers.models import Note, Order, OrderLine, Payment, Promise, Shipment, TrackingEvent
from returns.models import Return
from tickets.models import Ticket
from tickets.models.promised import on_seen_tickets

_SHOWN = 20  # cases and notes


class Asked(NamedTuple):
    """What hangs on the order. `tickets` are the cases without a return."""

    lines: Later[OrderLine]
    shipments: Later[Shipment]
    tracking: Later[TrackingEvent]
    promises: Later[Promise]
    payments: Later[Payment]
    returns: Later[Return]
    tickets: Later[Ticket]
    notes: Later[Note]


def order_with(pk: int, actor: Actor) -> tuple[Order, Asked]:
    """The order within scope with its lines and parcels, and all the rest. Raises `NotFound`."""
    scope, orders = actor.scope, _order.later(actor.scope, pk=pk)
    asked = Asked(
        lines=_lines.later(order=pk),
        shipments=_shipments.later(order=pk),
        tracking=_tracking.later(order=pk),
        promises=_promises.later(scope, order=pk),
        payments=_payments.later(order=pk),
        returns=_returns.later(scope, order=pk),
        tickets=_tickets.later(scope, order=pk),
        notes=_notes.later(order=pk),
    )
    together(orders, *asked)
    if not orders.rows:
        raise NotFound
    [order] = orders.rows
    hanging: tuple[OrderLine | Shipment | Promise, ...] = (
        *asked.lines.rows, *asked.shipments.rows, *asked.promises.rows,
    )  # fmt: skip
    for each in hanging:
        each.order = order
    lay_under([order], "lines", asked.lines.rows, by="order_id")
    lay_under([order], "shipments", asked.shipments.rows, by="order_id")
    lay_under(asked.shipments.rows, "tracking", asked.tracking.rows, by="shipment_id")
    return order, asked


@prepared
def _order(scope: Actor, *, pk: int) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.visible_to(scope).select_related("shop", "person", "address")
    return rows.filter(pk=pk)


@prepared
def _lines(*, order: int) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order_id=order).select_related("sku__product__category")


@prepared
def _shipments(*, order: int) -> QuerySet[Shipment]:
    return Shipment.objects.filter(order_id=order)


@prepared
def _tracking(*, order: int) -> QuerySet[TrackingEvent]:
    return TrackingEvent.objects.filter(shipment__order_id=order)


@prepared
def _promises(scope: Actor, *, order: int) -> QuerySet[Promise]:
    return Promise.objects.filter(on_seen_tickets(scope), order_id=order).order_by("-made_at")


@prepared
def _payments(*, order: int) -> QuerySet[Payment]:
    return Payment.objects.filter(order_id=order)


@prepared
def _returns(scope: Actor, *, order: int) -> QuerySet[Return]:
    rows: QuerySet[Return] = Return.objects.visible_to(scope).filter(order_id=order).select_related("ticket")
    return rows


@prepared
def _tickets(scope: Actor, *, order: int) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).filter(order_id=order, goods_return=None)
    return rows.order_by("-opened_at")[:_SHOWN]


@prepared
def _notes(*, order: int) -> QuerySet[Note]:
    return Note.objects.filter(order_id=order).select_related("by")[:_SHOWN]
