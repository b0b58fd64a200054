"""Staff open a ticket: a call came in, somebody stands at the counter, a colleague has a task. Called by the desk and the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.prepared import Later, prepared
from customers.actions.people import own_person
from customers.models import Order, Person
from tickets.actions import clocks, opening
from tickets.actions.assignment import hand_to
from tickets.actions.conversation import begin_with_talk, note_on
from tickets.actions.details import clean_title
from tickets.models import Message, Ticket

# How they reached us. A call or a counter talk is contact: the customer has been spoken to.
CHANNELS = {
    "phone": _("Phone"), "counter": _("At the counter"), "chat": _("Chat"), "email": _("E-mail"),
    "letter": _("Letter"), "desk": _("From ourselves"),
}  # fmt: skip
_SPOKEN = ("phone", "counter")
_DUE = {Ticket.Kind.TASK: dt.timedelta(days=1)}
_WITHIN = dt.timedelta(hours=24)
# A complaint has steps of its own (`complaints/opening.py`), a return and an exchange a request.
_OF_THEIR_OWN = (Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE, Ticket.Kind.COMPLAINT)
OPENED_BY_HAND = tuple(kind for kind in Ticket.Kind if kind not in _OF_THEIR_OWN)


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a new ticket is about. Without a person or an order it must be a task: the shop's own.

    `order` is one that `orders_by_number` gave to whoever opens it: it is not read again.
    """

    person_id: int | None = None
    order_id: int | None = None
    order: Order | None = None


@transaction.atomic(savepoint=False)  # what is refused here is refused with what it is opened for
def open_by_staff(
    *, kind: str, title: str, actor: Actor, about: About, text: str = "", channel: str = "phone",
    due_at: dt.datetime | None = None, priority: int | None = None, mine: bool = False,
) -> Ticket:  # fmt: skip
    """Open any kind that no request opens. `text` is what was said, kept as a note; due in 24 hours where nothing is said,
    a question as the service levels say. `mine`: whoever opens it takes it.

    Whoever catches a refusal of it in a transaction of their own needs a savepoint of their own.
    Sent twice it is two tickets: the form behind it carries a key and is answered once (`aftersales.ledger.once`).
    """
    check(actor, "ticket.open")
    if kind == Ticket.Kind.COMPLAINT:
        raise BadInput(_("Complaints are taken from their case, order or customer."), field="kind")
    if kind not in OPENED_BY_HAND:
        raise BadInput(_("Returns and exchanges are opened from their order."), field="kind")
    if channel not in CHANNELS:
        raise BadInput(_("Choose how they reached us."), field="channel")
    title = clean_title(title)
    person, order = _about(about, actor)
    if person is None and kind != Ticket.Kind.TASK:
        raise BadInput(_("Say which customer it is about. Only a task can do without."), field="about")
    at = clock.now(vars(order).get("read_at") if order else None)
    said_on = Message.Channel.PHONE if channel == "phone" else Message.Channel.DESK
    told = bool(text.strip())
    spoken = told and channel in _SPOKEN and person is not None
    ticket = opening.open_ticket(
        kind=kind, title=title, person=person or own_person(at=at), order=order, actor=actor, at=at,
        due_at=due_at or (None if kind == Ticket.Kind.QUESTION else at + _DUE.get(Ticket.Kind(kind), _WITHIN)),
        queue_key=_queue_of(kind), channel=channel, priority=priority,
        begin=partial(begin_with_talk, text=text, actor=actor, channel=said_on) if spoken else clocks.opened,
    )  # fmt: skip
    if told and not spoken:
        note_on(ticket, text=text, actor=actor, at=at, channel=said_on)
    if mine and actor.kind == "staff":
        hand_to(ticket, actor.id, actor=actor)
    return ticket


def _about(about: About, actor: Actor) -> tuple[Person | None, Order | None]:
    """The rows within scope; an order brings its person. Raises `NotFound`, and `BadInput` where the two do not fit."""
    order, person = about.order, about.order.person if about.order else None
    if about.order_id is not None:
        if not (found := _bought(actor.scope, pk=about.order_id)):
            raise NotFound
        order, person = found[0], found[0].person
    if about.person_id is not None and (person is None or person.pk != about.person_id):
        if person is not None:
            raise BadInput(_("That order belongs to somebody else."), field="about")
        person = Person.objects.visible_to(actor).filter(pk=about.person_id).first()
        if person is None:
            raise NotFound
    return person, order


def _queue_of(kind: str) -> str:
    return "tasks" if kind == Ticket.Kind.TASK else "questions"


def asked_to_open(kind: str, number: str, actor: Actor) -> tuple[Later[Any], ...]:
    """What is asked to open one of that kind about the order of this number, for `asked_beforehand`."""
    return orders_by_number(number, actor), *opening.asked_to_open(_queue_of(kind))


def orders_by_number(number: str, actor: Actor) -> Later[Order]:
    """Those within scope that a platform gave this number, two at most: two platforms may have given the same."""
    return _numbered.later(actor.scope, number=number)


@prepared
def _numbered(scope: Actor, *, number: str) -> QuerySet[Order]:
    return _seen_by(scope).filter(number=number)[:2]


@prepared
def _bought(scope: Actor, *, pk: int) -> QuerySet[Order]:
    return _seen_by(scope).filter(pk=pk)


def _seen_by(scope: Actor) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.visible_to(scope).select_related("person", "shop").annotate(read_at=Now())
    return rows
