"""The given verdicts that a version reaching back would have decided, shown before it is published: what was said, and
what these rules would say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from aftersales.office.ruletelling import language
from returns.actions.rulebook.publishing import affected
from returns.models import RuleVersion, Verdict
from returns.models.timeline import pack_of
from returns.rules.explain import WordsMissing, explain
from returns.rules.pack import Pack
from returns.rules.rehearsal import answer

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Concerned:
    """One verdict. `before` and `after` are the sentences staff read; without an answer `after` says why."""

    ref: str
    line: str
    decided_at: dt.datetime
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def changes(self) -> bool:
        return self.before != self.after


def concerned(version: RuleVersion, since: str) -> list[Concerned]:
    """The first of them, those that would come out otherwise on top. `since`: the ISO instant from which it would hold."""
    pack = pack_of(version)
    found = affected(version, dt.datetime.fromisoformat(since)).select_related(
        "line__of", "line__order_line__sku__product"
    )[:MOST_SHOWN]
    return sorted((_compared(verdict, pack) for verdict in found), key=lambda each: not each.changes)


def _compared(verdict: Verdict, pack: Pack) -> Concerned:
    now, why = answer(pack, verdict.facts)
    return Concerned(
        ref=verdict.line.of.ref,
        line=str(verdict.line),
        decided_at=verdict.decided_at,
        before=_told(verdict.outcome),
        after=_told(now.as_dict(), pack) if now else (why,),
    )


def _told(outcome: dict[str, Any], pack: Pack | None = None) -> tuple[str, ...]:
    try:
        return tuple(explain(outcome, language(), "staff", pack=pack).summary)
    except WordsMissing as error:
        return (str(error),)
