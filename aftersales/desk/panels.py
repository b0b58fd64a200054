"""The side of the ticket page: who the customer is, what was bought, what was promised and noted, earlier cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from aftersales.desk.customer import Summary, summary_of
from aftersales.desk.customer_asked import asked_by, bought_by
from aftersales.desk.deeds.all import ON_PROMISE
from aftersales.desk.deeds.deed import Offer
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Later, prepared
from customers.models import ContactPoint, Note, Order, Promise, Shipment
from tickets.models import Ticket
from tickets.models.promised import on_seen_tickets

FEW = 5  # rows of each list; the customer's own page has them all


@dataclass(frozen=True, slots=True)
class Panels:
    """Lists for the side of a ticket."""

    contacts: list[ContactPoint]
    shipments: list[Shipment]
    promises: list[tuple[Promise, list[Offer]]]
    notes: list[Note]
    earlier: list[Ticket]
    summary: Summary


class Asked(NamedTuple):
    """What the panels ask, for one statement with others (`together`)."""

    contacts: Later[ContactPoint]
    shipments: Later[Shipment]
    promises: Later[Promise]
    notes: Later[Note]
    bought: Later[Order]
    cases: Later[Ticket]


def ask(ticket: Ticket, actor: Actor) -> Asked:
    person, order = ticket.person_id, {"order": ticket.order_id} if ticket.order_id else {}
    return Asked(
        contacts=_contacts.later(person=person),
        shipments=_shipments.later(bool(order), **order),
        promises=_promises.later(actor.scope, bool(order), person=person, **order),
        notes=_notes.later(bool(order), person=person, **order),
        bought=bought_by.later(actor.scope, person=person),
        cases=asked_by.later(actor.scope, person=person),
    )


def panels_of(ticket: Ticket, actor: Actor, now: dt.datetime, asked: Asked) -> Panels:
    cases, promises = asked.cases.rows, asked.promises.rows
    late = sum(bool(each.due_at and each.due_at < now and not each.kept_at and not each.broken_at) for each in promises)
    return Panels(
        contacts=asked.contacts.rows,
        shipments=asked.shipments.rows,
        promises=[(each, Offer.all(ON_PROMISE, each, actor)) for each in promises],
        notes=asked.notes.rows,
        earlier=[case for case in cases if case.pk != ticket.pk][:FEW],
        summary=summary_of(asked.bought.rows, cases, late=late),
    )


@prepared
def _contacts(*, person: int) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(person_id=person).order_by("kind", "pk")


@prepared
def _shipments(of_order: bool, *, order: int = 0) -> QuerySet[Shipment]:
    rows = Shipment.objects.filter(order_id=order) if of_order else Shipment.objects.none()
    return rows.order_by("pk")


@prepared
def _promises(scope: Actor, of_order: bool, *, person: int, order: int = 0) -> QuerySet[Promise]:
    """Those of the order, and those made to the customer about no order in particular."""
    about = Q(person_id=person, order=None)
    rows = Promise.objects.filter(on_seen_tickets(scope), about | Q(order_id=order) if of_order else about)
    return rows.order_by("-made_at")[:FEW]


@prepared
def _notes(of_order: bool, *, person: int, order: int = 0) -> QuerySet[Note]:
    about = Q(person_id=person)
    rows = Note.objects.filter(about | Q(order_id=order) if of_order else about)
    return rows.select_related("by").order_by("-at")[:FEW]
