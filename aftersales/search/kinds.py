"""What can be found: each app registers its kinds in `AppConfig.ready`, with what is read of a thing and how it is shown.

To add one: `kinds.register(Kind(…))` in the app's `finders.py`, and `watch(…)` for every table its documents read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.utils.functional import Promise

from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from aftersales.kernel.prepared import Later


@dataclass(frozen=True, slots=True)
class Document:
    """What is kept of one thing. `text` may be shown; `tokens` are further numbers it is found by (`words`)."""

    key: int
    at: dt.datetime
    text: str
    tokens: frozenset[int] = frozenset()
    team: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `key` names it within its kind (a reference, or a primary key); each face knows its address.

    `snippet` is the place that answers, as safe HTML with `<mark>`; `title` and `detail` are plain text.
    """

    key: str
    title: str
    detail: str = ""
    state: str = ""
    state_words: str = ""
    at: dt.datetime | None = None
    snippet: str = ""


Thing = TypeVar("Thing", bound=Model)


@dataclass(frozen=True, slots=True)
class Hits(Generic[Thing]):
    """Things of one kind that are to be shown: those the actor may see, and how one is shown. `beside` is read for all of them.

    They are asked for when they are needed, or before that `together` with those of other kinds.
    """

    things: Later[Thing]
    hit: Callable[[Thing], Hit]
    beside: tuple[Later[Any], ...] = ()

    @property
    def asked(self) -> tuple[Later[Any], ...]:
        return (self.things, *self.beside)

    def by_key(self) -> dict[int, Hit]:
        return {thing.pk: self.hit(thing) for thing in self.things.rows}


Documents = Callable[[Sequence[int]], Iterable[Document]]
Shown = Callable[[Actor, tuple[int, ...]], Hits[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`documents(keys)` reads things that are there; `hits(actor, keys)` shows those the actor may see;
    there is at least one key.

    `verb` is what somebody needs to find the kind at all. `follows` says which things of this kind hang on things of
    another: `{"person": orders_of_people}`, so that a new name is found on old orders. `made` is the column with the
    instant a thing began, for a rebuild since a date.
    """

    name: str
    title: str | Promise
    verb: str
    model: type[Model]
    made: str
    documents: Documents
    hits: Shown
    follows: Mapping[str, Callable[[Sequence[int]], Iterable[int]]] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. The order of registration is the order of the groups on the page."""
    if kind.name in _kinds and _kinds[kind.name] is not kind:
        raise ValueError(f"The kind {kind.name} is registered twice.")
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(name: str) -> Kind:
    return _kinds[name]


def kinds_for(actor: Actor) -> list[Kind]:
    """What somebody may look for: staff only, by verb. Customers see their own things and search nothing."""
    if not (actor.is_staff or actor.is_system):
        return []
    return [kind for kind in _kinds.values() if actor.is_system or may(actor, kind.verb)]


def with_followers(touched: Mapping[str, Iterable[int]]) -> dict[str, set[int]]:
    """Those things and all that hang on them, by kind."""
    found = {kind: set(keys) for kind, keys in touched.items() if kind in _kinds}
    for kind in _kinds.values():
        for other, followers in kind.follows.items():
            if others := sorted(touched.get(other, ())):
                found.setdefault(kind.name, set()).update(followers(others))
    return found
