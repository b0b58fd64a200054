"""What there is on the side of a ticket, in one statement: most tickets have none of it, and nobody asks for an empty list."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Q

from aftersales.kernel.actor import Actor
from customers.models import Note, Promise, Shipment
from tickets.models import BatchProblem, Checklist, Link, Ticket, TicketCheck, TicketChecklist, TicketField


@dataclass(frozen=True, slots=True)
class There:
    """Whether there is at least one; `lists` are checklists that can still be added."""

    links: bool
    batch: bool
    tags: bool
    merged: bool
    fields: bool
    checks: bool
    lists: bool
    promises: bool
    notes: bool
    parcels: bool


def there_on(ticket: Ticket, actor: Actor) -> There:
    of_order = Q(order_id=ticket.order_id) if ticket.order_id else Q(pk=None)
    of_person, on_it = Q(person_id=ticket.person_id), TicketChecklist.objects.filter(ticket=ticket)
    asked = (
        Link.objects.visible_to(actor).filter(Q(one=ticket) | Q(other=ticket)),
        BatchProblem.objects.filter(members__ticket=ticket),
        Ticket.tags.through.objects.filter(ticket=ticket),
        Ticket.objects.filter(merged_into=ticket),
        TicketField.objects.all(),
        TicketCheck.objects.filter(of__ticket=ticket),
        Checklist.objects.filter(retired_at=None).exclude(pk__in=on_it.values("checklist")),
        Promise.objects.filter(of_order | of_person & Q(order=None)),
        Note.objects.filter(of_order | of_person),
        Shipment.objects.filter(of_order),
    )
    return There(*Ticket.objects.filter(pk=ticket.pk).values_list(*map(Exists, asked)).get())
