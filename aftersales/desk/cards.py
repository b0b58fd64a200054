"""Verdicts as cards for staff: what the rules said about each line and why, lines judged alike on one card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from returns import policy
from returns.models import ReturnLine, Verdict
from returns.rules.explain import Explanation, WordsMissing, explain


@dataclass(slots=True)
class Card:
    """One judgement and the lines it is about. `explanation` is None where the pack's words are not at hand any more."""

    verdict: Mapping[str, Any]
    explanation: Explanation | None
    titles: list[str] = field(default_factory=list)
    stage: str = ""  # on what was told or found, as `Verdict.Stage` has it; empty before anything is written

    @property
    def stage_words(self) -> str:
        """On what it was judged, in words."""
        return str(Verdict.Stage(self.stage).label) if self.stage else ""


def explained(outcome: Mapping[str, Any]) -> Explanation | None:
    """An outcome in the words of the very pack that gave it, in the reader's language."""
    try:
        return explain(outcome, get_language() or "zh", "staff")
    except WordsMissing:
        return None


def standing(lines: Iterable[ReturnLine]) -> list[Card]:
    """The verdicts that count now; `lines` come with their verdicts prefetched."""
    judged = []
    for line in lines:
        verdict: Verdict | None = next((each for each in line.verdicts.all() if not each.superseded), None)
        if verdict is not None:
            judged.append((str(line.order_line), verdict.outcome, verdict.stage))
    return _grouped(judged)


def previewed(titles: Iterable[str], outcomes: Iterable[Mapping[str, Any]]) -> list[Card]:
    """What the rules would say, before anything is written."""
    return _grouped((title, outcome, "") for title, outcome in zip(titles, outcomes, strict=True))


def legs(cards: Iterable[Card]) -> policy.Legs | None:
    """Who bears the one parcel that several differently judged lines share (R-100); None where it is not shared."""
    shared = policy.legs_of(card.verdict for card in cards)
    return shared if shared.shared else None


def _grouped(judged: Iterable[tuple[str, Mapping[str, Any], str]]) -> list[Card]:
    cards: list[Card] = []
    for title, outcome, stage in judged:
        same = next((card for card in cards if _alike(card.verdict, outcome) and card.stage == stage), None)
        if same is None:
            same = Card(outcome, explained(outcome), stage=stage)
            cards.append(same)
        same.titles.append(title)
    return cards


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("rows", "because", "sha256"))
