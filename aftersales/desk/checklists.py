"""The checklists of a ticket as its page shows them, each item with the button that ticks it or takes the tick back."""

from __future__ import annotations

from dataclasses import dataclass, field

from aftersales.desk.deeds.all import ON_CHECK, ON_CHECKLIST
from aftersales.desk.deeds.deed import Offer
from aftersales.kernel.actor import Actor
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


def shown_on(ticket: Ticket, actor: Actor) -> list[Shown]:
    """The lists in the order in which they came, in one statement."""
    found: dict[int, Shown] = {}
    rows = TicketCheck.objects.visible_to(actor).filter(of__ticket=ticket)
    for item in rows.select_related("of", "of__left_out_by", "ticked_by").order_by("of", "position"):
        item.of.ticket = ticket
        shown = found.setdefault(item.of_id, Shown(item.of))
        shown.items.append((item, Offer.all(ON_CHECK, item, actor)))
    for shown in found.values():
        shown.offers = Offer.all(ON_CHECKLIST, shown.of, actor)
    return list(found.values())
