"""A customer complains: a ticket of its own, with their words as its first message. Called by portal, desk and API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.files.actions.attaching import Taken, attach_all
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.models import Order, OrderLine, Person
from tickets.actions import clocks
from tickets.actions.complaints.due import answer_due, watch_answer
from tickets.actions.conversation import clean_text, receive_message
from tickets.actions.opening import open_ticket
from tickets.models import Complaint, ComplaintClass, Ticket


@transaction.atomic
def open_complaint(
    *,
    code: str,
    statement: str,
    actor: Actor,
    wish: str = "",
    order_id: int | None = None,
    person_id: int | None = None,
    about_id: int | None = None,
    line_id: int | None = None,
    files: Sequence[Taken] = (),
    channel: str = "portal",
    at: dt.datetime | None = None,
) -> Complaint:
    """Take a complaint in. It needs the case it is about, an order, or (staff only) a person; `code` names its class.

    `wish` is what the customer says would put it right: it stands as their aim until somebody has understood it.
    Due by the end of the day, or as the shop says for what comes late. Raises `NotFound`, `BadInput`.
    """
    about, order, person = _whom(about_id, order_id, person_id, actor)
    check(actor, "complaint.open")
    known = ComplaintClass.objects.filter(code=code, is_offered=True).first()
    if known is None:
        raise BadInput(_("Choose what the complaint is about."), field="code", code="class_unknown")
    line = OrderLine.objects.filter(pk=line_id, order=order).first() if line_id and order else None
    if line_id and line is None:
        raise BadInput(_("This article is not in the order."), field="line", code="line_unknown")
    words = clean_text(statement, field="statement")
    aim = clean_text(wish, field="wish", longest=1000) if wish.strip() else ""
    at = at or clock.now()
    due = answer_due(order, at)
    ticket = open_ticket(
        kind=Ticket.Kind.COMPLAINT, title=words.splitlines()[0], person=person, order=order, actor=actor,
        at=at, due_at=due, queue_key="complaints", channel=channel,
        team=about.team if about is not None else None,
    )  # fmt: skip
    Ticket.objects.filter(pk=ticket.pk).update(priority=Ticket.Priority.HIGH)
    ticket.priority = Ticket.Priority.HIGH
    clocks.reprioritised(ticket, at)
    complaint = Complaint.objects.create(
        ticket=ticket, about=about, line=line, classification=known, statement=words, aim=aim,
        currency=order.currency if order else settings.SHOP_CURRENCY, received_at=at, answer_due_at=due,
    )  # fmt: skip
    message = receive_message(
        ticket.pk, text=f"{words}\n\n{aim}".strip(), actor=actor, at=at, channel=_spoken(channel), longest=6_100
    )
    if files:
        attach_all(files, on=message, actor=actor, field="attachments")
    watch_answer(complaint, at)
    record("complaint.opened", on=ticket, actor=actor, at=at, code=known.code, group=known.group)
    return complaint


def _whom(
    about_id: int | None, order_id: int | None, person_id: int | None, actor: Actor
) -> tuple[Ticket | None, Order | None, Person]:
    """The case, the order and the customer it is about, each within scope."""
    if about_id is not None:
        about = Ticket.objects.visible_to(actor).select_related("person", "order__shop").filter(pk=about_id).first()
        if about is None:
            raise NotFound
        return about, about.order, about.person
    if order_id is not None:
        order = Order.objects.visible_to(actor).select_related("person", "shop").filter(pk=order_id).first()
        if order is None:
            raise NotFound
        return None, order, order.person
    person = Person.objects.visible_to(actor).filter(pk=person_id).first() if actor.is_staff and person_id else None
    if person is None:
        raise NotFound
    return None, None, person


def _spoken(channel: str) -> str:
    """How the customer's words reached us, as messages name it."""
    return channel if channel in ("portal", "phone", "chat", "email", "sms") else "desk"
