"""What decisions cost, in minor units of each case's currency and in whole numbers. Used by `backtest`.

Counted is what the decision itself moves: the freight of each leg to whoever bears it, the refund that the first
remedy means, and damages that are a multiple of the price. An exchange, a repair or a part of the money back has no
sum in the facts and counts for nothing but its freight. Of a shared leg the shop bears half and the customer the rest,
with the odd unit.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from returns.rules.amounts import MILLION
from returns.rules.arrays import numpy
from returns.rules.batch import Decision, Decisions
from returns.rules.verdict import LEGS

if TYPE_CHECKING:
    from returns.rules.columns import Array, Columns
    from returns.rules.pack import Pack

REFUND = "refund"
DAMAGES = "damages"
ITEMS = (*LEGS, REFUND, DAMAGES)
ASSUMED_FEE = 1000  # for one leg where no freight is stored
FULL = ("return_refund", "refund_only")


def costs(
    pack: "Pack", decisions: Decisions, some: "Array", facts: "Columns", fees: "Mapping[str, Array]"
) -> "dict[tuple[str, str], Array]":
    """What each of `some` cases costs by item and bearer. `facts` and `fees` (minor units by leg) are of those cases
    only; a sum that is not known counts as 0."""
    np = numpy()
    kinds = decisions.which[some]
    out: dict[tuple[str, str], Array] = {}
    for place, leg in enumerate(LEGS):
        payers = np.array([kind.freight[0][place] if kind else "" for kind in decisions.kinds])[kinds]
        fee, half = fees[leg], fees[leg] // 2
        out[leg, "shop"] = np.where(payers == "shop", fee, np.where(payers == "split", half, 0))
        out[leg, "buyer"] = np.where(payers == "buyer", fee, np.where(payers == "split", fee - half, 0))
    paid = np.maximum(facts["line_paid"].astype(np.int64), 0)
    first = np.array([kind.due[0] if kind else "" for kind in decisions.kinds])[kinds]
    less = np.where(first == "refund_less_depreciation", paid - depreciations(paid, facts), 0)
    out[REFUND, "shop"] = np.where(np.isin(first, FULL), paid, less)
    out[DAMAGES, "shop"] = np.zeros(len(some), dtype=np.int64)
    for rule in pack.amounts:
        if "times" in rule:
            due = np.array([_owes(kind, rule["remedy"]) for kind in decisions.kinds])[kinds]
            sums = np.maximum(paid * rule["times"], rule.get("at_least", 0))
            out[DAMAGES, "shop"] += np.where(due & (paid > 0), sums, 0)
    return out


def _owes(kind: Decision | None, remedy: str) -> bool:
    return kind is not None and remedy in kind.remedies


def depreciations(paid: "Array", facts: "Columns") -> "Array":
    """`amounts.depreciation` over columns. Past the whole price nothing more is taken off, which keeps the product
    within 64 bits."""
    np = numpy()
    days = np.maximum(facts["days_since_receipt"].astype(np.int64) - np.maximum(facts["days_in_repair"], 0), 0)
    rate = np.minimum(np.maximum(facts["depreciation_rate"].astype(np.int64), 0) * days, MILLION)
    return np.minimum(paid, paid * rate // MILLION)  # type: ignore[no-any-return]
