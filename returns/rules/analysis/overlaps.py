"""Rows that meet: do two of one layer disagree, and can every row decide some case?"""

from collections.abc import Iterator, Sequence

from returns.rules.analysis.findings import Finding, case_at, says
from returns.rules.compile import Compiled
from returns.rules.language import Cell, Interval, Row, Table, meet
from returns.rules.walk import BUDGET, OverBudget, Walk

POOL = 4  # budgets that all rows of a table share; each has one at most
MOST = 500  # contradictions that are listed; a table with more is not mended one by one
LAW = 0


def contradictions(compiled: Compiled, budget: int = BUDGET) -> Iterator[Finding]:
    """Pairs of rows of one layer that match the same case and say different things, unless a higher layer decides all
    those cases. The witness lies outside the higher layers."""
    rows = compiled.table.rows
    meeting = meetings(compiled)
    first = {row.layer: number for number, row in reversed(list(enumerate(rows)))}
    found = 0
    for i, j in overlapping(compiled):
        one, two = rows[i], rows[j]
        if one.layer != two.layer or one.layer < 0 or one.says == two.says:
            continue
        box = intersection(compiled.table, one, two)
        above = meeting[i] & meeting[j] & ((1 << first[one.layer]) - 1)
        try:
            path = Walk(compiled, box, budget).uncovered(above) if above else _corner(compiled.table, box)
        except OverBudget:
            why = f"rows {one.id} and {two.id} overlap; whether a higher layer decides it was cut short by the budget"
            yield Finding("not proved", compiled.table.name, (one.id, two.id), why=why)
            continue
        if path is not None:
            found += 1
            why = f"rows {one.id} and {two.id} of layer {one.layer} both match and say {says(one)} and {says(two)}"
            why += f"; the search ended after {MOST} of them" if found == MOST else ""
            yield Finding(
                "contradiction", compiled.table.name, (one.id, two.id), case_at(compiled.table, path), why=why
            )
            if found == MOST:
                return


def dead_rows(compiled: Compiled, budget: int = BUDGET) -> Iterator[Finding]:
    """Rows that can never decide, because the rows before them match every case they match, alone or together; with
    the rows that decide those cases, and the articles where law does."""
    rows = compiled.table.rows
    meeting = meetings(compiled)
    pool = budget * POOL
    for number, row in enumerate(rows):
        earlier = meeting[number] & ((1 << number) - 1)
        if row.layer < 0 or not earlier:
            continue
        walk = Walk(compiled, row.cells, min(budget, pool))
        try:
            path = walk.uncovered(earlier)
        except OverBudget:
            why = f"whether row {row.id} can ever decide was cut short by the budget"
            yield Finding("not proved", compiled.table.name, (row.id,), why=why)
            continue
        finally:
            pool = max(0, pool - walk.states)
        if path is None:
            decide = [other for other in _places(earlier) if _decides(compiled, other, row, meeting, budget)]
            names = tuple(rows[other].id for other in decide)
            law = dict.fromkeys(key for other in decide if rows[other].layer == LAW for key in rows[other].sources)
            why = f"row {row.id} can never decide; its cases are decided by {', '.join(names)}"
            case = case_at(compiled.table, _corner(compiled.table, row.cells))
            yield Finding("dead row", compiled.table.name, (row.id, *names), case, why=why, articles=tuple(law))


def _decides(compiled: Compiled, other: int, row: Row, meeting: list[int], budget: int) -> bool:
    """Does the row at a place decide some case that this row matches? Yes also where that cannot be told in time."""
    box = intersection(compiled.table, compiled.table.rows[other], row)
    try:
        return Walk(compiled, box, budget).uncovered(meeting[other] & ((1 << other) - 1)) is not None
    except OverBudget:
        return True


def _corner(table: Table, box: Sequence[Cell]) -> list[Interval]:
    return [column.intervals(cell)[0] for column, cell in zip(table.columns, box, strict=True)]


def meetings(compiled: Compiled) -> list[int]:
    """For each row all rows that have a case in common with it, itself among them: one AND over the columns."""
    out = []
    for row in compiled.table.rows:
        meets = compiled.full
        for position, cell in enumerate(row.cells):
            meets &= compiled.admitting(position, cell)
        out.append(meets)
    return out


def overlapping(compiled: Compiled) -> Iterator[tuple[int, int]]:
    """Every pair of rows, lower place first, that have a case in common."""
    for number, meets in enumerate(meetings(compiled)):
        for other in _places(meets >> number + 1):
            yield number, number + 1 + other


def intersection(table: Table, one: Row, two: Row) -> list[Cell]:
    """The box of cases that both rows match."""
    pairs = zip(table.columns, one.cells, two.cells, strict=True)
    return [column.normal(meet(column.intervals(left), column.intervals(right))) for column, left, right in pairs]


def _places(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit
