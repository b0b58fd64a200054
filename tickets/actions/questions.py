"""A customer asks something about an order: a ticket with its first message. Called by the portal and the API."""

from __future__ import annotations

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.models import Order
from tickets.actions.conversation import clean_text, receive_message
from tickets.actions.opening import open_ticket
from tickets.models import Ticket


@transaction.atomic
def ask_question(order_id: int, *, text: str, actor: Actor) -> Ticket:
    """Put the question into the queue for questions, titled with its first line.

    When it is due is said by the service levels (`clocks.py`), from the customer's first word on.
    """
    order = Order.objects.visible_to(actor).select_related("person").filter(pk=order_id).first()
    if order is None:
        raise NotFound
    plain = clean_text(text)
    now = clock.now()
    ticket = open_ticket(
        kind=Ticket.Kind.QUESTION,
        title=plain.splitlines()[0],
        person=order.person,
        order=order,
        actor=actor,
        at=now,
        queue_key="questions",
    )
    receive_message(ticket.pk, text=plain, actor=actor, at=now)
    return ticket
