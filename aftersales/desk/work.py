"""The card of work on the ticket page: where the ticket lies, and what it has to do with others."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Q

from aftersales.desk.checklists import Shown, shown_on
from aftersales.desk.deeds.all import IN_BATCH, IN_FIELDS, ON_LINKS
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.ownfields import Filled, filled
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


def work_of(ticket: Ticket, actor: Actor) -> Work:
    """One statement says what there is, then one for each list that is not empty; most tickets have none of them."""
    seen = Link.objects.visible_to(actor).filter(Q(one=ticket) | Q(other=ticket))
    problem = BatchProblem.objects.filter(members__ticket=ticket)
    tagged, merged = Ticket.tags.through.objects.filter(ticket=ticket), Ticket.objects.filter(merged_into=ticket)
    asked = (Exists(rows) for rows in (seen, problem, tagged, merged))
    has_links, in_batch, has_tags, has_merged = Ticket.objects.filter(pk=ticket.pk).values_list(*asked).get()
    links = list(seen.select_related("one", "other").order_by("pk")) if has_links else []
    batch = problem.first() if in_batch else None
    told = [
        Linked(link.get_kind_display(), link.other) if link.one_id == ticket.pk else Linked(link.words_here, link.one)
        for link in links
    ]
    own, asks = filled(ticket)
    lists, list_offers = shown_on(ticket, actor)
    return Work(
        tags=list(ticket.tags.all()) if has_tags else [],
        links=told,
        merged=list(merged) if has_merged else [],
        batch=batch,
        batch_offers=Offer.all(IN_BATCH, ticket, actor) if batch else [],
        filled=own,
        field_offers=Offer.all(IN_FIELDS, ticket, actor) if asks else [],
        checklists=lists,
        checklist_offers=list_offers,
        offers=Offer.all(ON_LINKS, ticket, actor) if any(link.kind != Link.Kind.SPLIT for link in links) else [],
    )
