"""Orders a list can stand in, and its pages by the place of the last row: page 4,000 costs what page 1 costs.

A page is asked for by the row it follows (`after`) or comes before (`before`), written as `value~id`. The database seeks that
place in the index of the order; it never counts rows off. Where a value may be missing (tickets without a due time), the rows
that have one and the rows that have none are two stretches, each with its own index condition: one condition for both, joined
by OR, would make Postgres walk the index from its beginning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import BigIntegerField, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

_SMALLEST = 32_767  # what a small number column holds


class Row(Func):
    """`(one, other)`: both databases compare such rows with one index condition."""

    template = "(%(expressions)s)"
    output_field = BigIntegerField()


@dataclass(frozen=True, slots=True, eq=False)  # each is the same as itself
class Order:
    """One order: by `column`, then by id, both in one direction. `nullable` columns put rows without a value last."""

    key: str
    label: str | Promise
    column: str
    descending: bool = False
    nullable: bool = False


ORDERS = (
    Order("due", pgettext_lazy("sort", "due first"), "due_at", nullable=True),
    Order("-due", pgettext_lazy("sort", "due last"), "due_at", descending=True, nullable=True),
    Order("opened", pgettext_lazy("sort", "oldest first"), "opened_at"),
    Order("-opened", pgettext_lazy("sort", "newest first"), "opened_at", descending=True),
    Order("-changed", pgettext_lazy("sort", "last changed"), "updated_at", descending=True),
    Order("changed", pgettext_lazy("sort", "quiet longest"), "updated_at"),
    Order("waited", pgettext_lazy("sort", "waiting longest"), "waiting_since", nullable=True),
    Order("-waited", pgettext_lazy("sort", "waiting shortest"), "waiting_since", descending=True, nullable=True),
    Order("priority", pgettext_lazy("sort", "most urgent"), "priority"),
    Order("-priority", pgettext_lazy("sort", "least urgent"), "priority", descending=True),
    Order("-closed", pgettext_lazy("sort", "closed last"), "closed_at", descending=True, nullable=True),
)


def order_called(key: str) -> Order:
    """The order of that key; the first one for a key nobody knows."""
    return next((order for order in ORDERS if order.key == key), ORDERS[0])


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two rows: the value of the order's column and the id of a row beside it."""

    value: dt.datetime | int | None
    pk: int

    @classmethod
    def read(cls, text: str, order: Order, model: type[Model]) -> Place | None:
        """A place as an address says it; None for what is no place of this order."""
        value, _tilde, pk = text.rpartition("~")
        if len(pk) > 18 or len(value) > 18:  # no row is so far away, and no database takes such numbers
            return None
        field = _field(model, order)
        try:
            if not value:
                return cls(None, int(pk)) if order.nullable else None
            if field.get_internal_type() == "DateTimeField":
                return cls(dt.datetime.fromtimestamp(int(value) / 1_000_000, dt.UTC), int(pk))
            return cls(min(max(int(value), -_SMALLEST), _SMALLEST), int(pk))
        except (ValueError, OverflowError, OSError):
            return None

    @classmethod
    def of(cls, row: Any, order: Order) -> Place:
        return cls(getattr(row, order.column), row.pk)

    def __str__(self) -> str:
        value = self.value
        if isinstance(value, dt.datetime):
            value = round((value - dt.datetime.fromtimestamp(0, dt.UTC)) / dt.timedelta(microseconds=1))
        return f"{'' if value is None else value}~{self.pk}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the places from which the pages around them begin; empty where there is none."""

    rows: list[Any]
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list in reading direction. `has_value` is None where no row lacks one; `starts` says that a place is given."""

    order: Order
    down: bool
    has_value: bool | None
    starts: bool

    def of(self, rows: QuerySet[Any], most: int, *, value: Any = None, pk: int = 0) -> QuerySet[Any]:
        """Key and column of its first rows; after the place, where it starts at one."""
        column, sign, by_id = self.order.column, "-" if self.down else "", self.has_value is False
        if self.has_value is not None:
            rows = rows.filter(**{f"{column}__isnull": not self.has_value})
        rows = rows.order_by(f"{sign}id") if by_id else rows.order_by(f"{sign}{column}", f"{sign}id")
        if self.starts and by_id:
            rows = rows.filter(**{f"id__{'lt' if self.down else 'gt'}": pk})
        elif self.starts:
            compared = LessThan if self.down else GreaterThan
            here = Row(Value(value, output_field=_field(rows.model, self.order)), Value(pk))
            rows = rows.filter(compared(Row(column, "id"), here))
        return rows.only("pk", column)[:most]


class Rows(Protocol):
    """A list that is read by stretches."""

    model: type[Model]

    def find(self, stretch: Stretch, most: int, start: Place | None) -> list[Any]: ...


class Unprepared:
    """Any set of rows as such a list."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows, self.model = rows, rows.model

    def find(self, stretch: Stretch, most: int, start: Place | None) -> list[Any]:
        place: dict[str, Any] = {"value": start.value, "pk": start.pk} if start else {}
        return list(stretch.of(self.rows, most, **place))


def page(
    rows: Rows | QuerySet[Any], order: Order, size: int, *, after: str = "", before: str = "",
    load: Callable[[tuple[int, ...]], Iterable[Any]] | None = None, or_last: bool = True,
) -> Page:  # fmt: skip
    """The rows after a place, or those before it, at most `size`. A place that cannot be read begins at the beginning; one
    that nothing follows any more gives the last rows there are, unless whoever reads on from piece to piece wants none twice.

    The place is sought with nothing but the key and the column of the order; `load` then reads what a row shows, for these rows
    alone. Joined first, a planner that expects many rows would read whole tables of people to throw nearly all of them away.
    """
    if isinstance(rows, QuerySet):
        rows = Unprepared(rows)
    back = Place.read(before, order, rows.model) if before and not after else None
    start = back or (Place.read(after, order, rows.model) if after else None)
    found, more = _sought(rows, order, size, start, backwards=back is not None)
    if back is not None and not more and len(found) < size:  # rows have left since: that is the first page
        return page(rows, order, size, load=load)
    is_end = or_last and not found and start is not None  # all that stood there have left since
    if is_end:
        found, more = _sought(rows, order, size, None, backwards=True)
    if not found:
        return Page([])
    follows, precedes = (False, more) if is_end else (True, more) if back else (more, start is not None)
    return Page(
        rows=found if load is None else _loaded(found, load),
        after=str(Place.of(found[-1], order)) if follows else "",
        before=str(Place.of(found[0], order)) if precedes else "",
    )


def _sought(rows: Rows, order: Order, size: int, start: Place | None, *, backwards: bool) -> tuple[list[Any], bool]:
    """The rows next to a place, or to an end of the list, as they are read; and whether there are more of them."""
    found: list[Any] = []
    for stretch in _stretches(order, start, backwards=backwards):
        # Always as many, though fewer may be wanted: so it is the same statement however many the first stretch had.
        found += rows.find(stretch, size + 1, start if stretch.starts else None)[: size + 1 - len(found)]
        if len(found) > size:
            break
    more, found = len(found) > size, found[:size]
    return found[::-1] if backwards else found, more


def _loaded(found: list[Any], load: Callable[[tuple[int, ...]], Iterable[Any]]) -> list[Any]:
    """The same rows in the same order, whole; one that was deleted meanwhile is left out."""
    whole = {row.pk: row for row in load(tuple(row.pk for row in found))}
    return [whole[row.pk] for row in found if row.pk in whole]


def _stretches(order: Order, start: Place | None, *, backwards: bool) -> Iterator[Stretch]:
    """The parts of the list from a place on, in reading direction."""
    down = order.descending != backwards
    if not order.nullable:
        yield Stretch(order, down, None, start is not None)
        return
    for has_value in (False, True) if backwards else (True, False):
        if start is None or (start.value is not None) == has_value:
            yield Stretch(order, down, has_value, start is not None)
        elif has_value == backwards:  # the other stretch lies wholly ahead
            yield Stretch(order, down, has_value, starts=False)


def _field(model: type[Model], order: Order) -> Field[Any, Any]:
    field = model._meta.get_field(order.column)
    assert isinstance(field, Field)
    return field
