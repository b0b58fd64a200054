"""The side of the ticket page: who the customer is, what was bought, what was promised and noted, earlier cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from aftersales.desk.customer import Summary, figures_of, summary_of
from aftersales.desk.deeds.all import ON_PROMISE
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.there import There
from aftersales.kernel.actor import Actor
from customers.models import ContactPoint, Note, Person, Promise, Shipment
from tickets.models import Ticket

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


def panels_of(ticket: Ticket, actor: Actor, now: dt.datetime, there: There) -> Panels:
    """One query for each list that is not empty."""
    about = Q(order_id=ticket.order_id) if ticket.order_id else Q(pk=None)
    mine: Person = ticket.person
    promises = Promise.objects.filter(about | Q(person=mine, order=None)).order_by("-made_at")
    notes = Note.objects.filter(about | Q(person=mine)).select_related("by").order_by("-at")
    orders, cases = figures_of(mine, actor)
    shown = list(promises[:FEW]) if there.promises else []
    late = sum(bool(each.due_at and each.due_at < now and not each.kept_at and not each.broken_at) for each in shown)
    return Panels(
        contacts=list(mine.contact_points.order_by("kind", "pk")),
        shipments=list(Shipment.objects.filter(about).order_by("pk")) if there.parcels else [],
        promises=[(each, Offer.all(ON_PROMISE, each, actor)) for each in shown],
        notes=list(notes[:FEW]) if there.notes else [],
        earlier=[case for case in cases if case.pk != ticket.pk][:FEW],
        summary=summary_of(orders, cases, late=late),
    )
