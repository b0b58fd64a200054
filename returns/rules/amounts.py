"""The sums a pack fixes by law: damages that are a multiple of the price, and depreciation. Called by the engine.

All in minor units of the order's currency, in whole numbers; nothing is said where the price is not known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

MILLION = 1_000_000


def amounts_of(rules: Sequence[Mapping[str, Any]], remedies: Sequence[str], facts: Mapping[str, Any]) -> dict[str, int]:
    """The sum for each remedy due that has one, as `pack.toml` says: `times` the price, but `at_least` so much; or
    depreciation."""
    paid = int(facts["line_paid"])
    if not paid:
        return {}
    out: dict[str, int] = {}
    for rule in rules:
        remedy = rule["remedy"]
        if remedy not in remedies:
            continue
        if rule.get("depreciation"):
            out["depreciation"] = depreciation(paid, facts)
            out[remedy] = paid - out["depreciation"]
        else:
            out[remedy] = max(paid * rule["times"], rule.get("at_least", 0))
    return out


def depreciation(paid: int, facts: Mapping[str, Any]) -> int:
    """Price × daily rate × days in use, without the days in repair (R-58); a fen begun is not charged, and never more
    than was paid."""
    days = max(0, int(facts["days_since_receipt"]) - int(facts["days_in_repair"]))
    return min(paid, paid * int(facts["depreciation_rate"]) * days // MILLION)
