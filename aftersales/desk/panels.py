"""The side of the ticket page: who the customer is, what was bought, what was promised and noted, earlier cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from aftersales.desk.customer import Summary, summary_of
from aftersales.desk.customer_asked import BoughtRow, CasesRow, bought_by, cases_of, late_for
from aftersales.desk.deeds.all import ON_PROMISE
from aftersales.desk.deeds.deed import Offer
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Later, prepared
from customers.models import ContactPoint, Note, Promise, Shipment
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
    earlier: Later[Ticket]
    bought: Later[BoughtRow]
    cases: Later[CasesRow]
    late: Later[int]


def ask(ticket: Ticket, actor: Actor, now: dt.datetime) -> Asked:
    person, order = ticket.person_id, {"order": ticket.order_id} if ticket.order_id else {}
    return Asked(
        contacts=_contacts.later(person=person),
        shipments=_shipments.later(bool(order), **order),
        promises=_promises.later(actor.scope, bool(order), person=person, **order),
        notes=_notes.later(bool(order), person=person, **order),
        earlier=_cases.later(actor.scope, person=person),
        bought=bought_by.later(actor.scope, person=person),
        cases=cases_of.later(actor.scope, person=person),
        late=late_for.later(actor.scope, person=person, now=now),
    )


def panels_of(ticket: Ticket, actor: Actor, asked: Asked) -> Panels:
    return Panels(
        contacts=asked.contacts.rows,
        shipments=asked.shipments.rows,
        promises=[(each, Offer.all(ON_PROMISE, each, actor)) for each in asked.promises.rows],
        notes=asked.notes.rows,
        earlier=[case for case in asked.earlier.rows if case.pk != ticket.pk][:FEW],
        summary=summary_of(asked.bought.rows, asked.cases.rows, late=asked.late.rows[0]),
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


@prepared
def _cases(scope: Actor, *, person: int) -> QuerySet[Ticket]:
    """Their newest, with what a line of one says; the one on the page may be among them."""
    rows = Ticket.objects.visible_to(scope).filter(person_id=person).select_related("goods_return")
    lines = rows.only("ref", "kind", "status", "goods_return__status", "goods_return__is_contested")
    return lines.order_by("-opened_at", "-pk")[: FEW + 1]
