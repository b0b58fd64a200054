"""Facts that follow from other facts, worked out before the tables see a case. Called by the engine only.

A rule table compares one column with a fixed value; whatever compares two facts with each other is done here, in the
open, with a test of its own, so that the tables stay provable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from returns.rules.reasons import reasons

Value = str | int | bool

NO_REASON_DAYS = 7
COOLING_OFF_DAYS = 14  # EU Directive 2011/83 art. 9; UK Regulations 2013, reg. 30
NOT_TOLD_DAYS = 366  # twelve months more where the shop never told of the right, the longest they can be
REJECT_DAYS = 30  # UK Consumer Rights Act 2015 s. 22
PLEDGES = (
    "none", "promise", "settled_shop", "settled_buyer", "settled_split", "terms_shop", "terms_buyer", "terms_split",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived fact: its values, the raw facts it is worked out from (shown in place of it in explanations), and how.

    `work_out` reads nothing but `comes_from`: a batch works each combination of those out once, and the explanation
    leaves none out.
    """

    values: tuple[str, ...]
    comes_from: tuple[str, ...]
    work_out: Callable[[Mapping[str, Value]], str]


@cache
def derived_vocabulary() -> dict[str, Derived]:
    """Every derived fact a table may have as a column."""
    matters = sorted({leaf.matter for leaf in reasons().values()} | {"price_promise"})
    return {
        "matter": Derived(
            tuple(matters), ("reason", "found_reason", "certified_unqualified", "price_promise"), _matter
        ),
        "window": Derived(
            ("law", "promise", "platform", "over"),
            ("stage", "days_since_receipt", "holiday_shift", "promised_days", "platform_window"),
            _window,
        ),
        "cooling_off": Derived(
            ("law", "extended", "promise", "platform", "over"),
            (
                "stage",
                "days_since_receipt",
                "holiday_shift",
                "withdrawal_told",
                "days_since_told",
                "promised_days",
                "platform_window",
            ),
            _cooling_off,
        ),
        "reject_window": Derived(("open", "over"), ("stage", "days_since_receipt", "days_in_repair"), _reject_window),
        "carrier_side": Derived(("shop", "buyer"), ("carrier_by",), _carrier_side),
        "outbound_terms": Derived(
            ("free", "paid", "broken"), ("outbound_freight", "threshold_broken"), _outbound_terms
        ),
        **{
            f"pledge_{leg}": Derived(
                PLEDGES, (f"promised_{leg}", f"agreed_{leg}", "agreement_kind"), partial(_pledge, leg=leg)
            )
            for leg in ("outbound", "return", "replacement")
        },
    }


def derive(facts: Mapping[str, Value]) -> dict[str, Value]:
    """The derived facts of a case whose facts have been validated."""
    return {name: derived.work_out(facts) for name, derived in derived_vocabulary().items()}


def _matter(facts: Mapping[str, Value]) -> str:
    """What the case is about: an authority's finding first (Consumer Law 54), then the reason as found, then the
    reason as told."""
    if facts["certified_unqualified"]:
        return "unqualified"
    leaf = str(facts["found_reason"] if facts["found_reason"] != "none" else facts["reason"])
    matter = reasons()[leaf].matter
    return "price_promise" if matter == "price" and facts["price_promise"] else matter


def _window(facts: Mapping[str, Value]) -> str:
    """By which clock the no-reason return is still open (R-37): the law's first, then a longer promise, then the
    platform's.

    The statutory period ends with day 7 after signing, or with the day after a holiday that falls on it (Civil Code
    201, 203). Before delivery it has not begun. The customer has the later of all clocks, so the law is asked first
    and the platform last.
    """
    if facts["stage"] not in ("delivered", "lost_returning"):
        return "law"
    days = int(facts["days_since_receipt"])
    if days <= NO_REASON_DAYS + int(facts["holiday_shift"]):
        return "law"
    if days <= int(facts["promised_days"]):
        return "promise"
    return "platform" if facts["platform_window"] == "running" else "over"


def _cooling_off(facts: Mapping[str, Value]) -> str:
    """The same question where the law gives 14 days (EU, UK); `extended` where only a shop that did not tell of the
    right keeps it open.

    Told later, the customer has 14 days from then, and never more than twelve months beyond the first 14 days
    (Directive 2011/83 art. 10; Regulations 2013, reg. 31).
    """
    if facts["stage"] not in ("delivered", "lost_returning"):
        return "law"
    days = int(facts["days_since_receipt"])
    if days <= COOLING_OFF_DAYS + int(facts["holiday_shift"]):
        return "law"
    untold = facts["withdrawal_told"] == "no"
    in_time = facts["withdrawal_told"] == "later" and int(facts["days_since_told"]) <= COOLING_OFF_DAYS
    if (untold or in_time) and days <= COOLING_OFF_DAYS + NOT_TOLD_DAYS:
        return "extended"
    if days <= int(facts["promised_days"]):
        return "promise"
    return "platform" if facts["platform_window"] == "running" else "over"


def _reject_window(facts: Mapping[str, Value]) -> str:
    """Whether the short-term right to reject still runs: 30 days after delivery, in which time in repair does not
    count (s. 22(6))."""
    if facts["stage"] not in ("delivered", "lost_returning"):
        return "open"
    counted = int(facts["days_since_receipt"]) - int(facts["days_in_repair"])
    return "open" if counted <= REJECT_DAYS else "over"


def _carrier_side(facts: Mapping[str, Value]) -> str:
    """Picking from the shop's own list is not "choosing another carrier" (E-Commerce Law 20; R-21)."""
    return "buyer" if facts["carrier_by"] == "buyer" else "shop"


def _outbound_terms(facts: Mapping[str, Value]) -> str:
    """Who bore the first shipment at purchase, or that its condition no longer holds after this return (R-27)."""
    if facts["outbound_freight"] == "paid":
        return "paid"
    return "broken" if facts["outbound_freight"] == "conditional" and facts["threshold_broken"] else "free"


def _pledge(facts: Mapping[str, Value], leg: str) -> str:
    """What was promised or agreed for one leg: a promise of the shop before an agreement (product page, chat:
    Consumer Law 16)."""
    if facts[f"promised_{leg}"]:
        return "promise"
    agreed = facts[f"agreed_{leg}"]
    if agreed == "none":
        return "none"
    return f"{'settled' if facts['agreement_kind'] == 'settlement' else 'terms'}_{agreed}"
