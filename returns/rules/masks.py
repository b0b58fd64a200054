"""One table asked about many cases at once: a look-up and an AND for each column, over whole arrays. Used by `batch`.

The same masks as `compile`, cut into words of 64 rows. The last place of every look-up admits all rows; it is where
-1, the unknown value, leads, so that a case with a gap in it keeps every row that could still decide it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from returns.rules.arrays import numpy
from returns.rules.compile import Compiled

if TYPE_CHECKING:
    from returns.rules.columns import Array

WORD = 64
DIRECT = 1 << 16  # columns up to this many places have a mask for each; wider ones are searched by their cuts

NO_ROW = -1  # no row matches: the table has a gap here
UNSAID = -2  # the deciding row depends on a value that is not known


class MaskTable:
    """A compiled table over arrays. A column's array holds places counted from its lowest, -1 for unknown."""

    def __init__(self, compiled: Compiled) -> None:
        np = numpy()
        self.table = compiled.table
        self.words = (compiled.count + WORD - 1) // WORD
        self._cuts: dict[str, Array | None] = {}
        self._masks: dict[str, list[Array]] = {}
        for column, starts, masks in zip(compiled.table.columns, compiled.starts, compiled.masks, strict=True):
            cuts = np.array(starts, dtype=np.int64) - column.lo
            by_atom = [_word(masks, word) for word in range(self.words)]
            if column.size <= DIRECT:
                atoms = np.searchsorted(cuts, np.arange(column.size), side="right") - 1
                by_atom = [word[atoms] for word in by_atom]
            self._cuts[column.name] = None if column.size <= DIRECT else cuts
            self._masks[column.name] = [
                np.append(masks_of_word, _word([compiled.full], word)) for word, masks_of_word in enumerate(by_atom)
            ]
        self._tests = np.array([[cell is not None for cell in row.cells] for row in compiled.table.rows])

    def rows(self, columns: "Mapping[str, Array | int]") -> "Array":
        """The number of the row that decides each case, NO_ROW or UNSAID. A column may be one place for all cases."""
        np = numpy()
        names = [column.name for column in self.table.columns]
        places = {name: self._place(name, columns[name]) for name in names}
        found: Array | None = None
        for word in range(self.words):
            live = None
            for name in names:
                mask = self._masks[name][word][places[name]]
                live = mask if live is None else live & mask
            row = _lowest(np.atleast_1d(live), word * WORD)
            found = row if found is None else np.where(found == NO_ROW, row, found)
        assert found is not None
        self._leave_unsaid(found, names, columns)
        return found

    def _place(self, name: str, column: "Array | int") -> "Array | int":
        cuts = self._cuts[name]
        return column if cuts is None else numpy().searchsorted(cuts, column, side="right") - 1

    def _leave_unsaid(self, found: "Array", names: list[str], columns: "Mapping[str, Array | int]") -> None:
        """Where the deciding row tests what is not known, it is only one of several that may decide."""
        for position, name in enumerate(names):
            column = columns[name]
            unknown = numpy().asarray(column) < 0
            if unknown.any():
                found[unknown & (found >= 0) & self._tests[found, position]] = UNSAID


def _word(masks: list[int], word: int) -> "Array":
    np = numpy()
    cut = (1 << WORD) - 1
    return np.array([(mask >> (WORD * word)) & cut for mask in masks], dtype=np.uint64)  # type: ignore[no-any-return]


def _lowest(live: "Array", offset: int) -> "Array":
    """The place of the lowest bit set, counted on from `offset`; NO_ROW where there is none."""
    np = numpy()
    lowest = live & (~live + np.uint64(1))
    # A power of two is exact as a float; its exponent is the place of the bit, and -1 for none.
    places = np.frexp(lowest.astype(np.float64))[1].astype(np.int32) - 1
    if offset:
        places[places >= 0] += offset
    return places  # type: ignore[no-any-return]
