"""A day in its stretches: what is late, until tonight, later, and with somebody else; each says whether it is whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

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


class Rest(NamedTuple):
    """The list that has all of a kind."""

    words: str | Promise
    href: str


class Kind(NamedTuple):
    """The tasks of one kind that are shown, the first that is not, and where all of them are, if anywhere."""

    tasks: list[Task]
    unshown: Task | None
    rest: Rest | None

    @classmethod
    def of(cls, read: Iterable[Task], most: int, rest: Rest | None = None) -> Kind:
        """Of one more than are shown at most, by due time."""
        tasks = list(read)
        return cls(tasks[:most], tasks[most] if len(tasks) > most else None, rest)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the day with its tasks, the most urgent first; `more` where there may be others in it."""

    key: str
    title: str | Promise
    tasks: list[Task]
    more: bool

    @property
    def count(self) -> Count:
        return Count(len(self.tasks), self.more)


def stretches_of(kinds: list[Kind], now: dt.datetime, midnight: dt.datetime) -> Iterator[Part]:
    """All four. From the stretch of the first task that is not shown on, there may be more of its kind."""

    def place(task: Task) -> int:
        if task.due_at is None:
            return len(_STRETCHES) - 1
        return (task.due_at >= now) + (task.due_at >= midnight)

    cut = min((place(kind.unshown) for kind in kinds if kind.unshown), default=len(_STRETCHES))
    for number, (key, title) in enumerate(_STRETCHES):
        tasks = [task for kind in kinds for task in kind.tasks if place(task) == number]
        yield Part(key, title, sorted(tasks, key=lambda task: task.due_at or now), more=number >= cut)
