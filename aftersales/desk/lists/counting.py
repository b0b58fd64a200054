"""How many tickets are in each of many lists: one statement for all of them, each counted to an end.

A list is counted by its own index and no further than `CAP`, so a badge costs what is in it, never what is closed. The badge
asks exactly what the list behind it asks; the tests compare the two after every action.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import pgettext

from aftersales.desk.lists.ticketlist import Shape, TicketList, asker, tickets_in
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Plain, compiler_of, in_sql, prepared

CAP = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """`number` of tickets, or at least so many when `more` is set."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        shown = str(number_format(self.number, use_l10n=True, force_grouping=True))
        return pgettext("count", "%(number)s+") % {"number": shown} if self.more else shown

    def __bool__(self) -> bool:
        return self.number > 0


def count_all(lists: Mapping[str, TicketList], actor: Actor, now: dt.datetime) -> dict[str, Count]:
    """The counts under the same keys."""
    if not lists:
        return {}
    numbers = _numbers(tuple(each.shape for each in lists.values()), actor.scope, **asker(actor, now))[0]
    return {key: Count(min(number, CAP), more=number > CAP) for key, number in zip(lists, numbers, strict=True)}


@prepared
def _numbers(
    shapes: tuple[Shape, ...], scope: Actor, *, me: int, now: dt.datetime, midnight: dt.datetime
) -> Plain[tuple[int, ...]]:
    parts, params = list[str](), list[Any]()
    for place, shape in enumerate(shapes):
        tickets = tickets_in(shape, scope, me=me, now=now, midnight=midnight)
        sql, values = in_sql(compiler_of(tickets.order_by().values("pk")[: CAP + 1]))
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS list_{place})" if sql else "0")  # noqa: S608  the ORM’s own SQL
        params += values
    return Plain(f"SELECT {', '.join(parts)}", params)
