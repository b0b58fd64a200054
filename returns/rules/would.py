"""Why-not and open questions in words, in both languages. Called by pages, the API and `manage.py decide`.

told(why_not(…), "zh", "customer")    # -> "如果“签收后第几天”为 7（现在是 9），就适用“退货退款”。"
"""

from dataclasses import dataclass

from returns.rules.facts import Fact, vocabulary
from returns.rules.phrases import ENGLISH_REMEDIES, leg_name, payer_name, remedy_phrase
from returns.rules.undecided import Question
from returns.rules.verdict import REMEDIES
from returns.rules.why_not import Change, Way, WhyNot


def told(answer: WhyNot, language: str, audience: str) -> list[str]:
    """One sentence for each way, nearest first; none where there is no way to tell or nothing to reach."""
    return [way_words(way, language, audience) for way in answer.ways]


def way_words(way: Way, language: str, audience: str) -> str:
    """One way in one sentence: what would be so, and the facts that would have to be otherwise."""
    parts = [change_words(change, language) for change in way.changes]
    goal = goal_words(way, language, audience)
    if language == "zh":
        return f"如果{'，且'.join(parts)}，{goal}。"
    sentence = f"{goal} if {' and '.join(parts)}."
    return sentence[0].upper() + sentence[1:]


def goal_words(way: Way, language: str, audience: str) -> str:
    """What would be so, as a clause without its full stop."""
    goal, zh = way.goal, language == "zh"
    if goal.remedy:
        name = remedy_name(goal.remedy, language)
        return f"就适用“{name}”" if zh else f"{name} would be due"
    leg, payer = leg_name(goal.leg, way.verdict.remedies[0], language), payer_name(goal.payer, language, audience)
    return f"{leg}的运费就由{payer}" if zh else f"the freight {leg} would be {payer}"


def remedy_name(remedy: str, language: str) -> str:
    """A remedy as it stands in a sentence; those that come on top have no other phrase than their name."""
    if language == "zh":
        return REMEDIES[remedy][0]
    return remedy_phrase(remedy, "en") if remedy in ENGLISH_REMEDIES else REMEDIES[remedy][1]


def change_words(change: Change, language: str) -> str:
    """A fact that would have to be otherwise: 签收后第几天为 7（现在是 9）."""
    fact = vocabulary()[change.fact]
    becomes, was = shown(fact, change.becomes, language), shown(fact, change.was, language)
    if language == "zh":
        return f"“{fact.zh}”为{becomes}（现在是{was}）"
    return f"“{fact.en}” were {becomes} instead of {was}"


def shown(fact: Fact, value: object, language: str) -> str:
    """A value as it stands in a sentence: numbers plain, words in quotation marks."""
    label = fact.value_label(value, language)
    if fact.kind in ("int", "money"):
        return f" {label}" if language == "zh" else label
    return f"“{label}”"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown: what to find out, how it is meant, the answers there are (none for a number), and how
    many outcomes the worst answer leaves."""

    fact: str
    label: str
    help: str
    answers: tuple[str, ...]
    leaves: int


def asked(question: Question, language: str) -> Asked:
    """A question in words."""
    fact = vocabulary()[question.fact]
    answers: tuple[str, ...] = ()
    if fact.kind == "bool":
        answers = (fact.value_label(True, language), fact.value_label(False, language))
    elif fact.values and fact.kind != "reason":
        answers = tuple(fact.value_label(value, language) for value in fact.values)
    return Asked(question.fact, fact.label(language), fact.help(language), answers, question.leaves)
