"""What the rules would say about a half-filled request, in the customer's words. Used by the wish, verdict and check pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from aftersales.portal.drafted import Drafted
from customers.models import Order, OrderLine
from returns import policy
from returns.actions import verdicts
from returns.actions.submission import asks_for
from returns.gather import difference_minor
from returns.models import Return
from returns.rules.explain import Explanation, explain, find_pack
from returns.rules.verdict import ANSWERS
from returns.rules.why_not import Goal, what_would_change
from returns.rules.would import told


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict and the items it is about; items with the same verdict share one. `ways` tells a customer who is not due
    what they asked for which of the facts they could dispute would change that."""

    items: list[OrderLine]
    verdict: dict[str, Any]
    explanation: Explanation
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The whole request as the rules see it. `goods` is the share paid for the chosen units, in the order's currency;
    `difference` what the replacement costs more (negative: less)."""

    findings: list[Finding]
    legs: policy.Legs
    goods: Money
    difference: Money
    is_due: bool
    is_refused: bool

    @property
    def owed(self) -> Money:
        """What we pay back where the replacement costs less."""
        return -self.difference


def judge(order: Order, drafted: Drafted, *, kind: str, actor: Actor, has_proof: bool, at: dt.datetime) -> Judged:
    """Let the rules speak on the request as if `kind` were asked for. Writes nothing. Raises `BadInput` of the request."""
    items = replace(drafted, kind=kind).items()
    asks = asks_for(order, items, kind=kind, actor=actor, has_proof=has_proof)
    outcomes = verdicts.preview(order, asks, at=at)
    return Judged(
        findings=_findings(
            ((ask.order_line, outcome) for ask, outcome in zip(asks, outcomes, strict=True)), actor.locale
        ),
        legs=policy.legs_of(outcomes),
        goods=Money(sum(ask.order_line.paid_for(ask.quantity).minor for ask in asks), order.currency),
        difference=Money(sum(difference_minor(ask) for ask in asks), order.currency),
        is_due=all(outcome["requested_due"] for outcome in outcomes),
        is_refused=all(policy.nothing_due(outcome) for outcome in outcomes),
    )


def stored(ret: Return, locale: str) -> list[Finding]:
    """The verdicts that stand for a return fetched with `preloaded()`, in the words of the pack that gave them."""
    pairs = [
        (line.order_line, verdict.outcome)
        for line in ret.lines.all()
        for verdict in line.verdicts.all()
        if not verdict.superseded
    ]
    return _findings(pairs, locale)


def _findings(pairs: Iterable[tuple[OrderLine, dict[str, Any]]], locale: str) -> list[Finding]:
    """Each verdict once, with the items it holds for: rows fired, remedies and reason decide whether two are the same."""
    found: dict[str, Finding] = {}
    for line, outcome in pairs:
        same = repr((outcome["rows"], outcome["remedies"], outcome["facts"]["reason"]))
        if same in found:
            found[same].items.append(line)
        else:
            found[same] = Finding([line], outcome, explain(outcome, locale, "customer"), _ways(outcome, locale))
    return list(found.values())


def _ways(outcome: dict[str, Any], locale: str) -> tuple[str, ...]:
    """What would have to be otherwise for the remedy that was asked for; never a hint what else to claim."""
    if outcome["requested_due"]:
        return ()
    pack = find_pack(outcome["pack"], outcome["version"], outcome["sha256"])
    goals = [Goal(remedy) for remedy in ANSWERS[outcome["requested"]][:1]]
    answers = what_would_change(pack, outcome["facts"], goals, audience="customer", ways=2)
    language = "zh" if locale.startswith("zh") else "en"
    return tuple(words for answer in answers for words in told(answer, language, "customer"))
