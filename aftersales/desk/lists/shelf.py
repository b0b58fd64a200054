"""The views somebody has before them, with how many tickets are in each: the left column of the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy

from aftersales.desk.lists.counting import Count, count_all
from aftersales.desk.lists.shipped import ShippedView, shipped_for
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.kernel.actor import Actor
from aftersales.kernel.addresses import address
from aftersales.kernel.prepared import Later, prepared
from tickets.models import SavedView

HERE = "here"  # the list on the page, counted along with the views


@dataclass(frozen=True, slots=True)
class Line:
    """One view: its words, its address, its count. `group` is a word that begins a new group."""

    key: str
    label: str
    icon: str
    href: str
    count: Count | None  # None where it is still to be fetched
    current: bool
    group: str = ""
    full: str = ""  # its words where no group stands above it


@dataclass(frozen=True, slots=True)
class Shelf:
    """All views of one person, and the count of the list they look at."""

    lines: tuple[Line, ...]
    here: Count
    is_counted: bool = True

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The same as tabs above a list, where there is no left column."""
        return [
            {"label": line.full or line.label, "href": line.href, "count": line.count, "current": line.current}
            for line in self.lines
        ]


def shelf_of(actor: Actor, now: dt.datetime, *, here: TicketList | None = None) -> Shelf:
    """Two statements, however many views there are: one reads them, one counts them all."""
    shipped, saved = _shipped(actor), _saved(views_of(actor), actor)
    asked = {each.key: each for each in (*shipped, *saved)} | ({HERE: here} if here is not None else {})
    counts = count_all(asked, actor, now)
    lines = _lines(actor, shipped, saved, counts, here.key if here is not None else None)
    return Shelf(lines, counts.get(HERE, Count(0)))


def bare_shelf(actor: Actor, current: str | None, saved: Later[SavedView] | None = None) -> Shelf:
    """The views without counts: they stand there until the page fetches those. With the `saved` ones of `views_of`."""
    lines = _bare_lines(tuple(shipped_for(actor)), current, get_language())
    lines += tuple(_saved_lines(actor, _saved(saved, actor) if saved else [], None, current))
    return Shelf(lines, Count(0), is_counted=not lines)


def _shipped(actor: Actor) -> list[TicketList]:
    return [TicketList.shipped_as(view) for view in shipped_for(actor)]


def views_of(actor: Actor) -> Later[SavedView]:
    """The views that somebody has made for themselves or for their team."""
    return _views.later(actor.scope, me=actor.id or 0)


def _saved(views: Later[SavedView], actor: Actor) -> list[TicketList]:
    return [each for each in map(TicketList.saved_as, views.rows) if each.is_for(actor)]


@prepared
def _views(scope: Actor, *, me: int) -> QuerySet[SavedView]:
    rows: QuerySet[SavedView] = SavedView.objects.visible_to(replace(scope, id=me))
    return rows


def _lines(
    actor: Actor, shipped: list[TicketList], saved: list[TicketList], counts: dict[str, Count] | None, current: str | None
) -> tuple[Line, ...]:  # fmt: skip
    return (*_shipped_lines(shipped, counts, current), *_saved_lines(actor, saved, counts, current))


@lru_cache(maxsize=256)
def _bare_lines(views: tuple[ShippedView, ...], current: str | None, _language: str | None) -> tuple[Line, ...]:
    """They stand on every page, and without counts they say the same on each."""
    return tuple(_shipped_lines([TicketList.shipped_as(view) for view in views], None, current))


def _shipped_lines(
    shipped: list[TicketList], counts: dict[str, Count] | None, current: str | None
) -> Iterator[Line]:  # fmt: skip
    last = ""
    for each in shipped:
        group = str(each.shipped.group) if each.shipped else ""
        yield _line(each, counts, current, group=group if group != last else "")
        last = group


def _saved_lines(
    actor: Actor, saved: list[TicketList], counts: dict[str, Count] | None, current: str | None
) -> Iterator[Line]:  # fmt: skip
    groups = (
        (pgettext_lazy("views", "Mine"), [each for each in saved if each.saved and each.saved.owner_id == actor.id]),
        (pgettext_lazy("views", "Shared"), [each for each in saved if each.saved and each.saved.owner_id != actor.id]),
    )
    for words, members in groups:
        for place, each in enumerate(members):
            yield _line(each, counts, current, group="" if place else str(words))


def _line(
    each: TicketList, counts: dict[str, Count] | None, current: str | None, *, group: str = ""
) -> Line:  # fmt: skip
    label, icon, full = "", "list", ""
    if each.saved is not None:
        label, icon = each.saved.name, "users" if each.saved.team_id else "star"
    elif each.shipped is not None:
        label, icon, full = str(each.shipped.short or each.shipped.label), each.shipped.icon, str(each.shipped.label)
    href = address("desk:queue") + (f"?view={each.key}" if each.key else "")
    return Line(
        each.key,
        label,
        icon,
        href,
        None if counts is None else counts.get(each.key, Count(0)),
        each.key == current,
        group,
        full,
    )
