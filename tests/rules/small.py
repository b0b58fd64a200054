"""Small random tables, and the slow, obvious way to answer every question about them: look at each case."""

import itertools
import random
from collections.abc import Iterator

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
    domains = [[column.value(place) for place in range(column.lo, column.hi + 1)] for column in table.columns]
    for values in itertools.product(*domains):
        case = {column.name: value for column, value in zip(table.columns, values, strict=True)}
        if not any(admits(table, box.cells, case) for box in table.impossible):
            yield case


def admits(table: Table, cells: tuple[Cell, ...], case: dict[str, Value]) -> bool:
    return all(
        cell is None or any(low <= column.index(case[column.name]) <= high for low, high in cell)
        for column, cell in zip(table.columns, cells, strict=True)
    )


def first_row(table: Table, case: dict[str, Value]) -> Row | None:
    """The deciding row by looking at them one after the other."""
    return next((row for row in table.rows if admits(table, row.cells, case)), None)
