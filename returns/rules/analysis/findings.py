"""What the proof finds: one thing wrong with a table, and the report on the whole table. Made by the other files here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from returns.rules.language import Cell, Interval, Row, Table, Value


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a table. `kind`: gap, contradiction, dead row, broken invariant, broken chain, not proved.
    `witness`: a case that shows it. `box`: for a gap, the cells of the row that would close it; `points`: how many
    cases it has. `rows`: those concerned; of a dead row first itself, then those that decide its cases, and `articles`
    are the keys of the sources of those among them that are law."""

    kind: str
    table: str
    rows: tuple[str, ...] = ()
    witness: Mapping[str, Value] | None = None
    box: Mapping[str, str] | None = None
    points: int = 0
    why: str = ""
    articles: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [f"{self.kind.upper()} in table {self.table}: {self.why}"]
        if self.witness:
            said.append("witness: " + ", ".join(f"{name}={shown(value)}" for name, value in self.witness.items()))
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


def case_at(table: Table, path: Sequence[Interval]) -> dict[str, Value]:
    """The first case of a box that is given as one piece for each column."""
    return {column.name: column.value(piece[0]) for column, piece in zip(table.columns, path, strict=True)}


def texts(table: Table, box: Sequence[Cell]) -> dict[str, str]:
    """The cells of a box as text, without those that say "any"."""
    pairs = zip(table.columns, box, strict=True)
    return {column.name: column.format(cell) for column, cell in pairs if cell is not None}


def says(row: Row) -> str:
    said = ("|".join(value) if isinstance(value, tuple) else str(value) for value in row.outcome)
    return f"{' '.join(said)} ({row.why})" if row.why else " ".join(said)


def shown(value: Value) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
