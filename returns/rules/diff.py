"""What a change of the rules changes: every case that is decided otherwise, exactly, as boxes with their size and a
witness. Called by `rules_diff`, by the office before an approval, and by tests.

    diff_packs(load_pack("cn"), draft).points     # how many cases of the tables' domains turn

A decision is what a row says in its outcome columns. Rows that only explain themselves otherwise, words, sources and
sums are told apart from decisions that change. Of tables that differ in their domain the cases that both know are
compared, and the difference is told (`domain`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from returns.rules.domains import IMPOSSIBLE, DomainChange, common
from returns.rules.language import Outcome, Row, Table, Value
from returns.rules.pack import Pack
from returns.rules.pairs import Region, part
from returns.rules.walk import BUDGET, OverBudget

NO_ROW = "no row"
# The entries of pack.toml that are compared, beside the sums; those in DECISIVE change decisions.
HEAD = (
    "name", "version", "title", "effective",
    "semantics", "governing_fact", "chain", "each", "no_reason_days", "moves_with_holidays",
)  # fmt: skip
DECISIVE = {*HEAD[4:], "amount"}


@dataclass(frozen=True, slots=True)
class Side:
    """What one version says on a case: the row that decides (empty for none), its layer, and its outcome in words."""

    row: str
    layer: int | None
    says: str

    def __str__(self) -> str:
        return f"{self.says} ({self.row})" if self.row else self.says


@dataclass(frozen=True, slots=True)
class Box:
    """Cases that turn from one decision to another. `cells`: canonical text for each column that the box limits."""

    cells: Mapping[str, str]
    points: int
    before: Side
    after: Side
    witness: Mapping[str, Value]

    def as_dict(self) -> dict[str, Any]:
        sides = {name: _side_dict(side) for name, side in (("before", self.before), ("after", self.after))}
        return {"cells": dict(self.cells), "points": self.points, **sides, "witness": dict(self.witness)}


@dataclass(frozen=True, slots=True)
class TableDiff:
    """The difference of two versions of one table. `points` of `of` cases are decided otherwise, `by_outcome` for each
    transition; `boxes` show them, largest first, all of them unless `more`. With `not_proved` the search was cut short
    by its budget: nothing is known then, and `points` is 0. Rows are told by id: `rows_changed` in conditions, layer or
    outcome, `rows_reworded` only in explanation, sources, mark or open question."""

    table: str
    points: int = 0
    of: int = 0
    boxes: tuple[Box, ...] = ()
    more: bool = False
    by_outcome: Mapping[tuple[str, str], int] | None = None
    domain: tuple[DomainChange, ...] = ()
    rows_added: tuple[str, ...] = ()
    rows_removed: tuple[str, ...] = ()
    rows_changed: tuple[str, ...] = ()
    rows_reworded: tuple[str, ...] = ()
    not_proved: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing at all differs, neither decisions nor rows nor the domain."""
        rows = self.rows_added or self.rows_removed or self.rows_changed or self.rows_reworded
        return not (self.points or self.not_proved or self.domain or rows)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        turns = [{"before": one, "after": two, "points": n} for (one, two), n in (self.by_outcome or {}).items()]
        return {
            "table": self.table, "points": self.points, "of": self.of, "not_proved": self.not_proved,
            "by_outcome": turns, "boxes": [box.as_dict() for box in self.boxes], "more": self.more,
            "domain": [str(change) for change in self.domain],
            "rows_added": list(self.rows_added), "rows_removed": list(self.rows_removed),
            "rows_changed": list(self.rows_changed), "rows_reworded": list(self.rows_reworded),
        }  # fmt: skip


def diff_tables(old: Table, new: Table, budget: int = BUDGET) -> TableDiff:
    """Every case that the two tables decide otherwise; neither needs to be proved complete."""
    shared = common(old, new)
    of = 1
    for column in shared.columns:
        of *= max(column.size, 0)
    frame = replace(_rows(old, new), of=of, by_outcome={}, domain=shared.changes)
    try:
        found = part(shared, decides_otherwise, budget)
    except OverBudget:
        return replace(frame, not_proved=True)
    words = {id(row): side(row, shared.outcomes) for pair, _ in found.counts for row in pair}
    turns: dict[tuple[str, str], int] = {}
    for (before, after), points in found.counts:
        turn = (words[id(before)].says, words[id(after)].says)
        turns[turn] = turns.get(turn, 0) + points
    return replace(
        frame,
        points=sum(turns.values()),
        boxes=tuple(_box(region, words) for region in found.regions),
        more=found.more,
        by_outcome=dict(sorted(turns.items(), key=lambda item: (-item[1], item[0]))),
    )


def decides_otherwise(before: Row | None, after: Row | None) -> bool:
    """Do two rows (None: no row) decide a case otherwise? Their outcomes are those both tables have."""
    return (before and before.outcome) != (after and after.outcome)


def _rows(old: Table, new: Table) -> TableDiff:
    """The difference of the rows as they are written."""
    was, now = ({row.id: row for row in table.rows} for table in (old, new))
    both = [(was[key], now[key]) for key in now if key in was]
    acts = [two.id for one, two in both if _acts(old, one) != _acts(new, two)]
    words = [two.id for one, two in both if _explains(one) != _explains(two) and two.id not in acts]
    return TableDiff(
        new.name,
        rows_added=tuple(key for key in now if key not in was),
        rows_removed=tuple(key for key in was if key not in now),
        rows_changed=tuple(acts),
        rows_reworded=tuple(words),
    )


def _acts(table: Table, row: Row) -> tuple[object, ...]:
    """Layer, conditions and outcome as text by column, so that another order of columns or values is no change."""
    cells = {c.name: c.format(cell) for c, cell in zip(table.columns, row.cells, strict=True) if cell is not None}
    said = {o.name: o.format(value) for o, value in zip(table.outcomes, row.outcome, strict=True)}
    return (row.layer, cells, said)


def _explains(row: Row) -> tuple[object, ...]:
    return (row.why, row.sources, row.mark, row.contested)


def side(row: Row | None, outcomes: tuple[Outcome, ...]) -> Side:
    """What a row (None: no row) says, in words; its outcome is over these outcome columns."""
    if row is None:
        return Side("", None, NO_ROW)
    if row.layer < 0:
        return Side("", None, IMPOSSIBLE)
    pairs = [(outcome.name, outcome.format(value)) for outcome, value in zip(outcomes, row.outcome, strict=True)]
    says = pairs[0][1] if len(pairs) == 1 else " ".join(f"{name}={text}" for name, text in pairs)
    return Side(row.id, row.layer, says)


def _side_dict(side: Side) -> dict[str, Any]:
    return {"row": side.row, "layer": side.layer, "says": side.says}


def _box(region: Region, words: Mapping[int, Side]) -> Box:
    before, after = words[id(region.before)], words[id(region.after)]
    return Box(region.texts, region.points, before, after, region.witness)


@dataclass(frozen=True, slots=True)
class PackDiff:
    """The difference of two packs. `tables` has every table that both have; `points` is their sum. Rows are told as
    table/row. `words`: the texts that differ, as file, audience and key; `sources`: the keys of sources; `head`: the
    entries of `pack.toml` (sums, order of the tables, dates, titles)."""

    tables: Mapping[str, TableDiff]
    tables_added: tuple[str, ...]
    tables_removed: tuple[str, ...]
    words: tuple[str, ...]
    sources: tuple[str, ...]
    head: tuple[str, ...]

    @property
    def points(self) -> int:
        return sum(diff.points for diff in self.tables.values())

    @property
    def not_proved(self) -> bool:
        return any(diff.not_proved for diff in self.tables.values())

    @property
    def rows_added(self) -> tuple[str, ...]:
        return tuple(f"{name}/{row}" for name, diff in self.tables.items() for row in diff.rows_added)

    @property
    def rows_removed(self) -> tuple[str, ...]:
        return tuple(f"{name}/{row}" for name, diff in self.tables.items() for row in diff.rows_removed)

    @property
    def rows_changed(self) -> tuple[str, ...]:
        return tuple(f"{name}/{row}" for name, diff in self.tables.items() for row in diff.rows_changed)

    @property
    def rows_reworded(self) -> tuple[str, ...]:
        return tuple(f"{name}/{row}" for name, diff in self.tables.items() for row in diff.rows_reworded)

    @property
    def changes_decisions(self) -> bool:
        """Some case is decided otherwise, or it cannot be said: tables came or went, the order, the sums or a domain
        changed, or the search was cut short."""
        decisive = DECISIVE & set(self.head)
        domain = any(diff.domain for diff in self.tables.values())
        return bool(self.points or self.not_proved or self.tables_added or self.tables_removed or decisive or domain)

    @property
    def is_empty(self) -> bool:
        """The packs mean the same, to the last word."""
        tables = all(diff.is_empty for diff in self.tables.values())
        return tables and not (self.tables_added or self.tables_removed or self.words or self.sources or self.head)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "points": self.points, "not_proved": self.not_proved, "changes_decisions": self.changes_decisions,
            "tables": [diff.as_dict() for diff in self.tables.values() if not diff.is_empty],
            "tables_added": list(self.tables_added), "tables_removed": list(self.tables_removed),
            "words": list(self.words), "sources": list(self.sources), "head": list(self.head),
        }  # fmt: skip


def diff_packs(old: Pack, new: Pack, budget: int = BUDGET) -> PackDiff:
    """Everything that differs between two packs; `budget` is that of each table."""
    both = [name for name in new.tables if name in old.tables]
    return PackDiff(
        tables={name: diff_tables(old.table(name), new.table(name), budget) for name in both},
        tables_added=tuple(name for name in new.tables if name not in old.tables),
        tables_removed=tuple(name for name in old.tables if name not in new.tables),
        words=tuple(_words(old, new)),
        sources=_differing(old.sources, new.sources),
        head=tuple(_head(old, new)),
    )


def _words(old: Pack, new: Pack) -> Iterator[str]:
    for locale in dict.fromkeys((*old.words, *new.words)):
        was, now = old.words.get(locale, {}), new.words.get(locale, {})
        for audience in dict.fromkeys((*was, *now)):
            for key in _differing(was.get(audience, {}), now.get(audience, {})):
                yield f"words.{locale}.toml {audience} {key}"
        for key in _differing(old.questions.get(locale, {}), new.questions.get(locale, {})):
            yield f"words.{locale}.toml contested {key}"


def _head(old: Pack, new: Pack) -> Iterator[str]:
    """The entries of `pack.toml` that differ, and `title of TABLE` where only a table's title does."""
    for name in HEAD:
        if getattr(old, name) != getattr(new, name):
            yield name
    if [dict(amount) for amount in old.amounts] != [dict(amount) for amount in new.amounts]:
        yield "amount"
    for name in new.tables:
        if name in old.tables and old.table(name).title != new.table(name).title:
            yield f"title of {name}"


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in dict.fromkeys((*was, *now)) if was.get(key) != now.get(key))
