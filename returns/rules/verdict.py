"""What the engine answers with: the closed vocabulary of a verdict and the verdict itself. Read by everybody who
shows or stores one.

`fault` is the cause of the request, not blame: "buyer" also stands for a change of mind. A leg payer is who bears the
leg in the end between shop and customer; carrier and insurer never stand there (`carrier_claim`, `insurer_payout` say
their part).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FAULTS = {
    "shop": ("商家", "the shop"),
    "buyer": ("买家", "the buyer"),
    "carrier": ("承运人", "the carrier"),
    "manufacturer": ("生产者", "the maker"),
    "shared": ("双方", "both sides"),
    "undetermined": ("无法判定", "cannot be told"),
    "none": ("双方约定", "agreed, nobody's fault"),
}

PAYERS = {
    "shop": ("商家", "the shop"),
    "buyer": ("买家", "the buyer"),
    "split": ("双方分担", "shared by both sides"),
    "not_applicable": ("不涉及", "not applicable"),
}

REMEDIES = {
    "return_refund": ("退货退款", "return for a refund"),
    "exchange": ("换货", "exchange"),
    "repair_free": ("免费维修", "free repair"),
    "repair_paid": ("付费维修", "paid repair"),
    "refund_only": ("退款（不用退货）", "refund without return"),
    "reship": ("重新发货", "send it again"),
    "resend_missing": ("补寄缺少的部分", "send what is missing"),
    "partial_refund": ("部分退款", "part of the money back"),
    "refund_less_depreciation": ("退货退款（扣折旧费）", "refund less depreciation"),
    "price_adjust": ("补差价", "price adjustment"),
    "goodwill_only": ("与商家协商", "ask the shop for goodwill"),
    "compensation": ("赔偿合理损失", "compensation"),
    "treble_damages": ("三倍赔偿", "treble damages"),
    "tenfold_damages": ("十倍赔偿", "tenfold damages"),
    "buyer_top_up": ("买家补差价", "the buyer tops up"),
    "shop_pays_difference": ("商家退差价", "the shop pays the difference"),
    "insurer_payout": ("运费险赔付", "freight insurance payout"),
    "parcel_intercept": ("拦截包裹", "intercept the parcel"),
    "loan_unit": ("提供备用机", "loan unit"),
    "apology": ("致歉", "apology"),
    "gift_back": ("退回赠品", "give the gift back"),
    "refuse": ("不予受理", "refused"),
    "none": ("无", "none"),
}

LEGS = ("outbound", "return", "replacement")

# Which due remedy answers a wish, best answer first: a lost parcel cannot come back, so the money-back wish is met
# without a return.
ANSWERS = {
    "return_refund": ("return_refund", "refund_only", "refund_less_depreciation"),
    "exchange": ("exchange", "reship"),
    "repair": ("repair_free", "repair_paid"),
    "refund_only": ("refund_only",),
    "reship": ("reship", "resend_missing"),
    "partial_refund": ("partial_refund", "price_adjust"),
}


def requested_first(due: tuple[str, ...], wish: str) -> tuple[str, ...]:
    """The remedies due with the one that answers the wish moved to the front; the rest keep the order of the table."""
    for answer in ANSWERS[wish]:
        if answer in due:
            return (answer, *(remedy for remedy in due if remedy != answer))
    return due


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision with everything needed to explain and replay it.

    `remedies` is ordered, the requested one first where it is due, extras (insurance, damages, difference) last. The
    leg payers are those of the first remedy; `freight` has them for every remedy due. `rows` maps each table to the
    row that fired. `sources` are keys of the pack's sources. `amounts` are minor units of the order's currency.
    `deadlines` count whole days in the zone of receipt; `deadline` is the first of their known ends, T24:00 being the
    end of that day.
    """

    fault: str
    remedies: tuple[str, ...]
    outbound_leg_payer: str
    return_leg_payer: str
    replacement_leg_payer: str
    carrier_claim: bool
    contested: tuple[dict[str, Any], ...]
    deadline: str | None
    deadlines: tuple[dict[str, Any], ...]
    overdue_party: str | None
    amounts: dict[str, int]
    freight: tuple[dict[str, str], ...]
    requested: str
    requested_due: bool
    proof_wanted: str | None
    rows: dict[str, str]
    because: tuple[dict[str, Any], ...]
    not_relevant: tuple[str, ...]
    sources: tuple[dict[str, Any], ...]
    facts: dict[str, Any]
    derived: dict[str, Any]
    pack: str
    version: str
    sha256: str
    semantics: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, with lists for tuples, so that what is stored and read back equals what was decided. The seal over
        the facts comes with it, for `replay`."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__} | {"facts_sha256": facts_seal(self.facts)}


def facts_seal(facts: Mapping[str, Any]) -> str:
    """A hash over the facts of a case, whatever their order: a stored fact that was changed later no longer fits it."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value
