"""Does every case have a row? If not: a case without one, how many there are, and the largest row that closes the gap."""

from collections.abc import Iterable, Iterator
from math import prod

from returns.rules.analysis.findings import Finding, case_at, texts
from returns.rules.compile import Compiled
from returns.rules.intervals import spanned
from returns.rules.language import Cell, Interval, Row, Table, meet
from returns.rules.walk import BUDGET, OverBudget, Walk


def with_impossible(table: Table) -> Compiled:
    """The table with its impossible boxes as rows above all others: what is declared impossible needs no rule and
    excuses no rule."""
    boxes = tuple(Row(f"impossible {n}", -1, box.cells, (box.because,)) for n, box in enumerate(table.impossible, 1))
    rows = boxes + table.rows
    return Compiled(Table(table.name, table.columns, table.outcomes, rows, (), table.each, invariants=table.invariants))


def gaps(compiled: Compiled, budget: int = BUDGET) -> Iterator[Finding]:
    """A case without a row, if there is one, and the largest box around it as the row to add. `points` counts the cases
    of all gaps together; where that goes beyond the budget, those of the box."""
    name = compiled.table.name
    walk = Walk(compiled, budget=budget)
    try:
        path = walk.uncovered(compiled.full)
    except OverBudget:
        yield Finding("not proved", name, why="the search for a case without a row was cut short by its budget")
        return
    if path is None:
        return
    box = widened(compiled, path)
    try:
        points = walk.count(compiled.full)
        why = f"{points:,} of {walk.volume[0]:,} cases have no row"
    except OverBudget:
        points = volume(compiled.table, box)
        why = f"at least {points:,} of {walk.volume[0]:,} cases have no row"
    yield Finding("gap", name, (), case_at(compiled.table, path), texts(compiled.table, box), points, why)


def volume(table: Table, box: list[Cell]) -> int:
    """The number of cases in a box."""
    pairs = zip(table.columns, box, strict=True)
    return prod(sum(high - low + 1 for low, high in column.intervals(cell)) for column, cell in pairs)


def widened(compiled: Compiled, path: list[Interval]) -> list[Cell]:
    """The uncovered box grown, column after column, to one that cannot grow further; still wholly uncovered."""
    columns = range(len(path))
    chosen = [
        [klass for klass in compiled.classes(c) if any(meet((piece,), (path[c],)) for piece in klass.pieces)]
        for c in columns
    ]
    masks = [_union(klass.mask for klass in chosen[c]) for c in columns]
    for c in columns:
        elsewhere = compiled.full
        for other in columns:
            if other != c:
                elsewhere &= masks[other]
        chosen[c] = [klass for klass in compiled.classes(c) if not klass.mask & elsewhere]
        masks[c] = _union(klass.mask for klass in chosen[c])
    out: list[Cell] = []
    for c in columns:
        column = compiled.table.columns[c]
        merged = spanned(piece for klass in chosen[c] for piece in klass.pieces)
        # A number's cell is one range; of several pieces take the one the witness is in.
        if column.kind in ("int", "money") and len(merged) > 1:
            merged = tuple(piece for piece in merged if meet((piece,), (path[c],)))
        out.append(column.normal(merged))
    return out


def _union(masks: Iterable[int]) -> int:
    out = 0
    for mask in masks:
        out |= mask
    return out
