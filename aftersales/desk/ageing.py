"""How long open tickets have waited, by whom they wait for: the counts of the page of waits, and the rows behind each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from tickets.models import Ticket

ROWS = 50  # on a page
# Ages by how many days at least: a wait of exactly three days is in the second row from the end.
AGES: tuple[tuple[str, str | Promise, int | None, int | None], ...] = (
    ("new", _("under 1 day"), None, 1),
    ("days", _("1 to 3 days"), 1, 3),
    ("week", _("3 to 7 days"), 3, 7),
    ("old", _("7 days and more"), 7, None),
)
_WHOM = [each for each in Ticket.WaitingOn if each.value]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which number of the table the address asks for: a kind of waiting, an age; "" is all of them, as is what nobody knows."""

    whom: str = ""
    age: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Asked:
        whom, age = given.get("whom", ""), given.get("age", "")
        return cls(
            whom if whom in Ticket.WaitingOn.values else "",
            age if age in [key for key, *_rest in AGES] else "",
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """One row of the table: whom tickets wait for, and how many of each age in the order of `AGES`."""

    key: str
    label: str | Promise
    counts: list[tuple[str, int]]
    total: int


def waits(actor: Actor, now: dt.datetime) -> list[Wait]:
    """Every kind of waiting with its counts, in one statement."""
    names = {f"{whom.value}_{key}": (whom, key) for whom in _WHOM for key, *_rest in AGES}
    counted = (
        Ticket.objects.visible_to(actor)
        .open()
        .aggregate(
            **{
                name: Count("pk", filter=Q(waiting_on=whom.value) & aged(key, now))
                for name, (whom, key) in names.items()
            }
        )
    )
    found = []
    for whom in _WHOM:
        counts = [(key, int(counted[f"{whom.value}_{key}"])) for key, *_rest in AGES]
        found.append(Wait(whom.value, whom.label, counts, sum(count for _key, count in counts)))
    return found


def page_of(actor: Actor, now: dt.datetime, asked: Asked, counted: list[Wait], number: str | None) -> Page[Ticket]:
    """The waiting tickets, those that wait longest first. How many there are the table has counted: only rows are asked for."""
    found = Ticket.objects.visible_to(actor).open().exclude(waiting_on="").filter(aged(asked.age, now))
    if asked.whom:
        found = found.filter(waiting_on=asked.whom)
    pages = Paginator(found.preloaded().order_by("waiting_since", "pk"), ROWS)
    pages.count = _how_many(asked, counted)
    return pages.get_page(number)


def _how_many(asked: Asked, counted: list[Wait]) -> int:
    whose = [wait for wait in counted if asked.whom in ("", wait.key)]
    return sum(count for wait in whose for key, count in wait.counts if asked.age in ("", key))


def aged(key: str, now: dt.datetime) -> Q:
    """Those whose wait has lasted so long; everything for a key nobody knows."""
    for name, _words, least, most in AGES:
        if name == key:
            asked = Q()
            if least is not None:
                asked &= Q(waiting_since__lte=now - dt.timedelta(days=least))
            if most is not None:
                asked &= Q(waiting_since__gt=now - dt.timedelta(days=most))
            return asked
    return Q()
