"""Limits and small judgements on returns, without a database: what the clock may do, who bears a shared parcel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aftersales.kernel.money import Money

# The clocks of a return (returns.md 2.8). The shop may tighten these, and may not loosen them past the law named here.
FIRST_DECISION_WARN = dt.timedelta(hours=24)  # T1
FIRST_DECISION = dt.timedelta(hours=48)  # T1; more than 15 days without handling is punishable (7-day measures 31)
FIRST_DECISION_TIMERS = (
    "return.T1",
    "return.T1.warn",
    "return.T1.stopped",
)  # the last where a stop holds decisions back
PROOF = dt.timedelta(days=7)  # T2
SHIP_BACK = dt.timedelta(days=7)  # T3
REMIND_AFTER = (dt.timedelta(days=3), dt.timedelta(days=6))  # T2 and T3
RECEIPT_AFTER_ARRIVAL = dt.timedelta(days=3)  # T5
RECEIPT_AFTER_NUMBER = dt.timedelta(days=10)  # T5, hard
REFUND_TARGET = dt.timedelta(hours=24)  # T6, own target after inspection
REFUND_LAW = dt.timedelta(days=7)  # T6, from the carrier's signature for the goods: CRPL 25
CONTEST = dt.timedelta(days=7)  # T7
HAND_BACK = dt.timedelta(hours=48)  # T16: refused goods leave the house
HANDBACK_ARRIVES = dt.timedelta(days=15)  # T17: nothing heard of the parcel by then: it has arrived
KEEP_FOR_CUSTOMER = dt.timedelta(days=30)  # T18: goods that could not be delivered are kept; they are the customer's
REPAIR_TARGET = dt.timedelta(days=5)  # our own; Zhejiang 26 names five days
REPAIR_LAW = dt.timedelta(days=30)  # T12, from the day the goods came in: beyond it an exchange is due
CARRIER_ANSWERS = dt.timedelta(days=7)  # Express Regulation 28

# What leaves a customer with nothing that is due. A person decides then, never the clock (PIPL 24).
_NOTHING_DUE = frozenset({"refuse", "none", "goodwill_only"})


def nothing_due(outcome: Mapping[str, Any]) -> bool:
    return not set(outcome["remedies"]) - _NOTHING_DUE


def may_approve_itself(outcomes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the clock alone may approve: every line is due as wished, no source is contested, and no price must be
    agreed on first (a repair outside the guarantee)."""
    outcomes = list(outcomes)
    return bool(outcomes) and all(
        each["requested_due"] and not each["contested"] and each["remedies"][0] != "repair_paid" for each in outcomes
    )


@dataclass(frozen=True, slots=True)
class Legs:
    """Who bears each leg of one return: shop, buyer, split or not_applicable. `shared` marks an allocation by R-100."""

    outbound: str
    back: str
    replacement: str
    shared: bool = False


_WEIGHT = {"shop": 3, "split": 2, "buyer": 1, "not_applicable": 0}


def legs_of(outcomes: Iterable[Mapping[str, Any]]) -> Legs:
    """One parcel for several lines: it is borne by the cause that alone makes the trip necessary, shop before buyer
    (R-100). What both sides settled for a leg goes before that; a line for which nothing travels has no say."""
    outcomes = list(outcomes)
    payers = {tuple(each[f"{leg}_leg_payer"] for leg in ("outbound", "return", "replacement")) for each in outcomes}
    return Legs(
        outbound=_bearer(outcomes, "outbound"),
        back=_bearer(outcomes, "return"),
        replacement=_bearer(outcomes, "replacement"),
        shared=len(payers) > 1,
    )


def _bearer(outcomes: list[Mapping[str, Any]], leg: str) -> str:
    settled = [each for each in outcomes if str(each["derived"][f"pledge_{leg}"]).startswith("settled_")]
    asked = [each[f"{leg}_leg_payer"] for each in settled or outcomes]
    return max(asked, key=lambda payer: _WEIGHT[payer], default="not_applicable")


def is_worse(before: str, after: str) -> bool:
    """Whether a leg was the shop's, wholly or by half, and is so to a lesser part now."""
    return _SHARE.get(after, 0) < _SHARE.get(before, 0)


_SHARE = {"shop": 2, "split": 1}


@dataclass(frozen=True, slots=True)
class Addend:
    """One component of a refund; `line_id` is the return line it belongs to, or None for the whole parcel."""

    kind: str
    amount: Money
    line_id: int | None = None
    quantity: int = 0


def cap(addends: list[Addend], most: Money) -> list[Addend]:
    """Lower the largest addends until the sum is at most `most`, so that a refund never exceeds what was paid."""
    total = sum((each.amount.minor for each in addends), 0)
    over = total - most.minor
    capped = []
    for each in sorted(addends, key=lambda addend: -addend.amount.minor):
        cut = min(max(over, 0), max(each.amount.minor, 0))
        over -= cut
        capped.append(
            Addend(each.kind, Money(each.amount.minor - cut, each.amount.currency), each.line_id, each.quantity)
        )
    return [each for each in capped if each.amount]
