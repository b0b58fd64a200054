"""What the shop holds of people: one line for each model, in the `personal.py` of its app, which `AppConfig.ready` imports.

    holds("customers.Address", of="person", tells="recipient phone line", gone=True)

says how the rows of a person are found, what of them stands in the person's own copy, what becomes of each column when the
person is erased (blanked, or staying for a reason), and how long it is kept anyway. Copy, erasure, retention and the
joining of two people read these lines; `tests/whole/test_personal.py` fails for a model or a column that no line names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

Rows = QuerySet[Any]
NOTHING = "–"  # what stands where words were and some must stand


class Stays(TextChoices):
    """Why a column is not blanked when its person is erased."""

    BOOKS = "books", _("the books: tax and accounting law ask for what was sold, paid and refunded")
    GROUNDS = "grounds", _("the grounds of a decision, in codes, days and amounts")
    KEYS = "keys", _("numbers and codes of the program, which name nobody by themselves")
    PROOF = "proof", _("proof of what was agreed to, and when")
    PUBLIC = "public", _("stands on the platform for everybody")
    SHOP = "shop", _("the shop's own words or address")


@dataclass(frozen=True, slots=True)
class Fades:
    """Rows grow old by themselves: `settings.KEEP_DAYS[setting]` days after `since`. `only`: which rows do at all."""

    setting: str
    since: str
    only: Q = field(default_factory=Q)
    blanks: Mapping[str, Any] | None = None  # None: the rows go

    def rows(self, model: type[Model], now: dt.datetime) -> Rows:
        """Those whose time is over and that were not dealt with before."""
        before = now - dt.timedelta(days=settings.KEEP_DAYS[self.setting])
        old = model._base_manager.filter(self.only, **{f"{self.since}__lt": before})
        return old.exclude(**self.blanks) if self.blanks else old


@dataclass(frozen=True, slots=True)
class Held:
    """What one model holds of people. Columns that are named nowhere hold no text."""

    label: str
    path: str  # over foreign keys to the person; "" where `find` is asked, or where the row names nobody
    find: Callable[[int], Rows] | None
    tells: tuple[str, ...]  # in the person's copy
    untold: tuple[str, ...]  # text that is not: the program's, or other people's
    blanks: Mapping[str, Any]
    stays: Mapping[str, Stays]
    gone: bool  # the rows are deleted
    undo: Callable[[Rows], object] | None  # before that, in its transaction: what is no column, such as a file
    fades: Fades | None
    derived: bool  # found over what the others hold; no ledger, notice or file is about it
    told_if: Q | Callable[[int], Rows] | None  # which of the rows stand in the copy, where not all of them do

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def is_found(self) -> bool:
        """Whether a person leads to the rows. The others fade."""
        return bool(self.path) or self.find is not None

    def rows(self, person_id: int) -> Rows:
        """The rows of a person."""
        if self.find is not None:
            return self.find(person_id)
        if not self.path:
            return self.model._base_manager.none()
        return self.model._base_manager.filter(**{self.path: person_id}).distinct()

    def told(self, person_id: int) -> Rows:
        """Those of them that stand in the person's copy, the oldest first."""
        if not self.tells:
            return self.model._base_manager.none()
        if callable(self.told_if):
            return self.told_if(person_id).order_by("pk")
        rows = self.rows(person_id)
        return (rows.filter(self.told_if) if self.told_if is not None else rows).order_by("pk")


_held: dict[str, Held] = {}


def holds(
    label: str,
    *,
    of: str | Callable[[int], Rows] | None,
    tells: str = "",
    untold: str = "",
    blanks: Mapping[str, Any] | None = None,
    stays: Mapping[Stays, str] | None = None,
    gone: bool = False,
    undo: Callable[[Rows], object] | None = None,
    fades: Fades | None = None,
    derived: bool = False,
    told_if: Q | Callable[[int], Rows] | None = None,
) -> None:
    """Say what a model holds of people. Columns are given with spaces between them.

    `of`: the way to the person (`"order__person"`), a function from the person's primary key to the rows, or None where
    the row names nobody but may hold words of people, which must fade then. `derived`: the function asks `things_of`.
    """
    if label in _held:
        raise ValueError(f"What {label} holds of people is said twice.")
    if of is None and fades is None:
        raise ValueError(f"Rows of {label} are neither found for a person nor do they fade.")
    kept = {column: why for why, columns in (stays or {}).items() for column in columns.split()}
    path = of if isinstance(of, str) else ""
    find = of if callable(of) else None
    _held[label] = Held(
        label, path, find, tuple(tells.split()), tuple(untold.split()), dict(blanks or {}), kept, gone, undo, fades,
        derived, told_if,
    )  # fmt: skip


def holds_keys(of: str, *labels: str) -> None:
    """Rows about a person without a word of text: keys, states, instants, amounts. They stay as they are."""
    for label in labels:
        holds(label, of=of)


def held() -> list[Held]:
    """All lines, in the order of the apps: the archive first."""
    order = ("customers", "returns", "tickets")
    return sorted(
        _held.values(),
        key=lambda each: order.index(app) if (app := each.label.partition(".")[0]) in order else len(order),
    )


def things_of(person_id: int, *, told: bool = False) -> Iterator[tuple[str, list[int]]]:
    """The rows of a person that ledgers, notices and files may name in their two columns: `customers.order` and its keys.

    `told`: only those that stand in the copy.
    """
    for each in _held.values():
        if each.is_found and not each.derived:
            rows = each.told(person_id) if told else each.rows(person_id).order_by()
            keys = list(rows.values_list("pk", flat=True))
            if keys:
                yield each.label.lower(), keys


def about(person_id: int, prefix: str, *, told: bool = False) -> Q:
    """Rows whose `<prefix>_type` and `<prefix>_id` name the person or a thing of theirs."""
    found = Q(pk__in=[])
    for label, keys in things_of(person_id, told=told):
        found |= Q(**{f"{prefix}_type": label, f"{prefix}_id__in": keys})
    return found
