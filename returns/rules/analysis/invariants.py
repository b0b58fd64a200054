"""Does everything a table says keep the promises its head declares (`[[invariant]]`)?"""

from collections.abc import Iterator, Sequence

from returns.rules.analysis.findings import Finding, case_at, says
from returns.rules.compile import Compiled
from returns.rules.language import Cell, Invariant, Row, Table, meet
from returns.rules.walk import BUDGET, OverBudget, Walk


def broken_invariants(compiled: Compiled, budget: int = BUDGET) -> Iterator[Finding]:
    """Rows that decide a case against an invariant, each with such a case. A row whose cases of that kind are all
    decided before it breaks nothing."""
    table = compiled.table
    for invariant in table.invariants:
        for number, row in enumerate(table.rows):
            if row.layer < 0 or not _breaks(table, invariant, row):
                continue
            box = _meeting(table, invariant.cells, row.cells)
            if () in box:
                continue
            try:
                path = Walk(compiled, box, budget).uncovered((1 << number) - 1)
            except OverBudget:
                why = f"whether row {row.id} decides a case against {invariant.because!r} was cut short by the budget"
                yield Finding("not proved", table.name, (row.id,), why=why)
                continue
            if path is not None:
                why = f"row {row.id} says {says(row)}; {invariant.because}"
                yield Finding("broken invariant", table.name, (row.id,), case_at(table, path), why=why)


def _breaks(table: Table, invariant: Invariant, row: Row) -> bool:
    said = {outcome.name: (outcome, value) for outcome, value in zip(table.outcomes, row.outcome, strict=True)}
    given, then = (
        all(said[name][0].meets(text, said[name][1]) for name, text in conditions)
        for conditions in (invariant.given, invariant.then)
    )
    return given and not then


def _meeting(table: Table, one: Sequence[Cell], two: Sequence[Cell]) -> list[Cell]:
    pairs = zip(table.columns, one, two, strict=True)
    return [column.normal(meet(column.intervals(left), column.intervals(right))) for column, left, right in pairs]
