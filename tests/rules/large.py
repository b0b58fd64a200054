"""Large random tables for measurements and second opinions: up to 12 columns and 1,000 rows, the same for the same seed.

`partition` is complete and free of overlaps by construction; `layered` is what shops write, special rows above one
default for each reason; `hard` is the family on which every exact search gives up in the end.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from returns.rules.language import Cell, Column, Outcome, Row, Table, joined

COLUMNS = (
    Column.enum("reason", (f"r{n}" for n in range(8))),
    Column("days", "int", (), 0, 3650),
    Column.enum("goods", (f"g{n}" for n in range(7))),
    Column("opened", "bool"),
    Column("amount", "money", (), 0, 5_000_000),
    Column.enum("fault", (f"f{n}" for n in range(5))),
    Column.enum("want", (f"w{n}" for n in range(4))),
    Column("insured", "bool"),
    Column("weight", "int", (), 0, 60_000),
    Column.enum("channel", (f"c{n}" for n in range(4))),
    Column("score", "int", (), 0, 1000),
    Column.enum("country", (f"k{n}" for n in range(12))),
)
OUTCOMES = (
    Outcome("remedy", "enum", ("repair", "exchange", "return", "refund_only", "none")),
    Outcome("payer", "enum", ("shop", "buyer", "split")),
)
# Where conditions on numbers begin, as people write them.
CUTS = {
    "days": (2, 3, 7, 14, 15, 30, 31, 60, 90, 180, 365, 366, 730),
    "amount": (500, 1500, 2000, 5000, 10000, 20000, 50000, 100000, 500000),
    "weight": (500, 1000, 2000, 5000, 10000, 20000, 31500),
    "score": (100, 200, 300, 400, 500, 600, 700, 800, 900),
}


def partition(rows: int, columns: int, seed: int) -> Table:
    """The leaves of a random decision tree: every case has exactly one row."""
    rnd = random.Random(seed)
    chosen = COLUMNS[:columns]
    boxes = [[list(range(c.size)) if c.kind == "enum" else [c.lo, c.hi] for c in chosen]]
    while len(boxes) < rows:
        place = rnd.randrange(len(boxes))
        box = boxes[place]
        splits = [number for number, column in enumerate(chosen) if _splits(column, box[number])]
        if not splits:
            continue
        number = rnd.choice(splits)
        left, right = _split(rnd, chosen[number], box[number])
        boxes[place] = [*box[:number], left, *box[number + 1 :]]
        boxes.append([*box[:number], right, *box[number + 1 :]])
    rnd.shuffle(boxes)
    made = tuple(
        Row(f"R{n:04}", 0, tuple(_leaf(c, part) for c, part in zip(chosen, box, strict=True)), _outcome(rnd))
        for n, box in enumerate(boxes)
    )
    return Table(f"partition-{rows}x{columns}", chosen, OUTCOMES, made)


def _splits(column: Column, part: Sequence[int]) -> bool:
    if column.kind == "enum":
        return len(part) > 1
    if column.kind == "bool":
        return part[0] < part[1]
    return any(part[0] < cut <= part[1] for cut in CUTS[column.name])


def _split(rnd: random.Random, column: Column, part: list[int]) -> tuple[list[int], list[int]]:
    if column.kind == "enum":
        values = rnd.sample(part, len(part))
        middle = rnd.randrange(1, len(values))
        return sorted(values[:middle]), sorted(values[middle:])
    cuts = (1,) if column.kind == "bool" else CUTS[column.name]
    cut = rnd.choice([cut for cut in cuts if part[0] < cut <= part[1]])
    return [part[0], cut - 1], [cut, part[1]]


def _leaf(column: Column, part: list[int]) -> Cell:
    return column.normal(joined(part) if column.kind == "enum" else ((part[0], part[1]),))


def layered(rows: int, columns: int, seed: int, *, default: bool = True) -> Table:
    """Special rows in layers 0 to 2, rows with more conditions first, and (with `default`) one row for each reason
    in layer 3."""
    rnd = random.Random(seed)
    chosen = COLUMNS[:columns]
    reasons = chosen[0]
    special = []
    for _ in range(rows - (reasons.size if default else 0)):
        cells: list[Cell] = [None] * columns
        cells[0] = joined(rnd.sample(range(reasons.size), rnd.choice((1, 1, 1, 2))))
        for number in rnd.sample(range(1, columns), min(columns - 1, rnd.choice((1, 2, 2, 3, 3, 4)))):
            cells[number] = _condition(rnd, chosen[number])
        special.append(tuple(cells))
    special.sort(key=lambda cells: -sum(cell is not None for cell in cells))
    made = [Row(f"R{n:04}", n * 3 // len(special), cells, _outcome(rnd)) for n, cells in enumerate(special)]
    if default:
        rest: tuple[Cell, ...] = (None,) * (columns - 1)
        made += [Row(f"Z{n}", 3, (((n, n),), *rest), _outcome(rnd)) for n in range(reasons.size)]
    return Table(f"layered-{rows}x{columns}", chosen, OUTCOMES, tuple(made))


def _condition(rnd: random.Random, column: Column) -> Cell:
    if column.kind == "enum":
        return joined(rnd.sample(range(column.size), min(rnd.choice((1, 1, 2, 3)), column.size - 1)))
    if column.kind == "bool":
        return rnd.choice((((0, 0),), ((1, 1),)))
    low, high = sorted(rnd.sample(CUTS[column.name], 2))
    return rnd.choice((((column.lo, low - 1),), ((high, column.hi),), ((low, high - 1),)))


def hard(columns: int, seed: int) -> Table:
    """Each row tests three random columns of four values, just so many rows that the table is nearly complete: the
    search grows exponentially with the columns."""
    rnd = random.Random(seed)
    chosen = tuple(Column.enum(f"x{n}", "abcd") for n in range(columns))
    made = []
    for number in range(columns * 28):
        cells: list[Cell] = [None] * columns
        for place in rnd.sample(range(columns), 3):
            cells[place] = joined(rnd.sample(range(4), rnd.choice((1, 2))))
        made.append(Row(f"R{number:04}", 0, tuple(cells), _outcome(rnd)))
    return Table(f"hard-{columns}", chosen, OUTCOMES, tuple(made))


def one_row_edit(table: Table, seed: int) -> Table:
    """The table after one edit of one row: a cell, an outcome, its layer, or the row is gone."""
    rnd = random.Random(seed)
    place = rnd.randrange(len(table.rows))
    row = table.rows[place]
    kind = rnd.choice(("cell", "cell", "cell", "outcome", "layer", "gone"))
    edited: tuple[Row, ...]
    if kind == "gone":
        edited = ()
    elif kind == "outcome":
        edited = (replace(row, outcome=_outcome(rnd)),)
    elif kind == "layer":
        edited = (replace(row, layer=rnd.randrange(4)),)
    else:
        number = rnd.randrange(len(table.columns))
        cell = None if rnd.random() < 0.3 else _condition(rnd, table.columns[number])
        edited = (replace(row, cells=(*row.cells[:number], cell, *row.cells[number + 1 :])),)
    return replace(table, rows=(*table.rows[:place], *edited, *table.rows[place + 1 :]))


def _outcome(rnd: random.Random) -> tuple[object, ...]:
    return tuple(rnd.choice(outcome.values) for outcome in OUTCOMES)
