"""Brute force by NumPy: a small table laid out as a grid of all its cases, and every question answered by counting.
A second, independent way next to `small`, fast enough for a hundred thousand tables."""

import numpy as np
import numpy.typing as npt

from returns.rules.language import Cell, Table

Mask = npt.NDArray[np.bool_]
NO_ROW, IMPOSSIBLE = -1, -2


class Grid:
    """The places of the deciding rows for all cases: `first` has one entry a case, NO_ROW and IMPOSSIBLE among them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.shape = tuple(column.size for column in table.columns)
        self.matching = [self._box(row.cells) for row in table.rows]
        self.possible = np.ones(self.shape, dtype=bool)
        for impossible in table.impossible:
            self.possible &= ~self._box(impossible.cells)
        self.first = np.full(self.shape, NO_ROW)
        for place in reversed(range(len(table.rows))):
            self.first[self.matching[place]] = place
        self.first[~self.possible] = IMPOSSIBLE

    def _box(self, cells: tuple[Cell, ...]) -> Mask:
        out = np.ones(self.shape, dtype=bool)
        for axis, (column, cell) in enumerate(zip(self.table.columns, cells, strict=True)):
            inside = np.zeros(column.size, dtype=bool)
            for low, high in column.intervals(cell):
                inside[low - column.lo : high - column.lo + 1] = True
            out &= inside.reshape([-1 if axis == other else 1 for other in range(len(self.shape))])
        return out

    def missing(self) -> int:
        """How many cases have no row."""
        return int((self.first == NO_ROW).sum())

    def dead(self) -> set[str]:
        used = set(np.unique(self.first).tolist())
        return {row.id for place, row in enumerate(self.table.rows) if place not in used}

    def contradictions(self) -> set[tuple[str, str]]:
        """Pairs of one layer that say different things on a case that no higher layer decides."""
        rows = self.table.rows
        open_to = {layer: self.possible.copy() for layer in {row.layer for row in rows}}
        for layer, still in open_to.items():
            for row, matching in zip(rows, self.matching, strict=True):
                if row.layer < layer:
                    still &= ~matching
        return {
            (one.id, two.id)
            for i, one in enumerate(rows)
            for j, two in enumerate(rows[i + 1 :], i + 1)
            if one.layer == two.layer and one.says != two.says
            if (self.matching[i] & self.matching[j] & open_to[one.layer]).any()
        }

    def says(self) -> npt.NDArray[np.int64]:
        """What is said on each case, as a number that is the same for the same outcome in every table."""
        codes = np.array([*(ord(str(row.outcome[0])) for row in self.table.rows), IMPOSSIBLE, NO_ROW])
        said: npt.NDArray[np.int64] = codes[self.first]
        return said

    def weakened(self, draft: "Grid") -> dict[str, int]:
        """For each row of layer 0, how many of its cases the draft decides by no law or otherwise."""
        out = {}
        layers = np.array([*(row.layer for row in draft.table.rows), 9, 9])[draft.first]
        lost = (layers > 0) | (self.says() != draft.says())
        for place, row in enumerate(self.table.rows):
            if row.layer == 0 and (cases := int((lost & (self.first == place)).sum())):
                out[row.id] = cases
        return out
