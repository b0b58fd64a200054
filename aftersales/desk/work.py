"""The card of work on the ticket page: where the ticket lies, and what it has to do with others."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from aftersales.desk.checklists import Shown, shown_on
from aftersales.desk.deeds.all import IN_BATCH, IN_CHECKLISTS, IN_FIELDS, ON_LINKS
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.ownfields import Filled, filled
from aftersales.desk.there import There
from aftersales.kernel.actor import Actor
from tickets.models import BatchProblem, Link, Tag, Ticket


@dataclass(frozen=True, slots=True)
class Linked:
    """Another ticket, and in words what this one is to it."""

    words: str
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Work:
    """What the card shows beyond the ticket's own row."""

    tags: list[Tag]
    links: list[Linked]
    merged: list[Ticket]
    offers: list[Offer]
    batch: BatchProblem | None
    batch_offers: list[Offer]
    filled: list[Filled]
    field_offers: list[Offer]
    checklists: list[Shown]
    checklist_offers: list[Offer]


def work_of(ticket: Ticket, actor: Actor, there: There) -> Work:
    """One statement for each list that is not empty."""
    links: list[Link] = []
    if there.links:
        seen = Link.objects.visible_to(actor).filter(Q(one=ticket) | Q(other=ticket))
        links = list(seen.select_related("one", "other").order_by("pk"))
    batch = BatchProblem.objects.filter(members__ticket=ticket).first() if there.batch else None
    told = [
        Linked(link.get_kind_display(), link.other) if link.one_id == ticket.pk else Linked(link.words_here, link.one)
        for link in links
    ]
    own, asks = filled(ticket) if there.fields else ([], False)
    return Work(
        tags=list(ticket.tags.all()) if there.tags else [],
        links=told,
        merged=list(Ticket.objects.filter(merged_into=ticket)) if there.merged else [],
        batch=batch,
        batch_offers=Offer.all(IN_BATCH, ticket, actor) if batch else [],
        filled=own,
        field_offers=Offer.all(IN_FIELDS, ticket, actor) if asks else [],
        checklists=shown_on(ticket, actor) if there.checks else [],
        checklist_offers=Offer.all(IN_CHECKLISTS, ticket, actor) if there.lists else [],
        offers=Offer.all(ON_LINKS, ticket, actor) if any(link.kind != Link.Kind.SPLIT for link in links) else [],
    )
