"""The card of work on the ticket page: where the ticket lies and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.models import Tag, Ticket


@dataclass(frozen=True, slots=True)
class Work:
    """What the card shows beyond the ticket's own row."""

    tags: list[Tag]


def work_of(ticket: Ticket) -> Work:
    """One statement for each list."""
    return Work(tags=list(ticket.tags.all()))
