"""The small phrases that templates are filled with: remedies, legs, payers, days, in both languages. Called by
`explain`.

A template may name only the words listed in `PLACEHOLDERS`; `linking` refuses a pack that uses others.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from returns.rules.verdict import REMEDIES

PLACEHOLDERS = frozenset(
    {"cause", "day", "days", "ends_words", "remedies", "others", "window_words", "promised_days", "repairs",
     "days_in_repair", "days_waiting_parts"}
)  # fmt: skip

ENGLISH_REMEDIES = {
    "return_refund": "a return for a refund",
    "exchange": "an exchange",
    "repair_free": "a free repair",
    "repair_paid": "a repair for a fee",
    "refund_only": "a refund without sending anything back",
    "reship": "a new shipment",
    "resend_missing": "delivery of the missing part",
    "partial_refund": "part of the money back",
    "refund_less_depreciation": "a refund less depreciation",
    "price_adjust": "the price difference",
    "goodwill_only": "talking it over with us",
}

LEGS_ZH = {
    "outbound": "首次发货", "return": "寄回", "exchange": "换货寄出", "reship": "重新寄出",
    "resend_missing": "补寄", "repair_free": "修好寄回", "repair_paid": "修好寄回", "goodwill_only": "寄还",
}  # fmt: skip
LEGS_EN = {
    "outbound": "for the first shipment", "return": "for the way back", "exchange": "for the replacement",
    "reship": "for the new shipment", "resend_missing": "for the missing part",
    "repair_free": "for the repaired article",
    "repair_paid": "for the repaired article", "goodwill_only": "for sending it back to you",
}  # fmt: skip

# These leave the first shipment as it was paid, so a customer is not told about it.
OUTBOUND_UNTOUCHED = frozenset(
    {"exchange", "repair_free", "repair_paid", "resend_missing", "partial_refund", "price_adjust"}
)

PAYERS_ZH = {"shop": "商家承担", "split": "双方分担"}
PAYERS_EN = {"shop": "paid by the shop", "split": "shared by both sides"}


def remedy_phrase(remedy: str, language: str) -> str:
    """A remedy as it reads inside a sentence."""
    return REMEDIES[remedy][0] if language == "zh" else ENGLISH_REMEDIES[remedy]


def any_of(remedies: Sequence[str], language: str) -> str:
    """Alternatives: 退货退款、换货或免费维修; an exchange, a return or a repair."""
    words = [remedy_phrase(remedy, language) for remedy in remedies]
    return _joined(words, "、" if language == "zh" else ", ", "或" if language == "zh" else " or ")


def all_of(words: Sequence[str], language: str) -> str:
    """Things together: 寄回和换货寄出; for the way back and for the replacement."""
    return _joined(words, "、" if language == "zh" else ", ", "和" if language == "zh" else " and ")


def _joined(words: Sequence[str], comma: str, last: str) -> str:
    return words[0] if len(words) == 1 else comma.join(words[:-1]) + last + words[-1]


def leg_name(leg: str, remedy: str, language: str) -> str:
    """A leg as it reads inside a sentence; the replacement leg is named by what travels on it."""
    names = LEGS_ZH if language == "zh" else LEGS_EN
    return names[remedy if leg == "replacement" else leg]


def payer_name(payer: str, language: str, audience: str) -> str:
    """Who bears it, spoken to the reader: the customer is 您/you, for staff the customer."""
    if language == "zh":
        return PAYERS_ZH.get(payer) or ("您承担" if audience == "customer" else "顾客承担")
    return PAYERS_EN.get(payer) or ("paid by you" if audience == "customer" else "paid by the customer")


def day_phrase(verdict: Mapping[str, Any], language: str) -> str:
    """When the request was made, counted from receipt (day after signing = 1)."""
    days = verdict["facts"]["days_since_receipt"]
    if language == "zh":
        return "签收当天" if days == 0 else f"签收后第 {days} 天"
    return "on the day of receipt" if days == 0 else f"on day {days} after receipt"


def case_words(verdict: Mapping[str, Any], language: str, audience: str) -> dict[str, Any]:
    """What a template of this verdict may be filled with. Extras are told in their own sentences, so they are not
    listed here."""
    due = [item["remedy"] for item in verdict["freight"]]
    zh = language == "zh"
    return {
        "day": day_phrase(verdict, language),
        "days": verdict["facts"]["days_since_receipt"],
        "ends_words": "",
        "remedies": any_of(due, language),
        "others": any_of(due[1:] or due, language),
        "window_words": "现在仍在无理由退货期内" if zh else "the no-reason return is still open",
        "cause": "",
        "promised_days": verdict["facts"]["promised_days"],
        "repairs": verdict["facts"]["repairs"],
        "days_in_repair": verdict["facts"]["days_in_repair"],
        "days_waiting_parts": verdict["facts"]["days_waiting_parts"],
    }
