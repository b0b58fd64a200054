"""The shop's own fields as the desk shows them: on a ticket, and in the rows of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from aftersales.kernel.prepared import prepared
from tickets.models import Ticket, TicketField


@dataclass(frozen=True, slots=True)
class Filled:
    """One field of a ticket: its name, its value in words, and whether it is still missing before closing."""

    label: str
    words: str
    is_missing: bool = False


def filled(ticket: Ticket, fields: Iterable[TicketField]) -> tuple[list[Filled], bool]:
    """What has a value, retired fields too, and what is missing; and whether anything is asked on this kind."""
    shown, asks = [], False
    for each in fields:
        asked = each.retired_at is None and each.belongs_to(ticket.kind)
        asks = asks or asked
        if each.key in ticket.custom:
            shown.append(Filled(str(each), each.words(ticket.custom[each.key])))
        elif asked and each.required_to_close:
            shown.append(Filled(str(each), "", is_missing=True))
    return shown, asks


@prepared
def own_fields() -> QuerySet[TicketField]:
    """All that the shop has ever made, in their order."""
    return TicketField.objects.all()


def say_choices(tickets: Iterable[Any]) -> None:
    """Write the chosen values of each ticket on it as `own_words`, for the column of a list. One statement."""
    choices = {each.key: each for each in TicketField.objects.filter(kind=TicketField.Kind.CHOICE)}
    words = {key: dict(each.options()) for key, each in choices.items()}
    for ticket in tickets:
        said = [words[key].get(str(value), str(value)) for key, value in ticket.custom.items() if key in choices]
        ticket.own_words = said
