"""What the search finds among tickets. Registered in `apps`; `aftersales.search.find` calls it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.search.find import Asked, Hit, finds
from customers.finders import people_matching
from tickets.models import Ticket


@finds("ticket", _("Tickets"))
def tickets(actor: Actor, asked: Asked, most: int) -> list[Hit]:
    """By reference or order number, else those of the people found; the newest first."""
    seen = Ticket.objects.visible_to(actor).select_related("person", "order").order_by("-opened_at", "-pk")
    if asked.ref is not None:
        found = seen.filter(ref=asked.ref)
    else:
        people = list(people_matching(actor, asked).values_list("pk", flat=True)[:200])
        found = seen.filter(Q(order__number=asked.number) | Q(person__in=people))
    return [
        Hit(ticket.ref, ticket.subject, _detail(ticket), ticket.status, str(ticket.get_status_display()))
        for ticket in found[:most]
    ]


def _detail(ticket: Ticket) -> str:
    """Its reference, its order, and the customer where the subject does not name them."""
    named = [str(ticket.person)] if ticket.kind == Ticket.Kind.QUESTION else []
    return " · ".join([ticket.ref, *named, *([ticket.order.number] if ticket.order else [])])
