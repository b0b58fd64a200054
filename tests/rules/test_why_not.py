"""What would change a verdict: fewest facts, always confirmed by deciding, and for customers no hint what to claim."""

import random
from typing import Any

import pytest

from returns.rules.facts import BadFact, vocabulary
from returns.rules.pack import load_pack, read_pack, shipped
from returns.rules.plausible import contradictions
from returns.rules.why_not import DISPUTABLE, FINDINGS, Goal, WhyNot, undue, what_would_change, why_not
from tests.rules.valid import random_cases

PACK = load_pack("cn")
LATE: dict[str, Any] = {"reason": "preference", "days_since_receipt": 9}


def changes(answer: WhyNot) -> list[dict[str, tuple[Any, Any]]]:
    return [{change.fact: (change.was, change.becomes) for change in way.changes} for way in answer.ways]


def test_a_late_return_would_be_due_two_days_earlier() -> None:
    answer = why_not(PACK, LATE, Goal("return_refund"), audience="customer")
    assert changes(answer) == [
        {"days_since_receipt": (9, 7)},
        {"promised_days": (0, 9)},
        {"platform_window": ("unknown", "running")},
    ]
    assert answer.ways[0].verdict.rows["withdrawal"] == "W04"
    assert (answer.met, answer.sure) == (False, True)


def test_what_is_due_already_needs_no_change() -> None:
    answer = why_not(PACK, {**LATE, "days_since_receipt": 3}, Goal("exchange"))
    assert (answer.met, answer.ways) == (True, ())


def test_the_payer_of_a_leg() -> None:
    facts = {"reason": "preference", "days_since_receipt": 3}
    answer = why_not(PACK, facts, Goal(leg="return", payer="shop"), audience="customer")
    assert {"promised_return": (False, True)} in changes(answer)
    assert all(way.verdict.return_leg_payer == "shop" for way in answer.ways)


def test_a_remedy_that_comes_on_top() -> None:
    assert changes(why_not(PACK, {**LATE, "days_since_receipt": 3}, Goal("insurer_payout"))) == [
        {"freight_insurance": (False, True)}
    ]


def test_a_date_goes_with_its_days_and_what_loses_its_meaning_goes_too() -> None:
    (way, *_) = why_not(PACK, {**LATE, "received_on": "2026-09-01"}, Goal("return_refund")).ways
    assert way.verdict.facts["received_on"] == "2026-09-03"
    ways = why_not(PACK, {"reason": "cancel_order", "stage": "in_transit"}, Goal("repair_free")).ways
    assert ways
    assert all(not contradictions(way.verdict.facts) for way in ways)


def test_a_finding_may_be_disputed_but_no_other_defect_is_suggested() -> None:
    found = {"reason": "not_working", "days_since_receipt": 20, "found_reason": "misuse_damage"}
    assert changes(why_not(PACK, found, Goal("repair_free"), audience="customer")) == [
        {"found_reason": ("misuse_damage", "not_working")}
    ]
    assert why_not(PACK, LATE, Goal("repair_free"), audience="customer").ways == ()
    assert why_not(PACK, LATE, Goal("repair_free")).ways != ()


def test_declared_impossible_cases_are_never_suggested() -> None:
    files = dict(PACK.files)
    files["withdrawal.toml"] += '\n[[impossible]]\nwindow = "promise"\nbecause = "this shop promises nothing"\n'
    answer = why_not(read_pack(files), LATE, Goal("return_refund"))
    assert answer.ways
    assert all("promised_days" not in way for way in changes(answer))


@pytest.mark.parametrize(
    "goal",
    [
        {},
        {"remedy": "excange"},
        {"leg": "return"},
        {"leg": "return", "payer": "not_applicable"},
        {"remedy": "exchange", "leg": "return", "payer": "shop"},
    ],
)
def test_a_goal_is_a_remedy_or_a_payer_of_a_leg(goal: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"is not known; |either a remedy or a leg"):
        Goal(**goal)


def test_bad_facts_are_named() -> None:
    with pytest.raises(BadFact, match="days_since_receipt"):
        why_not(PACK, {"reason": "flaw"}, Goal("exchange"))


def answered(pack_name: str, seed: int, count: int) -> list[tuple[dict[str, Any], str, WhyNot]]:
    pack, rnd = load_pack(pack_name), random.Random(seed)
    out = []
    for facts in random_cases(count, seed):
        verdict = pack.decide(facts)
        goals = [
            *undue(pack, verdict),
            Goal(leg=rnd.choice(("outbound", "return")), payer=rnd.choice(("shop", "buyer"))),
        ]
        audience = rnd.choice(("staff", "customer"))
        for answer in what_would_change(pack, facts, goals, audience=audience, most=1 if seed % 2 else 2, ways=2):
            out.append((facts, audience, answer))
    return out


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("seed", [1, 2])
def test_every_way_is_true_small_and_could_be(name: str, seed: int) -> None:
    pack = load_pack(name)
    ways = 0
    for facts, audience, answer in answered(name, seed, 25):
        for way in answer.ways:
            ways += 1
            again = pack.decide(way.verdict.facts)
            assert answer.goal.met_by(again)
            assert not contradictions(again.facts) - contradictions(facts)
            named = {change.fact for change in way.changes}
            assert all(again.facts[c.fact] == c.becomes != facts[c.fact] == c.was for c in way.changes)
            if audience == "customer":
                assert named <= DISPUTABLE | {n for n in FINDINGS if facts[n] != vocabulary()[n].default}
    assert ways > 50


def test_where_two_facts_must_change_no_single_one_would_do() -> None:
    pairs = [
        (facts, answer)
        for facts, audience, answer in answered("cn", 4, 40)
        if audience == "staff" and answer.ways and len(answer.ways[0].changes) == 2
    ]
    assert len(pairs) > 10
    for facts, answer in pairs[:12]:
        for fact in vocabulary().values():
            values: Any = fact.values or {"bool": (False, True), "int": range(fact.lo, min(fact.hi, 800))}.get(
                fact.kind, ()
            )
            for value in values:
                changed = {**facts, fact.name: value}
                if not contradictions(changed) - contradictions(facts):
                    assert not answer.goal.met_by(PACK.decide(changed)), (facts, fact.name, value, answer.goal)
