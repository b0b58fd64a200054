"""The phrases offered on a ticket, filled in for it, and who can be named in a note. Shown by the composer's list."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.accounts.models import User
from aftersales.accounts.teams import who_see
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from tickets.actions import phrases
from tickets.models import Phrase, Ticket

MOST = 100  # phrases on one list


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase as it would stand in the message, with its steps: each as it is sent back and in words."""

    key: str
    title: str
    text: str
    steps: list[tuple[str, str]]
    mine: bool


def entries(ticket: Ticket, actor: Actor) -> list[Entry]:
    """The most used first; texts in the customer's language."""
    if not may(actor, "phrase.use"):
        return []
    locale = ticket.person.locale
    rows = list(Phrase.objects.visible_to(actor).offered(ticket.kind)[:MOST])
    values = phrases.values_for(ticket, actor, locale=locale) if rows else {}
    return [
        Entry(
            row.key,
            row.title,
            phrases.fill(row.text(locale), values),
            phrases.ticks(row.steps),
            row.owner_id is not None,
        )
        for row in rows
    ]


def colleagues(ticket: Ticket, actor: Actor) -> list[str]:
    """Whom one can name with @: those who may see the ticket."""
    named = User.objects.filter(is_active=True).exclude(pk=actor.id or 0).exclude(name="")
    return list(who_see(named, ticket.team).order_by("name").values_list("name", flat=True))
