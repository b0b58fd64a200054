"""A table turned into bit masks: one evaluation is a look-up and an AND for each column. Used by the engine and by
the proofs.

Each column is cut into atoms wherever some row's condition begins or ends; an atom's mask has a bit for every row
whose cell admits it. Rows are sorted by (layer, id), so the lowest bit of the ANDed masks is the row that decides.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from returns.rules.language import Cell, CellError, Column, Impossible, Interval, Row, Table, Value, meet

DIRECT = 4096  # places of a column that have a mask each; of a wider column the cut is searched


class NoRow(LookupError):
    """No row of the table matches the case; a proved table never raises it."""


@dataclass(slots=True)
class Klass:
    """Atoms of one column with the same mask, merged: `pieces` are their intervals, `weight` the number of places in
    them."""

    mask: int
    pieces: list[Interval]
    weight: int


class Told(NamedTuple):
    """A row as it is told: its outcomes by name, each column it tests with the condition as text, and what picks the
    values it tested from a case, in the same order."""

    says: Mapping[str, Any]
    asks: tuple[tuple[str, str], ...]
    values: Callable[[Mapping[str, Value]], tuple[Value, ...]]


_Named = tuple[str, dict[Value, int]]
_Numbered = tuple[str, int, list[int]]
_Cut = tuple[str, int, int, list[int], list[int]]


class Compiled:
    """The masks of one table. `starts[c]` are the first places of the atoms of column c, `masks[c]` their row masks."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.count = len(table.rows)
        self.full = (1 << self.count) - 1
        self.starts: list[list[int]] = []
        self.masks: list[list[int]] = []
        self.any: list[int] = []  # rows that do not test the column at all
        self._known: dict[tuple[int, Cell], list[Klass]] = {}
        self._admitting: dict[tuple[int, Cell], int] = {}
        for position in range(len(table.columns)):
            self._cut(position)

    def _cut(self, position: int) -> None:
        column = self.table.columns[position]
        cells = [row.cells[position] for row in self.table.rows]
        boxes = [column.intervals(cell) for cell in cells]
        cuts = {column.lo}
        for low, high in (piece for box in boxes for piece in box):
            cuts.add(low)
            if high < column.hi:
                cuts.add(high + 1)
        starts = sorted(cuts)
        masks = [0] * len(starts)
        for number, box in enumerate(boxes):
            for low, high in box:
                for atom in range(bisect_right(starts, low) - 1, bisect_right(starts, high)):
                    masks[atom] |= 1 << number
        self.starts.append(starts)
        self.masks.append(masks)
        self.any.append(sum(1 << number for number, cell in enumerate(cells) if cell is None))

    @cached_property
    def _lookups(self) -> tuple[list[_Named], list[_Numbered], list[_Cut]]:
        """The columns in the three ways in which a value finds its mask: by name, by place, by the cut it lies behind."""
        named: list[_Named] = []
        numbered: list[_Numbered] = []
        cut: list[_Cut] = []
        for column, starts, masks in zip(self.table.columns, self.starts, self.masks, strict=True):
            if column.size > DIRECT:
                cut.append((column.name, column.lo, column.hi, starts, masks))
                continue
            every = [masks[bisect_right(starts, place) - 1] for place in range(column.lo, column.hi + 1)]
            if column.kind in ("enum", "bool"):
                named.append((column.name, {column.value(place): mask for place, mask in enumerate(every, column.lo)}))
            else:
                numbered.append((column.name, column.lo, every))
        return named, numbered, cut

    def matching(self, case: Mapping[str, Any]) -> int:
        """The mask of all rows that match. Raises CellError when a value lies outside its column."""
        live = self.full
        named, numbered, cut = self._lookups
        try:
            for name, by_value in named:
                live &= by_value[case[name]]
            for name, lo, by_place in numbered:
                place = case[name] - lo
                live &= by_place[place if place >= 0 else len(by_place)]
        except LookupError:
            raise CellError(f"{case[name]!r} is not a value of {name} in table {self.table.name}") from None
        for name, lo, hi, starts, masks in cut:
            if not lo <= case[name] <= hi:
                raise CellError(f"{case[name]!r} is outside {lo}..{hi} of {name} in table {self.table.name}")
            live &= masks[bisect_right(starts, case[name]) - 1]
        return live

    def decide(self, case: Mapping[str, Value]) -> Row:
        """The row that decides the case. Raises NoRow when there is none."""
        live = self.matching(case)
        if not live:
            raise NoRow(f"table {self.table.name} has no row for this case")
        return self.table.rows[(live & -live).bit_length() - 1]

    @cached_property
    def told(self) -> dict[str, Told]:
        """What each row says and asks, by its id."""
        names = [outcome.name for outcome in self.table.outcomes]
        return {row.id: _told(row, self.table.columns, names) for row in self.table.rows}

    def impossible_box(self, case: Mapping[str, Value]) -> Impossible | None:
        """The declared box of impossible cases that this one lies in, or None."""
        for box in self.table.impossible:
            if all(
                cell is None or any(low <= column.index(case[column.name]) <= high for low, high in cell)
                for column, cell in zip(self.table.columns, box.cells, strict=True)
            ):
                return box
        return None

    def admitting(self, position: int, cell: Cell) -> int:
        """The rows that admit some value of the cell in this column."""
        if cell is None:
            return self.full
        found = self._admitting.get((position, cell))
        if found is None:
            found = 0
            starts, masks = self.starts[position], self.masks[position]
            for low, high in cell:
                for atom in range(bisect_right(starts, low) - 1, bisect_right(starts, high)):
                    found |= masks[atom]
            self._admitting[position, cell] = found
        return found

    def classes(self, position: int, within: Cell = None) -> list[Klass]:
        """The atoms of a column merged by mask; `within` keeps only a part of the column. Shared between callers."""
        found = self._known.get((position, within))
        if found is None:
            found = self._known[position, within] = self._merged(position, within)
        return found

    def _merged(self, position: int, within: Cell) -> list[Klass]:
        column = self.table.columns[position]
        starts = self.starts[position]
        found: dict[int, Klass] = {}
        for atom, mask in enumerate(self.masks[position]):
            end = starts[atom + 1] - 1 if atom + 1 < len(starts) else column.hi
            pieces = meet(((starts[atom], end),), within) if within is not None else ((starts[atom], end),)
            for low, high in pieces:
                klass = found.setdefault(mask, Klass(mask, [], 0))
                klass.pieces.append((low, high))
                klass.weight += high - low + 1
        return list(found.values())


def _told(row: Row, columns: Sequence[Column], outcomes: Sequence[str]) -> Told:
    asked = [(column, cell) for column, cell in zip(columns, row.cells, strict=True) if cell is not None]
    names = [column.name for column, _cell in asked]
    return Told(
        says=dict(zip(outcomes, row.outcome, strict=True)),
        asks=tuple((column.name, column.format(cell)) for column, cell in asked),
        values=itemgetter(*names) if len(names) > 1 else lambda case: tuple(case[name] for name in names),
    )
