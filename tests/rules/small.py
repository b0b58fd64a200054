"""Small random tables, and the slow, obvious way to answer every question about them: look at each case."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

from returns.rules.language import Cell, Column, Impossible, Outcome, Row, Table, Value, joined

OUTCOMES = ("a", "b", "c")


def random_table(seed: int) -> Table:
    """Two to four columns, up to nine rows in up to three layers, now and then an impossible box."""
    rnd = random.Random(seed)
    columns = tuple(_column(rnd, number) for number in range(rnd.randint(2, 4)))
    rows = tuple(
        Row(f"R{number}", rnd.randint(0, 2), _cells(rnd, columns), (rnd.choice(OUTCOMES),))
        for number in range(rnd.randint(1, 9))
    )
    boxes = (Impossible(_cells(rnd, columns), "cannot be"),) if rnd.random() < 0.3 else ()
    return Table("small", columns, (Outcome("o", "enum", OUTCOMES),), rows, boxes)


def edited_table(table: Table, seed: int) -> Table:
    """The table after one to three edits: rows added, removed or rewritten, now and then another impossible box."""
    rnd = random.Random(f"edit {seed}")
    rows = list(table.rows)
    for number in range(rnd.choice((1, 1, 1, 2, 3))):
        row = Row(f"N{number}", rnd.randint(0, 3), _cells(rnd, table.columns), (rnd.choice(OUTCOMES),))
        kind = rnd.random()
        if kind < 0.2 or not rows:
            rows.append(row)
        elif kind < 0.4:
            rows.pop(rnd.randrange(len(rows)))
        else:
            place = rnd.randrange(len(rows))
            rows[place] = replace(row, id=rows[place].id)
    boxes = (Impossible(_cells(rnd, table.columns), "cannot be"),) if rnd.random() < 0.2 else table.impossible
    return replace(table, rows=tuple(rows), impossible=boxes)


def _column(rnd: random.Random, number: int) -> Column:
    kind = rnd.random()
    if kind < 0.45:
        return Column.enum(f"e{number}", (f"v{value}" for value in range(rnd.randint(2, 4))))
    if kind < 0.6:
        return Column(f"b{number}", "bool")
    return Column(f"n{number}", "int", (), rnd.randint(-3, 0), rnd.randint(4, 9))


def _cells(rnd: random.Random, columns: tuple[Column, ...]) -> tuple[Cell, ...]:
    return tuple(_cell(rnd, column) for column in columns)


def _cell(rnd: random.Random, column: Column) -> Cell:
    if rnd.random() < 0.4:
        return None
    if column.kind == "enum":
        chosen = rnd.sample(range(column.size), rnd.randint(1, column.size))
        return column.normal(joined(chosen))
    one, two = rnd.randint(column.lo, column.hi), rnd.randint(column.lo, column.hi)
    if column.kind == "bool":
        return ((one, one),)
    return column.normal(((min(one, two), max(one, two)),))


def cases(table: Table) -> Iterator[dict[str, Value]]:
    """Every case of the table's domain that is not declared impossible."""
    return (case for case in all_cases(table) if not is_impossible(table, case))


def is_impossible(table: Table, case: dict[str, Value]) -> bool:
    return any(admits(table, box.cells, case) for box in table.impossible)


def all_cases(table: Table) -> Iterator[dict[str, Value]]:
    domains = [[column.value(place) for place in range(column.lo, column.hi + 1)] for column in table.columns]
    for values in itertools.product(*domains):
        yield {column.name: value for column, value in zip(table.columns, values, strict=True)}


def admits(table: Table, cells: tuple[Cell, ...], case: dict[str, Value]) -> bool:
    return all(
        cell is None or any(low <= column.index(case[column.name]) <= high for low, high in cell)
        for column, cell in zip(table.columns, cells, strict=True)
    )


def first_row(table: Table, case: dict[str, Value]) -> Row | None:
    """The deciding row by looking at them one after the other."""
    return next((row for row in table.rows if admits(table, row.cells, case)), None)


def says(table: Table, case: dict[str, Value]) -> str:
    """What the table says on a case, in the words of a diff."""
    if is_impossible(table, case):
        return "impossible"
    row = first_row(table, case)
    return str(row.outcome[0]) if row else "no row"
