"""The card of work on the ticket page: where the ticket lies, and what it has to do with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from aftersales.desk.checklists import Shown, checks_on, shown_on
from aftersales.desk.deeds.all import IN_BATCH, IN_CHECKLISTS, IN_FIELDS, ON_LINKS
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.ownfields import Filled, filled, own_fields
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Later, prepared
from tickets.models import BatchProblem, Checklist, Link, Tag, Ticket, TicketCheck, TicketChecklist, TicketField


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


class Asked(NamedTuple):
    """What the card asks, for one statement with others (`together`). `more_lists` are checklists that can still be added."""

    links: Later[Link]
    batches: Later[BatchProblem]
    tags: Later[Tag]
    merged: Later[Ticket]
    fields: Later[TicketField]
    checks: Later[TicketCheck]
    more_lists: Later[Checklist]


def ask(ticket: Ticket, actor: Actor) -> Asked:
    return Asked(
        links=_links.later(actor.scope, ticket=ticket.pk),
        batches=_batches.later(ticket=ticket.pk),
        tags=_tags.later(ticket=ticket.pk),
        merged=_merged.later(actor.scope, ticket=ticket.pk),
        fields=own_fields.later(),
        checks=checks_on.later(actor.scope, ticket=ticket.pk),
        more_lists=_more_lists.later(ticket=ticket.pk),
    )


def work_of(ticket: Ticket, actor: Actor, asked: Asked) -> Work:
    links, batches = asked.links.rows, asked.batches.rows
    told = [
        Linked(link.get_kind_display(), link.other) if link.one_id == ticket.pk else Linked(link.words_here, link.one)
        for link in links
    ]
    own, asks = filled(ticket, asked.fields.rows)
    return Work(
        tags=asked.tags.rows,
        links=told,
        merged=asked.merged.rows,
        batch=batches[0] if batches else None,
        batch_offers=Offer.all(IN_BATCH, ticket, actor) if batches else [],
        filled=own,
        field_offers=Offer.all(IN_FIELDS, ticket, actor) if asks else [],
        checklists=shown_on(ticket, actor, asked.checks.rows),
        checklist_offers=Offer.all(IN_CHECKLISTS, ticket, actor) if asked.more_lists.rows else [],
        offers=Offer.all(ON_LINKS, ticket, actor) if any(link.kind != Link.Kind.SPLIT for link in links) else [],
    )


@prepared
def _links(scope: Actor, *, ticket: int) -> QuerySet[Link]:
    seen = Link.objects.visible_to(scope).filter(Q(one_id=ticket) | Q(other_id=ticket))
    rows: QuerySet[Link] = seen.select_related("one", "other").order_by("pk")
    return rows


@prepared
def _batches(*, ticket: int) -> QuerySet[BatchProblem]:
    return BatchProblem.objects.filter(members__ticket_id=ticket).order_by("pk")[:1]


@prepared
def _tags(*, ticket: int) -> QuerySet[Tag]:
    return Tag.objects.filter(tickets=ticket)


@prepared
def _merged(scope: Actor, *, ticket: int) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(scope).filter(merged_into_id=ticket)


@prepared
def _more_lists(*, ticket: int) -> QuerySet[Checklist]:
    there = TicketChecklist.objects.filter(ticket_id=ticket)
    return Checklist.objects.filter(retired_at=None).exclude(pk__in=there.values("checklist"))[:1]
