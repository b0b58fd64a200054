"""A day in its stretches: what is late, until tonight, later, and with somebody else; each says whether it is whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.desk.lists.counting import Count

_STRETCHES: tuple[tuple[str, str | Promise], ...] = (
    ("late", pgettext_lazy("queue", "Overdue")),
    ("today", gettext_lazy("Until tonight")),
    ("later", gettext_lazy("Later")),
    ("held", gettext_lazy("Waiting for somebody else")),
)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what kind, about what, for whom, by when (UTC; None while somebody else must act first)."""

    icon: str
    what: str | Promise
    title: str
    detail: str
    href: str
    due_at: dt.datetime | None
    state: str = ""
    state_words: str = ""
    stands: bool = False  # whether its clock stands


class Dated(Protocol):
    """What is due by some time (UTC; None while somebody else must act first)."""

    @property
    def due_at(self) -> dt.datetime | None: ...


T = TypeVar("T", bound=Dated)
Thing = TypeVar("Thing", bound=Model)


class Rest(NamedTuple):
    """The list that has all of a kind."""

    words: str | Promise
    href: str


class Kind(NamedTuple, Generic[T]):
    """The rows of one kind that are shown, the first that is not, and where all of them are, if anywhere."""

    rows: list[T]
    unshown: T | None
    rest: Rest | None

    @classmethod
    def of(cls, read: Iterable[T], most: int, rest: Rest | None = None) -> Kind[T]:
        """Of one more than are shown at most, by due time."""
        rows = list(read)
        return cls(rows[:most], rows[most] if len(rows) > most else None, rest)

    def apart(self, key: str, title: str | Promise) -> Part[T]:
        """A part of its own, whatever is due when."""
        return Part(key, title, self.rows, more=self.unshown is not None, rest=self.rest)


@dataclass(frozen=True, slots=True)
class Row(Generic[Thing]):
    """One thing of a list by due time (UTC), with the page it is dealt with on."""

    thing: Thing
    href: str
    due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A stretch of the day with its rows, the most urgent first; `more` where there may be others in it; `rest` the list of all,
    where they are of one kind."""

    key: str
    title: str | Promise
    rows: list[T]
    more: bool
    rest: Rest | None = None

    @property
    def count(self) -> Count:
        return Count(len(self.rows), self.more)


def stretches_of(kinds: Sequence[Kind[T]], now: dt.datetime, midnight: dt.datetime) -> Iterator[Part[T]]:
    """All four. From the stretch of the first row that is not shown on, there may be more of its kind."""

    def place(row: T) -> int:
        if row.due_at is None:
            return len(_STRETCHES) - 1
        return (row.due_at >= now) + (row.due_at >= midnight)

    cut = min((place(kind.unshown) for kind in kinds if kind.unshown is not None), default=len(_STRETCHES))
    for number, (key, title) in enumerate(_STRETCHES):
        rows = [row for kind in kinds for row in kind.rows if place(row) == number]
        yield Part(key, title, sorted(rows, key=lambda row: row.due_at or now), more=number >= cut)
