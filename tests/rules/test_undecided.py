"""Facts that nobody knows: what can still come out, and which question is worth asking."""

import random
from typing import Any

import pytest

from returns.rules.facts import BadFact, vocabulary
from returns.rules.pack import load_pack, shipped
from returns.rules.partly import outcome_of
from returns.rules.plausible import contradictions
from returns.rules.undecided import Possible, possible
from tests.rules.valid import random_cases

PACK = load_pack("cn")


def asked(answer: Possible) -> list[str]:
    return [question.fact for question in answer.questions]


def test_what_cannot_change_the_outcome_is_not_asked() -> None:
    answer = possible(
        PACK, {"reason": "flaw", "days_since_receipt": 3, "intact": None, "promised_days": None, "line_paid": None}
    )
    assert asked(answer) == []
    assert answer.decided is not None
    assert answer.decided.remedies[0] == "return_refund"


def test_the_question_that_settles_it_comes_first() -> None:
    facts = {"reason": "preference", "days_since_receipt": 3, "intact": None, "exclusion_confirmed": None}
    answer = possible(PACK, facts)
    assert asked(answer) == ["intact"]
    assert answer.questions[0].leaves == 1
    assert {outcome.remedies[0] for outcome in answer.outcomes} == {"return_refund", "goodwill_only"}


def test_a_fact_that_must_be_given_and_is_not_counts_as_unknown() -> None:
    answer = possible(PACK, {"reason": "preference"})
    assert asked(answer) == ["days_since_receipt"]
    assert possible(PACK, {"reason": "cancel_order", "stage": "unshipped"}).decided is not None


@pytest.mark.parametrize(
    ("facts", "unknown", "name"),
    [
        ({"reason": "flaw", "xyzzy": None}, (), "xyzzy"),
        ({"reason": "flaw"}, ("dais",), "dais"),
        ({"reason": "flow"}, (), "reason"),
    ],
)
def test_bad_facts_are_named(facts: dict[str, Any], unknown: tuple[str, ...], name: str) -> None:
    with pytest.raises(BadFact) as caught:
        possible(PACK, facts, unknown)
    assert caught.value.name == name


def test_a_search_cut_short_says_so_and_decides_nothing() -> None:
    answer = possible(PACK, {"reason": None, "days_since_receipt": None, "stage": None}, budget=20)
    assert not answer.sure
    assert answer.decided is None


def completed(rnd: random.Random, facts: dict[str, Any], unknown: list[str]) -> dict[str, Any]:
    """The case with the unknown facts given at random."""
    other = random_cases(1, rnd.randrange(10**9))[0]
    return {**facts, **{name: other[name] for name in unknown}}


@pytest.mark.parametrize("name", shipped())
def test_whatever_the_open_facts_turn_out_to_be_was_foreseen(name: str) -> None:
    pack, rnd = load_pack(name), random.Random(5)
    questions = 0
    for facts in random_cases(40, 11):
        unknown = rnd.sample(list(vocabulary()), 4)
        answer = possible(pack, facts, unknown)
        assert answer.sure
        for outcome, witness in answer.outcomes.items():
            assert outcome_of(pack.decide(witness)) == outcome
            assert all(witness[known] == facts[known] for known in facts if known not in unknown)
        for question in answer.questions:
            questions += 1
            one, two = question.proof
            assert {key for key in one if one[key] != two[key]} == {question.fact} <= set(unknown)
            assert outcome_of(pack.decide(one)) != outcome_of(pack.decide(two))
        assert bool(answer.questions) == (len(answer.outcomes) > 1)
        defaults: dict[str, Any] = {
            key: vocabulary()[key].default for key in unknown if vocabulary()[key].default is not None
        }
        base = contradictions({**facts, **defaults})
        for _ in range(60):
            case = completed(rnd, facts, unknown)
            if not contradictions(case) - base:
                assert outcome_of(pack.decide(case)) in answer.outcomes, (facts, unknown, case)
    assert questions > 20
