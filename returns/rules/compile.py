"""A table turned into bit masks: one evaluation is a look-up and an AND for each column. Used by the engine and by
the proofs.

Each column is cut into atoms wherever some row's condition begins or ends; an atom's mask has a bit for every row
whose cell admits it. Rows are sorted by (layer, id), so the lowest bit of the ANDed masks is the row that decides.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from returns.rules.language import Cell, CellError, Impossible, Interval, Row, Table, Value, meet


class NoRow(LookupError):
    """No row of the table matches the case; a proved table never raises it."""


@dataclass(slots=True)
class Klass:
    """Atoms of one column with the same mask, merged: `pieces` are their intervals, `weight` the number of places in
    them."""

    mask: int
    pieces: list[Interval]
    weight: int


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
    def _lookups(self) -> list[tuple[str, dict[Value, int] | None, list[int], list[int]]]:
        """Per column its name and either a mask for each value (enum, yes/no) or the cut points of its numbers."""
        out: list[tuple[str, dict[Value, int] | None, list[int], list[int]]] = []
        for column, starts, masks in zip(self.table.columns, self.starts, self.masks, strict=True):
            direct: dict[Value, int] | None = None
            if column.kind in ("enum", "bool"):
                direct = {column.value(i): masks[bisect_right(starts, i) - 1] for i in range(column.lo, column.hi + 1)}
            out.append((column.name, direct, starts, masks))
        return out

    def matching(self, case: Mapping[str, Value]) -> int:
        """The mask of all rows that match. Raises CellError when a value lies outside its column."""
        live = self.full
        for name, direct, starts, masks in self._lookups:
            value = case[name]
            if direct is None:
                live &= masks[bisect_right(starts, value) - 1]
            else:
                try:
                    live &= direct[value]
                except KeyError:
                    raise CellError(f"{value!r} is not a value of {name} in table {self.table.name}") from None
        return live

    def decide(self, case: Mapping[str, Value]) -> Row:
        """The row that decides the case. Raises NoRow when there is none."""
        live = self.matching(case)
        if not live:
            raise NoRow(f"table {self.table.name} has no row for this case")
        return self.table.rows[(live & -live).bit_length() - 1]

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
