"""One table of a draft as the grid shows it: rows by layer, each condition and outcome a cell with its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from aftersales.office.ruleeditor.findings import Gap, Told, gap_words, problem_words
from aftersales.office.ruletelling import cell_words, fact, language, said
from aftersales.office.rulewords import LAYERS, MARKS
from returns.rules.editing.words import words_of
from returns.rules.language import Row, Table
from returns.rules.live import TableState
from returns.rules.sources import Source


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the grid. `key` names it in addresses; `any` cells admit everything and are shown quietly."""

    key: str
    label: str
    words: str
    any: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """One rule: its cells, what it rests on, what is wrong with it, and the gaps it stands nearest to."""

    id: str
    conditions: list[Cell]
    outcomes: list[Cell]
    why: str
    sources: str
    mark: str
    contested: bool
    dead: bool
    problems: list[Told]
    gaps: list[Gap]

    def mentions(self, words: list[str]) -> bool:
        """Whether every word stands somewhere in the row."""
        cells = [f"{cell.label} {cell.words}" for cell in (*self.conditions, *self.outcomes) if not cell.any]
        text = " ".join([self.id, self.why, self.sources, self.mark, *cells]).casefold()
        return all(word in text for word in words)


@dataclass(slots=True)
class Layer:
    """The rows of one layer."""

    number: int
    words: Promise
    rows: list[GridRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grid:
    """What the page draws. `columns` and `outcomes` are pairs of key and words; `shown` of `total` rows are drawn."""

    columns: list[tuple[str, str]]
    outcomes: list[tuple[str, str]]
    layers: list[Layer]
    shown: int
    total: int

    @property
    def width(self) -> int:
        """How many columns a line across the whole grid spans."""
        return len(self.columns) + len(self.outcomes) + 3


def draw(
    files: Mapping[str, str], state: TableState, sources: Mapping[str, Source], *, query: str = "", layer: str = ""
) -> Grid:
    """The grid of a table, narrowed to the rows that mention every word of `query` and to one layer. A row with a
    problem or beside a gap is always drawn: it is what one came for."""
    table = state.table
    layers = {number: Layer(number, words) for number, words in LAYERS.items()}
    wanted = query.casefold().split()
    for row in table.rows:
        drawn = _row(files, table, row, state, sources)
        if drawn.problems or drawn.gaps or (layer in ("", str(row.layer)) and drawn.mentions(wanted)):
            layers[row.layer].rows.append(drawn)
    return Grid(
        columns=[(column.name, fact(column.name)) for column in table.columns],
        outcomes=[(outcome.name, fact(outcome.name)) for outcome in table.outcomes],
        layers=[each for each in layers.values() if each.rows],
        shown=sum(len(each.rows) for each in layers.values()),
        total=len(table.rows),
    )


def _row(files: Mapping[str, str], table: Table, row: Row, state: TableState, sources: Mapping[str, Source]) -> GridRow:
    problems = list(_told(table, row, state))
    why = words_of(files, row.why)
    return GridRow(
        id=row.id,
        conditions=[
            Cell(column.name, fact(column.name), "" if cell is None else cell_words(column, cell), cell is None)
            for column, cell in zip(table.columns, row.cells, strict=True)
        ],
        outcomes=[
            Cell(outcome.name, fact(outcome.name), said(outcome.name, value))
            for outcome, value in zip(table.outcomes, row.outcome, strict=True)
        ],
        why=why[language(), "staff"] or row.why,
        sources=" · ".join(getattr(sources[key], language()) if key in sources else key for key in row.sources),
        mark=str(MARKS.get(row.mark, row.mark)),
        contested=bool(row.contested),
        dead=any(problem.kind == "dead" for problem in problems),
        problems=problems,
        gaps=[gap_words(table, gap, row, number) for number, gap in enumerate(state.gaps) if gap.like == row.id],
    )


def _told(table: Table, row: Row, state: TableState) -> Iterator[Told]:
    for problem in state.problems.get(row.id, ()):
        yield problem_words(table, row, problem)
