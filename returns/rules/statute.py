"""The guard of the law: does a draft take away what mandatory law gave? Called before a draft is submitted,
beside the editor's grid, and by tests.

    weakened(load_pack("cn"), draft)                # () where the law stands as it did
    weakened_in(load_pack("cn"), draft, "cause")    # of one table only

A case that the base decides by a row of layer 0 must be decided by a row of layer 0 in the draft, and no worse for the
customer. Where it cannot be told whether an outcome is worse, a different one counts as worse. Excused is only what
rested on sources that have all ended before the draft takes effect, as the draft's `sources.toml` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from returns.rules.diff import Side, side
from returns.rules.domains import common
from returns.rules.language import Outcome, Row, Value
from returns.rules.pack import Pack
from returns.rules.pairs import Differs, part
from returns.rules.sources import Source
from returns.rules.walk import BUDGET, OverBudget

LAW = 0
# Who bears a leg, best for the customer first; "nothing travels" is another matter and not compared.
PAYERS = ("shop", "split", "buyer")


@dataclass(frozen=True, slots=True)
class Weakening:
    """One law that the draft takes away from. `rows`: the row of the base and, where there is one, the row that decides
    in its place. `article`: the sources of the base's row. `points` cases are concerned, `witness` is one of them
    (None where a whole table or a sum is concerned). With `not_proved` the search was cut short: it must be refused all
    the same."""

    table: str
    rows: tuple[str, ...]
    article: tuple[Source, ...]
    witness: Mapping[str, Value] | None
    before: str
    after: str
    points: int = 0
    not_proved: bool = False

    def __str__(self) -> str:
        law = "; ".join(source.en for source in self.article) or "mandatory law"
        if self.not_proved:
            return f"NOT PROVED in table {self.table}: whether the law still stands was cut short by the budget"
        case = ", ".join(f"{name}={value}" for name, value in (self.witness or {}).items())
        said = f"LAW WEAKENED in table {self.table}: {law} gives {self.before}; the draft says {self.after}"
        return said + (f"\n    witness: {case}" if case else "")

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "table": self.table, "rows": list(self.rows), "article": [source.as_dict() for source in self.article],
            "witness": dict(self.witness) if self.witness is not None else None, "before": self.before,
            "after": self.after, "points": self.points, "not_proved": self.not_proved,
        }  # fmt: skip


def weakened(base: Pack, draft: Pack, budget: int = BUDGET) -> tuple[Weakening, ...]:
    """Every row of law in the base that some case no longer gets the good of, in the order of the tables; then the sums
    and periods fixed by law. `budget` is that of each table."""
    out: list[Weakening] = []
    for name in base.tables:
        out += weakened_in(base, draft, name, budget)
    return (*out, *_sums(base, draft), *_period(base, draft))


def weakened_in(base: Pack, draft: Pack, name: str, budget: int = BUDGET) -> tuple[Weakening, ...]:
    """The same of one table: what the editor shows beside its grid."""
    return tuple(_table(base, draft, name, budget) if name in draft.tables else _lost(base, draft, name))


def _table(base: Pack, draft: Pack, name: str, budget: int) -> Iterator[Weakening]:
    old, new = base.table(name), draft.table(name)
    shared = common(old, new)
    laws = {row.id: row for row in old.rows if row.layer == LAW and not _ended(row, draft)}
    silent = {outcome.name for outcome in old.outcomes} - {outcome.name for outcome in new.outcomes}
    if silent:
        yield from _lost(base, draft, name, f"no longer says {', '.join(sorted(silent))}")
        return

    def worse(before: Row | None, after: Row | None) -> bool:
        if before is None or before.layer != LAW or before.id not in laws:
            return False
        return after is None or after.layer != LAW or is_worse(shared.outcomes, before.outcome, after.outcome)

    try:
        found = part(shared, worse, budget)
    except OverBudget:
        yield Weakening(name, (), (), None, "", "", not_proved=True)
        return
    for law in laws.values():
        counts = [points for (before, _), points in found.counts if before and before.id == law.id]
        if counts:
            shown = next((region for region in found.regions if region.before and region.before.id == law.id), None)
            if shown is None:  # the boxes that were collected are of other laws
                shown = part(shared, partial(_of, law.id, worse), budget).regions[0]
            after = side(shown.after, shared.outcomes)
            rows = (law.id, after.row) if after.row else (law.id,)
            before = side(shown.before, shared.outcomes).says
            yield Weakening(name, rows, _article(base, law), shown.witness, before, _placed(after), sum(counts))


def _of(law: str, worse: Differs, before: Row | None, after: Row | None) -> bool:
    return before is not None and before.id == law and worse(before, after)


def is_worse(outcomes: Sequence[Outcome], before: Sequence[object], after: Sequence[object]) -> bool:
    """Does the customer get less? A payer further from the shop, a remedy less, a yes that became a no; of anything
    else any difference counts."""
    pairs = zip(outcomes, before, after, strict=True)
    return any(_worse(outcome, one, two) for outcome, one, two in pairs if one != two)


def _worse(outcome: Outcome, before: object, after: object) -> bool:
    if isinstance(before, tuple) and isinstance(after, tuple):
        return not set(before) <= set(after)
    if outcome.kind == "bool":
        return bool(before)
    if outcome.name == "payer" and before in PAYERS and after in PAYERS:
        return PAYERS.index(str(after)) > PAYERS.index(str(before))
    return True


def _ended(row: Row, draft: Pack) -> bool:
    """All that the row rests on has ended by the day the draft takes effect."""
    sources = [draft.sources.get(key) for key in row.sources]
    return bool(draft.effective and sources) and all(
        source is not None and source.valid_to and source.valid_to < draft.effective for source in sources
    )


def _lost(base: Pack, draft: Pack, name: str, why: str = "the table is gone") -> Iterator[Weakening]:
    table = base.table(name)
    for row in table.rows:
        if row.layer == LAW and not _ended(row, draft):
            yield Weakening(name, (row.id,), _article(base, row), None, side(row, table.outcomes).says, why)


def _sums(base: Pack, draft: Pack) -> Iterator[Weakening]:
    """Damages that the draft would set lower than the base: fewer times the price, or a lower floor."""
    new = {amount["remedy"]: amount for amount in draft.amounts}
    for amount in base.amounts:
        now = new.get(amount["remedy"], {})
        for key in ("times", "at_least"):
            if amount.get(key, 0) > now.get(key, 0):
                article = tuple(_articles_on(base, amount["remedy"]))
                before, after = (f"{key} = {one.get(key, 'nothing')}" for one in (amount, now))
                yield Weakening("amount", (amount["remedy"],), article, None, before, after)


def _period(base: Pack, draft: Pack) -> Iterator[Weakening]:
    """Fewer days for a return without a reason, or days that no longer move with holidays."""
    for key in ("no_reason_days", "moves_with_holidays"):
        before, after = getattr(base, key), getattr(draft, key)
        if after < before:
            yield Weakening("pack.toml", (key,), (), None, f"{key} = {before}", f"{key} = {after}")


def _articles_on(pack: Pack, remedy: str) -> Iterator[Source]:
    """The law behind an extra that has a sum."""
    for name in pack.each:
        table = pack.table(name)
        column = next((n for n, column in enumerate(table.columns) if column.name == table.each), None)
        for row in table.rows:
            if column is not None and row.layer == LAW and table.columns[column].format(row.cells[column]) == remedy:
                yield from _article(pack, row)


def _article(pack: Pack, row: Row) -> tuple[Source, ...]:
    return tuple(pack.sources[key] for key in row.sources)


def _placed(after: Side) -> str:
    if after.layer is None:
        return after.says
    return f"{after.says}, in layer {after.layer}" if after.layer != LAW else after.says
