"""Examples that a table makes for itself, and how well they pin it down: the mutation score. Called by
`manage.py prove --mutants`, tests and bench.

For every row and every cell: each value of an enum or yes/no, both sides of each end of a range, and around it a case in
which this very cell makes the difference, if there is one. A mutant is the table with one cell moved by one place; it is
killed when some example comes out otherwise. Mutants that no case can tell from the table are proved equal by the diff,
never assumed to be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from returns.rules.analysis import with_impossible
from returns.rules.compile import Compiled
from returns.rules.diff import diff_tables
from returns.rules.language import Cell, Column, Interval, Row, Table, Value, joined
from returns.rules.walk import BUDGET, OverBudget, Walk


@dataclass(frozen=True, slots=True)
class Example:
    """One generated case of a table, with the row that decides it. `about`: the row and column it was made for."""

    case: Mapping[str, Value]
    row: Row
    about: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A table with one cell moved. `was` and `becomes` are canonical text."""

    row: str
    column: str
    was: str
    becomes: str
    table: Table

    def __str__(self) -> str:
        return f"{self.table.name}/{self.row}.{self.column}: {self.was} -> {self.becomes}"


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants the examples kill. `equal`: proved to decide every case alike; `not_proved`: survivors for which
    the proof ran out of its budget, counted as survivors."""

    table: str
    examples: int
    rows_hit: int
    rows: int
    killed: int
    equal: int
    survived: tuple[Mutant, ...]
    not_proved: int

    @property
    def share(self) -> float:
        """Killed of all mutants that are not equal, from 0 to 1."""
        real = self.killed + len(self.survived)
        return self.killed / real if real else 1.0


def examples(table: Table, budget: int = BUDGET) -> tuple[Example, ...]:
    """The generated examples of a table, each case once, in the order of its rows and columns."""
    compiled = with_impossible(table)
    found: dict[tuple[Value, ...], Example] = {}
    for number, row in enumerate(compiled.table.rows):
        if row.layer < 0:
            continue
        for position, column in enumerate(table.columns):
            for place in places(column, row.cells[position]):
                for case in _cases(compiled, number, position, place, budget):
                    decider = compiled.decide(case)
                    if decider.layer >= 0:
                        found.setdefault(tuple(case.values()), Example(case, decider, (row.id, column.name)))
    return tuple(found.values())


def places(column: Column, cell: Cell) -> list[int]:
    """The places of a column worth looking at for a cell: all of an enum, both sides of each end of a range."""
    if column.kind in ("enum", "bool"):
        return list(range(column.lo, column.hi + 1))
    edges = {
        place for low, high in column.intervals(cell) for place in (low - 1, low, low + 1, high - 1, high, high + 1)
    }
    return sorted(place for place in edges if column.lo <= place <= column.hi)


def _cases(compiled: Compiled, number: int, position: int, place: int, budget: int) -> Iterator[dict[str, Value]]:
    """A case in the row's box, the one column at `place`, that no earlier row decides; and before it one that no other
    row with the same outcome matches either, because only there the cell makes a difference."""
    rows = compiled.table.rows
    cells: list[Cell] = [*rows[number].cells]
    cells[position] = ((place, place),)
    earlier = (1 << number) - 1
    alike = sum(1 << i for i, row in enumerate(rows) if i > number and row.outcome == rows[number].outcome)
    for covered in (earlier | alike, earlier):
        try:
            path = Walk(compiled, cells, budget).uncovered(covered)
        except OverBudget:
            continue
        if path is not None:
            yield _case(compiled.table, path)
            return


def _case(table: Table, path: Sequence[Interval]) -> dict[str, Value]:
    return {column.name: column.value(piece[0]) for column, piece in zip(table.columns, path, strict=True)}


def mutants(table: Table) -> Iterator[Mutant]:
    """Every table that differs in one cell by one place: a value more or less, an end of a range moved by one."""
    for number, row in enumerate(table.rows):
        for position, column in enumerate(table.columns):
            for cell in _moved(column, row.cells[position]):
                cells = (*row.cells[:position], cell, *row.cells[position + 1 :])
                rows = (*table.rows[:number], replace(row, cells=cells), *table.rows[number + 1 :])
                was, becomes = column.format(row.cells[position]), column.format(cell)
                yield Mutant(row.id, column.name, was, becomes, replace(table, rows=rows))


def _moved(column: Column, cell: Cell) -> Iterator[Cell]:
    if column.kind in ("enum", "bool"):
        chosen = {place for low, high in column.intervals(cell) for place in range(low, high + 1)}
        for place in range(column.lo, column.hi + 1):
            if other := chosen ^ {place}:
                yield column.normal(joined(other))
        return
    ((low, high),) = column.intervals(cell)
    for start, end in ((low - 1, high), (low + 1, high), (low, high - 1), (low, high + 1)):
        if column.lo <= start <= end <= column.hi:
            yield column.normal(((start, end),))


def score(table: Table, made: Sequence[Example], some: Sequence[Mutant] | None = None, budget: int = BUDGET) -> Score:
    """How many mutants (all of them, or `some`) the examples kill, and which survive although they decide otherwise."""
    about: dict[str, list[Example]] = {}
    for example in made:
        for row in {example.row.id, example.about[0]}:
            about.setdefault(row, []).append(example)
    killed = equal = not_proved = 0
    survived: list[Mutant] = []
    for mutant in mutants(table) if some is None else some:
        compiled = with_impossible(mutant.table)
        if _kills(compiled, about.get(mutant.row, ())) or _kills(compiled, made):
            killed += 1
            continue
        diff = diff_tables(table, mutant.table, budget)
        if diff.not_proved:
            not_proved += 1
            survived.append(mutant)
        elif diff.points:
            survived.append(mutant)
        else:
            equal += 1
    hit = {example.row.id for example in made}
    return Score(table.name, len(made), len(hit), len(table.rows), killed, equal, tuple(survived), not_proved)


def _kills(compiled: Compiled, made: Sequence[Example]) -> bool:
    """Whether some example comes out otherwise. A case without a row is otherwise too."""
    for example in made:
        live = compiled.matching(example.case)
        if not live or compiled.table.rows[(live & -live).bit_length() - 1].outcome != example.row.outcome:
            return True
    return False
