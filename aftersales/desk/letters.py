"""The letters of visits as they lie on paper: whom each goes to, in which language, and what stands in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import shop_date
from customers.models import Address
from tickets.actions.visits.inviting import LETTER_LIFETIME, address_of
from tickets.actions.visits.ways import postal_address
from tickets.models import Visit
from tickets.queries import VisitQuerySet

MOST = 50  # sheets of one pile


@dataclass(frozen=True, slots=True)
class Letter:
    """One sheet. `until` is the last day of the link, if it is posted today; `goods` is "" where it follows a case."""

    visit: Visit
    address: Address
    name: str
    goods: str
    link: str
    day: dt.date
    until: dt.date

    @property
    def locale(self) -> str:
        """The language of the whole sheet, whatever the reader of the page speaks."""
        return self.visit.person.locale


def due_letters(actor: Actor, now: dt.datetime) -> VisitQuerySet:
    """Those to print now within the actor's scope, the oldest first."""
    rows: VisitQuerySet = Visit.objects.visible_to(actor).to_print(now)
    return rows.order_by("due_at", "pk")


@dataclass(frozen=True, slots=True)
class Hands:
    """A colleague with a pile on paper that is not said to be in the post."""

    who: str
    count: int
    at: dt.datetime


def in_other_hands(due: VisitQuerySet, actor: Actor) -> list[Hands]:
    """Who else has printed which of those that are due, and when last."""
    rows = due.in_hands_of_others(actor).select_related("printed_by").order_by("printed_by", "printed_at")
    return [
        Hands(str(who or "–"), len(theirs), theirs[-1].printed_at)
        for who, found in groupby(rows, key=lambda visit: visit.printed_by)
        if (theirs := list(found))
    ]


def sheets(visits: VisitQuerySet, now: dt.datetime) -> Iterator[Letter]:
    """The first `MOST` that have an address, a sheet each. The others take no place: the daily job finds them another way."""
    rows = visits.select_related("plan", "person", "order__address", "order__shop", "after")
    return islice(_sheets(rows.prefetch_related("order__lines", "plan__questions"), now), MOST)


def _sheets(visits: VisitQuerySet, now: dt.datetime) -> Iterator[Letter]:
    for visit in visits.iterator(chunk_size=MOST):
        address = postal_address(visit.order)
        if address is None or visit.order is None:
            continue
        lines = [] if visit.after_id else list(visit.order.lines.all())
        yield Letter(
            visit, address, address.recipient or visit.person.name, lines[0].title if lines else "",
            address_of(visit.ref), shop_date(now), shop_date(now + LETTER_LIFETIME),
        )  # fmt: skip
