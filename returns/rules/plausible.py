"""Cases that could be: what goes along when a fact is moved, and which facts cannot stand together. Used by `why_not`
and `undecided`, which think of cases that nobody has told.

The tables may answer a case that makes no sense (a repair before delivery); nobody should be shown one.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from returns.rules.facts import vocabulary
from returns.rules.reasons import reasons

Value = str | int | bool
Facts = Mapping[str, Value]

RECEIVED = ("delivered", "lost_returning")  # the stages that come after signing
# What means nothing any more once another fact has moved: (moved, holds while) -> facts that fall back to their default.
FALLS_WITH: tuple[tuple[str, Callable[[Value], bool], tuple[str, ...]], ...] = (
    ("stage", lambda stage: stage in RECEIVED, ("days_since_receipt", "holiday_shift", "received_on")),
    ("exclusion", lambda kind: kind != "none", ("exclusion_confirmed", "promised_despite_exclusion")),
    ("outbound_freight", lambda terms: terms == "conditional", ("threshold_broken",)),
    ("found_cause", lambda cause: cause == "both", ("earlier_fault",)),
    ("goods_with", lambda holder: holder == "shop", ("days_since_goods_back", "goods_back_on")),
)

# Each a sentence and when it is broken. A case that was told this way may stay; no change may bring it about.
CONTRADICTIONS: tuple[tuple[str, Callable[[Facts], bool]], ...] = (
    ("days count only after receipt", lambda f: f["days_since_receipt"] != 0 and f["stage"] not in RECEIVED),
    ("a threshold needs conditional free shipping",
     lambda f: bool(f["threshold_broken"]) and f["outbound_freight"] != "conditional"),
    ("an exclusion that is confirmed must be one", lambda f: bool(f["exclusion_confirmed"]) and f["exclusion"] == "none"),
    ("a promise despite an exclusion needs one",
     lambda f: bool(f["promised_despite_exclusion"]) and f["exclusion"] == "none"),
    ("only two faults have an earlier one", lambda f: f["earlier_fault"] != "none" and f["found_cause"] != "both"),
    ("goods under way are with nobody",
     lambda f: f["goods_with"] == "shop" and f["stage"] in ("in_transit", "lost", "lost_returning")),
    ("goods that are back came back some day", lambda f: f["days_since_goods_back"] != 0 and f["goods_with"] != "shop"),
    ("goods come back after they were received",
     lambda f: f["stage"] in RECEIVED and int(f["days_since_goods_back"]) > int(f["days_since_receipt"])),
    ("repairs take no longer than the goods are had",
     lambda f: max(int(f["days_in_repair"]), int(f["days_waiting_parts"])) > int(f["days_since_receipt"])),
    ("only goods that were had are repaired", lambda f: f["repairs"] != 0 and f["stage"] not in RECEIVED),
    ("what was not sent cannot be looked at",
     lambda f: f["stage"] == "unshipped" and (not f["intact"] or f["found_reason"] != "none")),
    ("food rules are for food", lambda f: f["violation"] == "unsafe_food" and f["goods"] != "food"),
    ("a reason has its stages", lambda f: f["stage"] not in reasons()[str(f["reason"])].offered),
)  # fmt: skip


def contradictions(facts: Facts) -> frozenset[str]:
    """What does not stand together in a complete case, as sentences; empty for a case that could be."""
    return frozenset(why for why, broken in CONTRADICTIONS if broken(facts))


def moved(facts: Facts, name: str, value: Value) -> dict[str, Value]:
    """The case with one fact changed and what goes along with it: facts that lose their meaning, and the date of
    receipt, which moves with the days so that the day of the request stays."""
    out = {**facts, name: value}
    words = vocabulary()
    for mover, holds, fallen in FALLS_WITH:
        if name == mover and holds(facts[name]) and not holds(value):
            for fact in fallen:
                default = words[fact].default
                out[fact] = out[fact] if default is None else default
    if name == "days_since_receipt" and facts["received_on"]:
        earlier = timedelta(days=int(value) - int(facts[name]))
        out["received_on"] = (date.fromisoformat(str(facts["received_on"])) - earlier).isoformat()
    return out
