"""Short ways to decide a case in the tests of the packs."""

from dataclasses import dataclass
from typing import Any

from returns.rules.pack import load_pack
from returns.rules.verdict import Verdict

NA = "not_applicable"


@dataclass(frozen=True)
class Legs:
    """The three payers of a verdict, to compare in one line."""

    outbound: str
    back: str
    replacement: str


def decided(reason: str = "preference", days: int | None = 3, **facts: Any) -> Verdict:
    """The cn verdict on a case; delivered three days ago unless said otherwise."""
    return decided_in("cn", reason, days, **facts)


def decided_in(pack: str, reason: str = "preference", days: int | None = 3, **facts: Any) -> Verdict:
    """The same by another pack."""
    given = {"reason": reason, **facts}
    if days is not None:
        given["days_since_receipt"] = days
    return load_pack(pack).decide(given)


def legs(verdict: Verdict) -> Legs:
    return Legs(verdict.outbound_leg_payer, verdict.return_leg_payer, verdict.replacement_leg_payer)


def contested(verdict: Verdict) -> set[str]:
    return {item["what"] for item in verdict.contested}


def clocks(verdict: Verdict) -> dict[str, dict[str, Any]]:
    """The running periods by name."""
    return {item["what"]: item for item in verdict.deadlines}
