"""What would change a verdict, and what is still open, for staff. Called by the page beside the verdict card; too slow for
the ticket page itself, which only links here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aftersales.desk.cards import Card
from aftersales.kernel.reader import reads_chinese
from returns.models import Verdict
from returns.rules.explain import WordsMissing, find_pack
from returns.rules.undecided import possible
from returns.rules.verdict import LEGS
from returns.rules.why_not import Goal, undue, what_would_change
from returns.rules.would import Asked, asked, remedy_name, told

# What stands at its default until somebody at the desk or in the warehouse has looked, and the value that says so.
UNSEEN: dict[str, Any] = {
    "warranty": "unknown",
    "platform_window": "unknown",
    "repairs": 0,
    "same_model_available": True,
}
UNINSPECTED: dict[str, Any] = {"intact": True, "found_cause": "none"}
QUESTIONS = 4  # more is a form, not a short list
BUDGET = 3_000  # cases looked at for the questions of one card, so that the page answers at once


@dataclass(frozen=True, slots=True)
class Thought:
    """One card thought further. `ways`: what would be due or paid otherwise, and for that which facts; `never`: remedies
    that no one or two facts would give; `questions`: open facts that could change the outcome, the best first."""

    card: Card
    ways: list[str]
    never: list[str]
    questions: list[Asked]


def thought(card: Card) -> Thought | None:
    """The card thought further, in the reader's language; None where the rules that gave it are not at hand."""
    verdict = card.verdict
    try:
        pack = find_pack(verdict["pack"], verdict["version"], verdict["sha256"])
    except WordsMissing:
        return None
    language = "zh" if reads_chinese() else "en"
    answers = what_would_change(pack, verdict["facts"], [*undue(pack, verdict), *_other_payers(verdict)])
    found = possible(pack, verdict["facts"], _open(verdict, card.stage), budget=BUDGET)
    return Thought(
        card,
        ways=[words for answer in answers for words in told(answer, language, "staff")],
        never=[
            remedy_name(answer.goal.remedy, language)
            for answer in answers
            if answer.goal.remedy and answer.sure and not answer.met and not answer.ways
        ],
        questions=[asked(question, language) for question in found.questions[:QUESTIONS]],
    )


def _other_payers(verdict: Mapping[str, Any]) -> list[Goal]:
    """The shop in place of the customer and the other way round, for each leg on which something travels."""
    other = {"buyer": "shop", "shop": "buyer", "split": "shop"}
    payers = {leg: verdict[f"{leg}_leg_payer"] for leg in LEGS}
    return [Goal(leg=leg, payer=other[payer]) for leg, payer in payers.items() if payer in other]


def _open(verdict: Mapping[str, Any], stage: str) -> list[str]:
    """The facts of a verdict that nobody has looked at yet."""
    unseen = UNSEEN if stage == Verdict.Stage.FOUND else {**UNSEEN, **UNINSPECTED}
    return [name for name, value in unseen.items() if verdict["facts"].get(name) == value]
