"""Which of many cases no table of some packs can tell apart. Used by `batch`.

Of each fact only that counts which some row asks about: a table that tests `days <= 7` and nothing else makes two
classes of all days. Derived facts are worked out by their own function, once for each combination of what they come
from that occurs.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from returns.rules.arrays import numpy
from returns.rules.columns import UNKNOWN
from returns.rules.compile import Compiled
from returns.rules.derive import derived_vocabulary
from returns.rules.grouping import group
from returns.rules.language import CellError, Column, Value
from returns.rules.linking import fact_columns
from returns.rules.masks import DIRECT

if TYPE_CHECKING:
    from returns.rules.columns import Array, Columns
    from returns.rules.pack import Pack

WISH = "wish"  # read by the engine itself, to put the remedy that answers it first


def alike(packs: "Sequence[Pack]", columns: "Columns") -> "tuple[Array, Array]":
    """One case of each kind, and for every case the number of its kind."""
    classes = [_classes(name, tuple(packs)) for name in asked_about(packs)]
    arrays = [found.of(columns[found.name]) for found in classes]
    return group(arrays, [found.count for found in classes])


def asked_about(packs: "Sequence[Pack]") -> list[str]:
    """Every fact, raw or derived, that a table of one of the packs or the engine reads."""
    columns = (column.name for pack in packs for made in pack.tables.values() for column in made.table.columns)
    return [name for name in dict.fromkeys([WISH, *columns]) if name in fact_columns()]


def with_derived(packs: "Sequence[Pack]", columns: "Columns") -> "dict[str, Array]":
    """The columns and those of the derived facts that the packs read."""
    derived = derived_vocabulary()
    return {**columns, **{name: _derived(name, columns) for name in asked_about(packs) if name in derived}}


def _derived(name: str, columns: "Columns") -> "Array":
    np = numpy()
    derived = derived_vocabulary()[name]
    facts = fact_columns()
    sources = [columns[source].astype("i8") + 1 for source in derived.comes_from]  # 0 is the unknown value
    first, which = group(sources, [facts[source].size + 1 for source in derived.comes_from])
    places = np.empty(len(first), dtype="i2")
    for number, case in enumerate(first):
        place = {source: int(columns[source][case]) for source in derived.comes_from}
        if UNKNOWN in place.values():
            places[number] = UNKNOWN
        else:
            said = derived.work_out({source: facts[source].value(p + facts[source].lo) for source, p in place.items()})
            places[number] = derived.values.index(said)
    return places[which]  # type: ignore[no-any-return]


class Classes:
    """The values of one fact, with those that all tables treat alike put together. The last class is the unknown."""

    def __init__(self, name: str, packs: "tuple[Pack, ...]") -> None:
        np = numpy()
        self.name = name
        fact = fact_columns()[name]
        asking = [
            (made, position, column)
            for pack in packs
            for made in pack.tables.values()
            for position, column in enumerate(made.table.columns)
            if column.name == name
        ]
        cuts = {fact.lo}
        for made, position, column in asking:
            cuts |= {column.hi + 1, *made.starts[position]} if fact.kind in ("int", "money") else set()
        if fact.kind not in ("int", "money"):
            cuts = set(range(fact.size))
        starts = sorted(cut for cut in cuts if fact.lo <= cut <= fact.hi)
        seen: dict[object, int] = {}
        numbers = []
        for start in starts:
            value = fact.value(start)
            alike = tuple(_mask(made, position, column, value) for made, position, column in asking)
            numbers.append(seen.setdefault((alike, value if name == WISH else None), len(seen)))
        self.count = len(seen) + 1
        self._cuts = None if fact.size <= DIRECT else np.array(starts) - fact.lo
        by_atom = np.array([*numbers, len(seen)], dtype="i2")
        if self._cuts is None:
            atoms = np.searchsorted(np.array(starts) - fact.lo, np.arange(fact.size), side="right") - 1
            by_atom = by_atom[np.append(atoms, len(starts))]
        self._numbers = by_atom

    def of(self, column: "Array") -> "Array":
        """The class of each case's value."""
        if self._cuts is not None:
            column = numpy().searchsorted(self._cuts, column, side="right") - 1
        return self._numbers[column]  # type: ignore[no-any-return]


def _mask(made: Compiled, position: int, column: Column, value: Value) -> int:
    """The rows that admit a value; -1 where the table's column does not have it."""
    try:
        place = column.index(value)
    except CellError:
        return UNKNOWN
    return made.masks[position][bisect_right(made.starts[position], place) - 1]


_classes = lru_cache(maxsize=512)(Classes)
