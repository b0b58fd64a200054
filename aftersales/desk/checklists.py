"""The checklists of a ticket as its page shows them, each item with the button that ticks it or takes the tick back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from aftersales.desk.deeds.all import ON_CHECK, ON_CHECKLIST
from aftersales.desk.deeds.deed import Offer
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import prepared
from tickets.models import Ticket, TicketCheck, TicketChecklist


@dataclass(slots=True)
class Shown:
    """One list: its items with their offers, how many are ticked, and what can be done with the whole of it."""

    of: TicketChecklist
    items: list[tuple[TicketCheck, list[Offer]]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)

    @property
    def ticked(self) -> int:
        return sum(item.ticked_at is not None for item, _offers in self.items)


@prepared
def checks_on(scope: Actor, *, ticket: int) -> QuerySet[TicketCheck]:
    """The items of its lists, in the order in which those came."""
    seen = TicketCheck.objects.visible_to(scope).filter(of__ticket_id=ticket)
    rows: QuerySet[TicketCheck] = seen.select_related("of", "of__left_out_by", "ticked_by").order_by("of", "position")
    return rows


def shown_on(ticket: Ticket, actor: Actor, items: Iterable[TicketCheck]) -> list[Shown]:
    """The lists of these items."""
    found: dict[int, Shown] = {}
    for item in items:
        item.of.ticket = ticket
        shown = found.setdefault(item.of_id, Shown(item.of))
        shown.items.append((item, Offer.all(ON_CHECK, item, actor)))
    for shown in found.values():
        shown.offers = Offer.all(ON_CHECKLIST, shown.of, actor)
    return list(found.values())
