"""The cases that two versions of a table have in common, and how their domains differ. Used by `pairs`.

A column that only one side has is "any" on the other. Of a column that both have, the values or the range that both
know are compared; what only one side knows is told apart, since nothing was decided about it before (or is now).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from returns.rules.language import Cell, Column, Outcome, Row, Table, joined, meet

IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class DomainChange:
    """One difference between the domains. `kind`: column added, column gone, kind changed, values added, values gone,
    range changed, outcome added, outcome gone. `what`: the values or bounds concerned."""

    kind: str
    column: str
    what: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.column}" + (f" ({', '.join(self.what)})" if self.what else "")


@dataclass(frozen=True, slots=True)
class Common:
    """Two tables over one domain: rows with their cells re-expressed in `columns` and their outcomes in `outcomes`;
    impossible boxes are rows of layer -1."""

    columns: tuple[Column, ...]
    outcomes: tuple[Outcome, ...]
    old: tuple[Row, ...]
    new: tuple[Row, ...]
    changes: tuple[DomainChange, ...]

    @property
    def empty(self) -> bool:
        return any(column.size < 1 for column in self.columns)


def common(old: Table, new: Table) -> Common:
    """The two tables laid over the cases that both know."""
    mine = {column.name: column for column in old.columns}
    pairs = [(mine.get(column.name), column) for column in new.columns]
    columns: list[Column] = []
    sources: list[tuple[Column | None, Column | None]] = []  # for each common column what it is on either side
    for before, column in pairs:
        if before is not None and _comparable(before, column):
            columns.append(_narrowed(before, column))
            sources.append((before, column))
        else:
            columns.append(column)
            sources.append((None, column))
    for column in old.columns:
        after = next((other for other in new.columns if other.name == column.name), None)
        if after is None or not _comparable(column, after):
            columns.append(column if after is None else replace(column, name=f"{column.name} (before)"))
            sources.append((column, None))
    outcomes = tuple(outcome for outcome in new.outcomes if outcome.name in {other.name for other in old.outcomes})
    return Common(
        tuple(columns),
        outcomes,
        tuple(_laid(old, columns, [source for source, _ in sources], outcomes)),
        tuple(_laid(new, columns, [source for _, source in sources], outcomes)),
        tuple(_changes(old, new)),
    )


def _comparable(one: Column, two: Column) -> bool:
    numbers = ("int", "money")
    return one.kind == two.kind or (one.kind in numbers and two.kind in numbers)


def _narrowed(one: Column, two: Column) -> Column:
    if two.kind == "enum":
        return Column.enum(two.name, (value for value in two.values if value in one.values))
    return replace(two, lo=max(one.lo, two.lo), hi=min(one.hi, two.hi))


def _laid(
    table: Table, columns: Sequence[Column], sources: Sequence[Column | None], outcomes: Sequence[Outcome]
) -> Iterator[Row]:
    """The impossible boxes and rows of a table over the common columns; a row that only admits what the other side
    does not know is left out."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    said = [next(n for n, own in enumerate(table.outcomes) if own.name == outcome.name) for outcome in outcomes]
    boxes = [Row(IMPOSSIBLE, -1, box.cells, ()) for box in table.impossible]
    for row in (*boxes, *table.rows):
        cells: list[Cell] = []
        for column, source in zip(columns, sources, strict=True):
            cell = row.cells[places[source.name]] if source is not None else None
            cells.append(_moved(column, source, cell) if source is not None else None)
        if () not in cells:
            outcome = tuple(row.outcome[place] for place in said) if row.layer >= 0 else (IMPOSSIBLE,)
            yield replace(row, cells=tuple(cells), outcome=outcome)


def _moved(column: Column, source: Column, cell: Cell) -> Cell:
    """A cell of the source column as one of the common column; () where nothing of it is left."""
    if cell is None or column == source:
        return cell
    if column.kind == "enum":
        values = {source.values[place] for low, high in cell for place in range(low, high + 1)}
        return column.normal(joined(place for place, value in enumerate(column.values) if value in values))
    return column.normal(meet(cell, ((column.lo, column.hi),)))


def _changes(old: Table, new: Table) -> Iterator[DomainChange]:
    was, now = ({column.name: column for column in table.columns} for table in (old, new))
    yield from (DomainChange("column added", name) for name in now if name not in was)
    yield from (DomainChange("column gone", name) for name in was if name not in now)
    for name in (name for name in now if name in was):
        one, two = was[name], now[name]
        if not _comparable(one, two):
            yield DomainChange("kind changed", name, (one.kind, two.kind))
        elif two.kind == "enum":
            yield from _values(name, one.values, two.values)
        elif (one.lo, one.hi) != (two.lo, two.hi):
            yield DomainChange("range changed", name, (f"{one.lo}..{one.hi}", f"{two.lo}..{two.hi}"))
    said, says = ({outcome.name: outcome for outcome in table.outcomes} for table in (old, new))
    yield from (DomainChange("outcome added", name) for name in says if name not in said)
    yield from (DomainChange("outcome gone", name) for name in said if name not in says)
    for name in (name for name in says if name in said):
        yield from _values(f"->{name}", said[name].values, says[name].values)


def _values(name: str, was: tuple[str, ...], now: tuple[str, ...]) -> Iterator[DomainChange]:
    if added := tuple(value for value in now if value not in was):
        yield DomainChange("values added", name, added)
    if gone := tuple(value for value in was if value not in now):
        yield DomainChange("values gone", name, gone)
