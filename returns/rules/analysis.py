"""The proof that a pack is fit to be used: no gap, no contradiction, no dead row, no broken chain. Called by
`manage.py prove` and tests.

Every finding comes with a witness: a concrete case that the engine itself would stumble over. Where the search is cut
short the finding is "not proved", which counts like a failure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from returns.rules.compile import Compiled
from returns.rules.language import Cell, Interval, Row, Table, Value, meet
from returns.rules.pack import Pack
from returns.rules.verdict import LEGS
from returns.rules.walk import BUDGET, OverBudget, Walk

DEFAULT_LAYER = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a table. `kind`: gap, contradiction, dead row, broken chain, not proved. `witness`: a case
    that shows it. `box`: for a gap, the cells of the row that would close it; `points`: how many cases it has."""

    kind: str
    table: str
    rows: tuple[str, ...] = ()
    witness: Mapping[str, Value] | None = None
    box: Mapping[str, str] | None = None
    points: int = 0
    why: str = ""

    def __str__(self) -> str:
        said = [f"{self.kind.upper()} in table {self.table}: {self.why}"]
        if self.witness:
            said.append("witness: " + ", ".join(f"{name}={_shown(value)}" for name, value in self.witness.items()))
        if self.box:
            said.append("row to add: " + ", ".join(f"{name} {text}" for name, text in self.box.items()))
        return "\n    ".join(said)


@dataclass(frozen=True, slots=True)
class TableReport:
    """What was proved of one table: its size, the number of cases in its domain, and the share that only the default
    layer decides."""

    name: str
    rows: int
    columns: int
    points: int
    by_default: int | None
    findings: tuple[Finding, ...]


def prove(pack: Pack, budget: int = BUDGET) -> tuple[TableReport, ...]:
    """The proof of every table of a pack, and of the chain between them, in the order in which they are asked."""
    broken = list(chain_breaks(pack))
    return tuple(
        prove_table(compiled.table, tuple(finding for finding in broken if finding.table == name), budget)
        for name, compiled in pack.tables.items()
    )


def proved(reports: tuple[TableReport, ...]) -> bool:
    return not any(report.findings for report in reports)


def prove_table(table: Table, more: tuple[Finding, ...] = (), budget: int = BUDGET) -> TableReport:
    """The proof of one table by itself; `more` are findings of the pack that fall to it."""
    compiled = with_impossible(table)
    findings = (*gaps(compiled, budget), *contradictions(compiled, budget), *dead_rows(compiled, budget), *more)
    walk = Walk(compiled, budget=budget)
    above = sum(1 << number for number, row in enumerate(compiled.table.rows) if row.layer < DEFAULT_LAYER)
    try:
        by_default = walk.count(above) - walk.count(compiled.full)
    except OverBudget:
        by_default = None
    return TableReport(table.name, len(table.rows), len(table.columns), walk.volume[0], by_default, findings)


def with_impossible(table: Table) -> Compiled:
    """The table with its impossible boxes as rows above all others: what is declared impossible needs no rule and
    excuses no rule."""
    boxes = tuple(Row(f"impossible {n}", -1, box.cells, (box.because,)) for n, box in enumerate(table.impossible, 1))
    return Compiled(Table(table.name, table.columns, table.outcomes, boxes + table.rows, (), table.each))


def gaps(compiled: Compiled, budget: int = BUDGET) -> Iterator[Finding]:
    """A case without a row, if there is one, and the largest box around it as the row to add."""
    name = compiled.table.name
    try:
        walk = Walk(compiled, budget=budget)
        path = walk.uncovered(compiled.full)
        if path is None:
            return
    except OverBudget:
        yield Finding("not proved", name, why="the search for a case without a row was cut short by its budget")
        return
    box = widened(compiled, path)
    try:
        points = walk.count(compiled.full)
        why = f"{points:,} of {walk.volume[0]:,} cases have no row"
    except OverBudget:
        points = volume(compiled.table, box)
        why = f"at least {points:,} of {walk.volume[0]:,} cases have no row"
    yield Finding("gap", name, (), _case(compiled.table, path), _cells(compiled.table, box), points, why)


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
        pieces = sorted(piece for klass in chosen[c] for piece in klass.pieces)
        merged = _merge(pieces)
        # A number's cell is one range; of several pieces take the one the witness is in.
        if column.kind in ("int", "money") and len(merged) > 1:
            merged = [piece for piece in merged if meet((piece,), (path[c],))]
        out.append(column.normal(tuple(merged)))
    return out


def contradictions(compiled: Compiled, budget: int = BUDGET) -> Iterator[Finding]:
    """Pairs of rows of one layer that match the same case and say different things, unless a higher layer decides all
    those cases."""
    rows = compiled.table.rows
    for i, j in overlapping(compiled):
        one, two = rows[i], rows[j]
        if one.layer != two.layer or one.layer < 0 or one.says == two.says:
            continue
        box = intersection(compiled.table, one, two)
        above = sum(1 << number for number, row in enumerate(rows) if row.layer < one.layer)
        try:
            path = Walk(compiled, box, budget).uncovered(above)
        except OverBudget:
            why = f"rows {one.id} and {two.id} overlap; whether a higher layer decides it was cut short by the budget"
            yield Finding("not proved", compiled.table.name, (one.id, two.id), why=why)
            continue
        if path is not None:
            why = f"rows {one.id} and {two.id} of layer {one.layer} both match and say {_says(one)} and {_says(two)}"
            case = _case(compiled.table, path)
            yield Finding("contradiction", compiled.table.name, (one.id, two.id), case, why=why)


def dead_rows(compiled: Compiled, budget: int = BUDGET) -> Iterator[Finding]:
    """Rows that can never decide, because the rows before them match every case they match, alone or together."""
    rows = compiled.table.rows
    earlier: dict[int, int] = {}
    for i, j in overlapping(compiled):
        earlier[j] = earlier.get(j, 0) | 1 << i
    for number, row in enumerate(rows):
        if row.layer < 0 or not earlier.get(number):
            continue
        names = tuple(rows[i].id for i in range(number) if earlier[number] >> i & 1)
        try:
            path = Walk(compiled, row.cells, budget).uncovered(earlier[number])
        except OverBudget:
            why = f"whether row {row.id} can ever decide was cut short by the budget"
            yield Finding("not proved", compiled.table.name, (row.id,), why=why)
            continue
        if path is None:
            inside = [column.intervals(cell)[0] for column, cell in zip(compiled.table.columns, row.cells, strict=True)]
            why = f"row {row.id} can never decide; before it come {', '.join(names)}"
            yield Finding("dead row", compiled.table.name, (row.id, *names), _case(compiled.table, inside), why=why)


def overlapping(compiled: Compiled) -> Iterator[tuple[int, int]]:
    """Every pair of rows, lower number first, that have a case in common: one AND over the columns for each row."""
    for number, row in enumerate(compiled.table.rows):
        meets = compiled.full
        for position, cell in enumerate(row.cells):
            meets &= compiled.admitting(position, cell)
        meets >>= number + 1
        other = number + 1
        while meets:
            step = (meets & -meets).bit_length()
            other += step
            yield number, other - 1
            meets >>= step


def intersection(table: Table, one: Row, two: Row) -> list[Cell]:
    """The box of cases that both rows match."""
    pairs = zip(table.columns, one.cells, two.cells, strict=True)
    return [column.normal(meet(column.intervals(left), column.intervals(right))) for column, left, right in pairs]


def chain_breaks(pack: Pack) -> Iterator[Finding]:
    """Values that a table says and a later one, which reads them, does not know."""
    said: dict[str, list[tuple[str, str, Any]]] = {}  # column name -> (table, row, value)
    for name, compiled in pack.tables.items():
        table = compiled.table
        for column in table.columns:
            for earlier, told, value in said.get(column.name, ()):
                if column.kind == "enum" and value not in column.values:
                    why = f"row {told} of table {earlier} says {value!r}, which column {column.name} does not have"
                    yield Finding("broken chain", name, (told,), {column.name: value}, why=why)
        for position, outcome in enumerate(table.outcomes):
            heard = f"{name}_payer" if name in LEGS else "remedy" if outcome.name == "remedies" else outcome.name
            for row in table.rows:
                value = row.outcome[position]
                for one in value if isinstance(value, tuple) else (value,):
                    said.setdefault(heard, []).append((name, row.id, one))


def _union(masks: Iterator[int]) -> int:
    out = 0
    for mask in masks:
        out |= mask
    return out


def _merge(pieces: list[Interval]) -> list[Interval]:
    """Sorted, disjoint pieces with neighbours joined."""
    out: list[Interval] = []
    for low, high in pieces:
        if out and out[-1][1] == low - 1:
            out[-1] = (out[-1][0], high)
        else:
            out.append((low, high))
    return out


def _case(table: Table, path: list[Interval]) -> dict[str, Value]:
    return {column.name: column.value(piece[0]) for column, piece in zip(table.columns, path, strict=True)}


def _cells(table: Table, box: list[Cell]) -> dict[str, str]:
    pairs = zip(table.columns, box, strict=True)
    return {column.name: column.format(cell) for column, cell in pairs if cell is not None}


def _says(row: Row) -> str:
    said = ("|".join(value) if isinstance(value, tuple) else str(value) for value in row.outcome)
    return f"{' '.join(said)} ({row.why})" if row.why else " ".join(said)


def _shown(value: Value) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
