"""The tables of one pack asked in the engine's order about many cases at once. Used by `batch`.

The same steps as `engine.decide`: the chain, the legs for each remedy due, then what comes on top and the periods.
What a table says becomes a column for the next. A case that gets stuck (a fact it lacks, facts that contradict each
other, a gap) keeps the first reason and goes on as unknown.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from returns.rules.arrays import numpy
from returns.rules.columns import UNKNOWN
from returns.rules.compile import Compiled
from returns.rules.grouping import group
from returns.rules.language import Column, Impossible
from returns.rules.linking import fact_columns
from returns.rules.masks import NO_ROW, UNSAID, MaskTable
from returns.rules.verdict import LEGS, requested_first

if TYPE_CHECKING:
    from returns.rules.columns import Array, Columns
    from returns.rules.pack import Pack

# Why a case is not decided: one of these, and the table, or in words why its facts cannot be.
IMPOSSIBLE, UNKNOWN_FACT, GAP = "impossible", "unknown_fact", "gap"

mask_table = lru_cache(maxsize=256)(MaskTable)


class Asked:
    """What has been said about the cases so far. `said[name]` are places in a list of values, -1 for unknown;
    `fired[label]` the row each case met in a table, -1 where it was not asked or got stuck."""

    def __init__(self, pack: "Pack", columns: "Columns") -> None:
        self.pack = pack
        self.count = len(next(iter(columns.values())))
        facts = fact_columns()
        self.said: dict[str, tuple[Array, tuple[Any, ...] | Column]] = {
            name: (column, facts[name]) for name, column in columns.items() if name in facts
        }
        self.fired: dict[str, Array] = {}
        self.stuck = numpy().zeros(self.count, dtype="i4")
        self.reasons = [""]  # by the numbers in `stuck`

    def ask(
        self, name: str, label: str = "", given: Mapping[str, str] | None = None, some: "Array | None" = None
    ) -> "Array":
        """Let one table decide. `given` are columns with one value for all cases; `some` the cases that are asked,
        all by default."""
        np = numpy()
        compiled = self.pack.tables[name]
        columns: dict[str, Array | int] = {}
        for column in compiled.table.columns:
            if given and column.name in given:
                columns[column.name] = column.index(given[column.name]) - column.lo
            else:
                places = self._places(column)
                columns[column.name] = places if some is None else places[some]
        found = mask_table(compiled).rows(columns)
        asked = np.arange(self.count) if some is None else some
        found = np.broadcast_to(found, asked.shape)
        for box in compiled.table.impossible:
            self._stick(asked[self._inside(compiled, box, columns)], f"{IMPOSSIBLE}|{box.because}")
        self._stick(asked[found == UNSAID], f"{UNKNOWN_FACT}|{name}")
        self._stick(asked[found == NO_ROW], f"{GAP}|{name}")
        rows = np.full(self.count, NO_ROW, dtype="i4")
        rows[asked] = np.maximum(found, NO_ROW)
        self.fired[label or name] = rows
        return rows  # type: ignore[no-any-return]

    def _places(self, column: Column) -> "Array":
        """What is known of a column, as places of this table's column."""
        places, values = self.said[column.name]
        if isinstance(values, Column):
            if values == column or column.kind in ("int", "money"):
                return places
            values = tuple(values.value(place) for place in range(values.lo, values.hi + 1))
        return _moves(values, column)[places]

    def _inside(self, compiled: Compiled, box: Impossible, columns: "Mapping[str, Array | int]") -> "Array":
        np = numpy()
        inside = np.ones(1, dtype=bool)
        for column, cell in zip(compiled.table.columns, box.cells, strict=True):
            if cell is not None:
                place = np.asarray(columns[column.name])
                here = place == UNKNOWN
                for low, high in cell:
                    here = here | ((place >= low - column.lo) & (place <= high - column.lo))
                inside = inside & here
        return inside  # type: ignore[no-any-return]

    def _stick(self, cases: "Array", why: str) -> None:
        """These cases cannot be decided; the first reason stays."""
        cases = cases[self.stuck[cases] == 0]
        if len(cases):
            if why not in self.reasons:
                self.reasons.append(why)
            self.stuck[cases] = self.reasons.index(why)

    def say(self, name: str, rows: "Array", table: str, outcome: int = 0) -> None:
        """Let the next tables read one outcome of the rows that fired."""
        values, by_row = _outcomes(self.pack.tables[table], outcome)
        self.said[name] = by_row[rows], values

    def values(self, name: str) -> tuple[Any, ...]:
        values = self.said[name][1]
        assert not isinstance(values, Column)
        return values


def ask_all(pack: "Pack", columns: "Columns") -> "Asked":
    """Everything a verdict says about the cases."""
    asked = Asked(pack, columns)
    for name in pack.chain:
        rows = asked.ask(name)
        for number, outcome in enumerate(pack.table(name).outcomes):
            asked.say(outcome.name, rows, name, number)
    _put_requested_first(asked)
    _ask_legs(asked)
    for name in pack.each:
        table = pack.table(name)
        for value in table.column(table.each).values:
            asked.ask(name, f"{name}:{value}", {table.each: value})
    return asked


def _put_requested_first(asked: Asked) -> None:
    """`due` as what is due, the answer to the wish in front."""
    np = numpy()
    remedies, lists = asked.said["remedies"]
    wishes, column = asked.said["wish"]
    assert isinstance(column, Column)
    assert not isinstance(lists, Column)
    first, which = group([remedies + 1, wishes + 1], [len(lists) + 1, column.size + 1])
    due: list[tuple[str, ...]] = [()]
    number = np.zeros(len(first), dtype="i4")
    for place, case in enumerate(first):
        if remedies[case] >= 0 and wishes[case] >= 0:
            ordered = requested_first(lists[remedies[case]], column.values[wishes[case]])
            if ordered not in due:
                due.append(ordered)
            number[place] = due.index(ordered)
    asked.said["due"] = number[which], tuple(due)
    asked._stick(np.flatnonzero(wishes < 0), f"{UNKNOWN_FACT}|wish")


def _ask_legs(asked: Asked) -> None:
    """Who bears each leg, for each remedy due in turn; those of the first stay for the tables that follow."""
    np = numpy()
    numbers, dues = asked.said["due"]
    assert not isinstance(dues, Column)
    lengths = np.array([len(due) for due in dues])[numbers]
    for turn in range(max(map(len, dues))):
        nth = tuple(due[turn] if turn < len(due) else "" for due in dues)
        some = np.flatnonzero(lengths > turn)
        asked.said["remedy"] = numbers, nth
        for leg in LEGS:
            rows = asked.ask(leg, leg if turn == 0 else f"{leg}#{turn}", some=some)
            asked.say(f"{leg}_payer#{turn}", rows, leg)
    if "outbound_payer#0" in asked.said:
        asked.said |= {f"{leg}_payer": asked.said[f"{leg}_payer#0"] for leg in LEGS}
    asked.said["remedy"] = numbers, tuple(due[0] if due else "" for due in dues)


@lru_cache(maxsize=1024)
def _outcomes(compiled: Compiled, outcome: int) -> "tuple[tuple[Any, ...], Array]":
    """The different values of one outcome column, and the place of each row's; the last place (-1) is unknown."""
    said = [row.outcome[outcome] for row in compiled.table.rows]
    values = tuple(dict.fromkeys(said))
    return values, numpy().array([*(values.index(value) for value in said), UNKNOWN], dtype="i4")


@lru_cache(maxsize=4096)
def _moves(values: tuple[Any, ...], column: Column) -> "Array":
    """From places in a list of values to places in a column that has (some of) them; the last place is unknown."""
    moved = [column.index(value) - column.lo if _has(column, value) else UNKNOWN for value in values]
    return numpy().array([*moved, UNKNOWN], dtype="i8")  # type: ignore[no-any-return]


def _has(column: Column, value: Any) -> bool:
    if column.kind == "enum":
        return value in column.values
    return value is not None and column.lo <= int(value) <= column.hi
