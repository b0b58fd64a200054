"""Boxes of cases that a pair of rows decides, and how they are put together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from returns.rules.intervals import spanned
from returns.rules.language import Cell, Column, Row, Value

Pair = tuple[Row | None, Row | None]  # the rows that decide a case before and after; None: no row
Differs = Callable[[Row | None, Row | None], bool]


@dataclass(frozen=True, slots=True)
class Region:
    """A box of cases that one pair of rows decides."""

    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    before: Row | None
    after: Row | None

    @property
    def points(self) -> int:
        out = 1
        for column, cell in zip(self.columns, self.cells, strict=True):
            out *= sum(high - low + 1 for low, high in column.intervals(cell))
        return out

    @property
    def witness(self) -> dict[str, Value]:
        """One case of the box, its first corner."""
        pairs = zip(self.columns, self.cells, strict=True)
        return {column.name: column.value(column.intervals(cell)[0][0]) for column, cell in pairs}

    @property
    def texts(self) -> dict[str, str]:
        """The cells as a table would have them, without those that say "any"."""
        pairs = zip(self.columns, self.cells, strict=True)
        return {column.name: column.format(cell) for column, cell in pairs if cell is not None}


def written(column: Column, cell: tuple[tuple[int, int], ...]) -> Iterator[Cell]:
    """The cell as cells that can be written: a number's cell is one range."""
    if column.kind in ("int", "money"):
        yield from (column.normal((piece,)) for piece in cell)
    else:
        yield column.normal(cell)


def merged(boxes: list[Region]) -> list[Region]:
    """Boxes of the same rows that differ in one column only, and touch there, become one; until none do."""
    columns = boxes[0].columns if boxes else ()
    before = 0
    while before != len(boxes):
        before = len(boxes)
        for position, column in enumerate(columns):
            groups: dict[tuple[object, ...], list[Region]] = {}
            for box in boxes:
                rest = (*box.cells[:position], *box.cells[position + 1 :])
                groups.setdefault((rest, _name(box.before), _name(box.after)), []).append(box)
            boxes = []
            for group in groups.values():
                pieces = (piece for box in group for piece in column.intervals(box.cells[position]))
                for cell in written(column, spanned(pieces)):
                    cells = (*group[0].cells[:position], cell, *group[0].cells[position + 1 :])
                    boxes.append(replace(group[0], cells=cells))
    return boxes


def _name(row: Row | None) -> str | None:
    return row.id if row else None
