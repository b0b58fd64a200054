"""Whatever is sent as a case: a whole verdict, or an error that names the fact. Never nothing, never a bare exception."""

from collections.abc import Mapping
from typing import Any

import pytest

from returns.rules.facts import BadFact, vocabulary
from returns.rules.pack import Pack, load_pack, shipped
from returns.rules.undecided import possible
from returns.rules.verdict import FAULTS, LEGS, PAYERS, REMEDIES, Verdict
from tests.rules.fuzz import bad_cases


def answered(pack: Pack, case: Any) -> str:
    """`verdict` or the name of the fact that was refused; an AssertionError or anything else is a fault of ours."""
    verdict, bad = outcome(pack, case)
    if bad is not None:
        names = {str(name)[:80] for name in case} if isinstance(case, Mapping) else {"facts"}
        assert bad.name in names | set(vocabulary())
        assert 0 < len(bad.why) < 2_000
        assert str(bad) == f"{bad.name or repr('')}: {bad.why}"
        return str(bad).split(":")[0]
    assert verdict is not None
    assert verdict.fault in FAULTS
    assert verdict.remedies
    assert set(verdict.remedies) <= set(REMEDIES)
    assert {getattr(verdict, f"{leg}_leg_payer") for leg in LEGS} <= set(PAYERS)
    assert verdict.because
    assert verdict.sources
    assert set(verdict.rows) >= {*pack.chain, *LEGS}
    return "verdict"


def outcome(pack: Pack, case: Any) -> tuple[Verdict | None, BadFact | None]:
    try:
        return pack.decide(case), None
    except BadFact as bad:
        return None, bad


@pytest.mark.parametrize("name", shipped())
def test_bad_facts_get_a_verdict_or_an_error_that_names_the_fact(name: str) -> None:
    pack = load_pack(name)
    answers = [answered(pack, case) for case in bad_cases(1_000, seed=7)]
    assert 20 < answers.count("verdict") < 600  # some faults do no harm, most are refused
    assert len(set(answers)) > 40  # by the names of many facts


def test_open_facts_are_as_careful() -> None:
    pack, refused = load_pack("cn"), 0
    for case in bad_cases(300, seed=8):
        try:
            answer = possible(pack, case, budget=200)
        except BadFact:
            refused += 1
        else:
            assert answer.outcomes or not answer.sure
    assert 50 < refused < 290
