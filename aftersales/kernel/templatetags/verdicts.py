"""The words and chips of a verdict: who pays which leg, what is due. Used by parts/verdict.html, for customer and staff.

The codes are the closed vocabulary of a verdict (docs/rules.md); tests/look holds this table complete against it.
"""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from aftersales.kernel import clock, datewords
from aftersales.kernel.clock import end_of_shop_day

register = template.Library()

LEGS = ("outbound", "return", "replacement")

_LEG_WORDS = {
    "outbound": gettext_lazy("First shipment to you"),
    "return": gettext_lazy("Sending back"),
    "replacement": gettext_lazy("New shipment to you"),
}
_LEG_WORDS_STAFF = {
    "outbound": gettext_lazy("Outbound leg"),
    "return": gettext_lazy("Return leg"),
    "replacement": gettext_lazy("Replacement leg"),
}
_PAYER_WORDS = {
    "shop": gettext_lazy("The shop pays"),
    "buyer": gettext_lazy("You pay"),
    "split": gettext_lazy("Shared by both"),
    "not_applicable": gettext_lazy("Not needed"),
}
_PAYER_WORDS_STAFF = {
    "shop": pgettext_lazy("payer", "Shop"),
    "buyer": pgettext_lazy("payer", "Customer"),
    "split": pgettext_lazy("payer", "Shared"),
    "not_applicable": pgettext_lazy("payer", "No such leg"),
}
_PAYER_ICONS = {"shop": "shop", "buyer": "user", "split": "split", "not_applicable": "minus"}

REMEDIES = {
    "return_refund": gettext_lazy("Return the goods, full refund"),
    "refund_only": gettext_lazy("Refund without sending anything back"),
    "exchange": gettext_lazy("Exchange for another one"),
    "repair_free": gettext_lazy("Repair free of charge"),
    "repair_paid": gettext_lazy("Repair at cost"),
    "reship": gettext_lazy("Send the goods again"),
    "resend_missing": gettext_lazy("Send what was missing"),
    "partial_refund": gettext_lazy("Keep the goods, part of the price back"),
    "refund_less_depreciation": gettext_lazy("Return the goods, refund less wear"),
    "price_adjust": gettext_lazy("Refund of the price difference"),
    "compensation": gettext_lazy("Compensation"),
    "treble_damages": gettext_lazy("Refund and three times the price as damages"),
    "tenfold_damages": gettext_lazy("Refund and ten times the price as damages"),
    "buyer_top_up": gettext_lazy("Pay the price difference"),
    "shop_pays_difference": gettext_lazy("The shop pays the price difference"),
    "insurer_payout": gettext_lazy("Freight insurance pays a fixed sum"),
    "parcel_intercept": gettext_lazy("Stop the parcel on its way"),
    "loan_unit": gettext_lazy("A unit on loan until the repair is done"),
    "apology": gettext_lazy("An apology"),
    "gift_back": gettext_lazy("The gift comes back too, or its price is taken off"),
    "goodwill_only": gettext_lazy("Nothing is owed; goodwill is possible"),
    "refuse": gettext_lazy("The request is refused"),
    "none": gettext_lazy("Nothing is due"),
}
NOTHING_DUE = frozenset({"refuse", "none", "goodwill_only"})

FAULTS = {
    "shop": pgettext_lazy("cause", "Shop"),
    "buyer": pgettext_lazy("cause", "Customer’s choice"),
    "carrier": pgettext_lazy("cause", "Carrier"),
    "manufacturer": pgettext_lazy("cause", "Manufacturer"),
    "shared": pgettext_lazy("cause", "Shared"),
    "undetermined": pgettext_lazy("cause", "Not settled"),
    "none": pgettext_lazy("cause", "Nobody"),
}

# How sure a source is, for staff.
MARKS = {
    "verified": pgettext_lazy("source", "full text read"),
    "excerpt": pgettext_lazy("source", "quoted elsewhere"),
    "practice": pgettext_lazy("source", "practice"),
    "unverified": pgettext_lazy("source", "not checked"),
}

# What the zone is known by in which the days were counted, for staff.
ZONE_KNOWN_BY = {
    "shop": gettext_lazy("the shop’s own, because the delivery address does not say"),
    "country": gettext_lazy("by the country of the delivery address"),
    "region": gettext_lazy("by the state or province of the delivery address"),
}


class Leg(NamedTuple):
    """One line of the payers: the leg, who bears it, in code and in words."""

    name: str
    payer: str
    payer_words: str
    icon: str


class Line(NamedTuple):
    """One remedy: its words, and the legs that somebody else bears than under the first remedy."""

    words: str
    freight: tuple[Leg, ...]


@register.filter
def legs(verdict: dict[str, Any], audience: str = "staff") -> tuple[Leg, ...]:
    """The three legs under the first remedy, in the order in which parcels travel, for `audience` (customer or staff)."""
    return tuple(_leg(leg, verdict[f"{leg}_leg_payer"], audience) for leg in LEGS)


@register.filter
def remedy_lines(verdict: dict[str, Any], audience: str = "staff") -> tuple[Line, ...]:
    """The remedies in order. Only what differs from the three payers above is said again, so nobody reads it six times."""
    payers = {row["remedy"]: row for row in verdict["freight"]}
    first = {leg: verdict[f"{leg}_leg_payer"] for leg in LEGS}
    lines = list[Line]()
    for code in verdict["remedies"]:
        row = payers.get(code, first)
        others = (_leg(leg, row[leg], audience) for leg in LEGS if row[leg] not in (first[leg], "not_applicable"))
        lines.append(Line(str(REMEDIES[code]), tuple(others)))
    return tuple(lines)


def _leg(leg: str, payer: str, audience: str) -> Leg:
    names = _LEG_WORDS if audience == "customer" else _LEG_WORDS_STAFF
    payers = _PAYER_WORDS if audience == "customer" else _PAYER_WORDS_STAFF
    return Leg(str(names[leg]), payer, str(payers[payer]), _PAYER_ICONS[payer])


@register.filter
def remedy_words(code: str) -> str:
    """A remedy in words."""
    return str(REMEDIES[code])


@register.filter
def mark_words(code: str) -> str:
    """How sure a source is, in words."""
    return str(MARKS[code])


@register.filter
def fault_words(code: str) -> str:
    """The side a request has its cause on, in words for staff."""
    return str(FAULTS[code])


@register.filter
def row_names(verdict: dict[str, Any]) -> str:
    """Which rows of the rules decided."""
    return " · ".join(verdict["rows"].values())


@register.filter
def zone_counted_in(verdict: dict[str, Any]) -> str:
    """The zone in which the days since receipt were counted and what it is known by, for staff; else empty."""
    facts = verdict["facts"]
    if not facts.get("zone_of_receipt") or facts.get("stage") != "delivered":
        return ""
    return f"{facts['zone_of_receipt']} ({ZONE_KNOWN_BY[facts['zone_known_by']]})"


@register.filter
def zone_note(verdict: dict[str, Any], audience: str = "staff") -> str:
    """Where 24:00 of a last day is meant, when that is not the same instant as where the shop is; else empty.

    Staff also read the shop's time of that instant, because everything else on their pages is said in it.
    """
    ends = [
        item["ends"].removesuffix("T24:00")
        for item in verdict["deadlines"]
        if item["counted_from"] == "receipt" and item["ends"] and item["left"] >= 0
    ]
    name = verdict["facts"].get("zone_of_receipt", "")
    if not ends or not name:
        return ""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # decided on a machine that knows more zones than this one
        return ""
    last = dt.date.fromisoformat(min(ends))
    there = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, zone)
    if there == end_of_shop_day(last):
        return ""
    words = {"zone": f"{name}, UTC{there.isoformat()[-6:]}", "day": last.isoformat()}
    if audience == "customer":
        return gettext("Days since receipt are counted in the local time of your delivery address (%(zone)s).") % words
    words["here"] = datewords.exact(there, clock.now())
    return (
        gettext(
            "Days since receipt are counted where the parcel was received (%(zone)s): 24:00 on %(day)s there is %(here)s here."
        )
        % words
    )


@register.filter
def is_refused(verdict: dict[str, Any]) -> bool:
    """Whether nothing is due at all, so that the card does not look like good news."""
    return set(verdict["remedies"]) <= NOTHING_DUE


@register.simple_tag
def verdict_title(verdict: dict[str, Any], audience: str = "staff") -> str:
    """The heading of the card: to the customer what they can do, to staff that this is the judgement."""
    if audience != "customer":
        return pgettext("heading", "Verdict")
    if is_refused(verdict):
        return gettext("What our check found")
    return gettext("What you are entitled to")
