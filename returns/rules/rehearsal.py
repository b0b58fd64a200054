"""A pack's examples decided before and after a change: which still go to their row, which come out otherwise. Called by
the office's editor and by its "try a case"."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from returns.rules.compile import NoRow
from returns.rules.editing.examples import Example
from returns.rules.facts import BadFact
from returns.rules.language import CellError
from returns.rules.pack import Pack
from returns.rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One example. `fired`: the rows of its table that decided it. `before` and `after` are None where the pack has no
    answer; `why` then says so."""

    example: Example
    fired: tuple[str, ...]
    before: Verdict | None
    after: Verdict | None
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.example.row.split("/")[1] in self.fired

    @property
    def changed(self) -> bool:
        return said(self.before) != said(self.after)


def rehearse(before: Pack | None, after: Pack, examples: Iterable[Example]) -> Iterator[Rehearsed]:
    """Every example under both packs; without a pack to compare with, nothing counts as changed."""
    for example in examples:
        new, why = answer(after, example.facts)
        old = answer(before, example.facts)[0] if before else new
        fired = tuple(
            dict.fromkeys(
                row for label, row in (new.rows if new else {}).items() if label.split(":")[0] == example.table
            )
        )
        yield Rehearsed(example, fired, old, new, why)


def answer(pack: Pack, facts: Mapping[str, Any]) -> tuple[Verdict | None, str]:
    """The verdict of a pack, or why it has none: a gap of a draft, or facts that cannot be."""
    try:
        return pack.decide(facts), ""
    except (NoRow, BadFact, CellError) as error:
        return None, str(error)


def said(verdict: Verdict | None) -> tuple[Any, ...] | None:
    """What counts as the outcome of a case: whose cause, what is due, who pays each leg, what is owed by when."""
    if verdict is None:
        return None
    clocks = tuple((each["what"], each["days"]) for each in verdict.deadlines)
    return verdict.fault, verdict.remedies, verdict.carrier_claim, verdict.freight, clocks
