"""The vocabulary of facts: what is accepted, what is refused and how the refusal names the fact."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from returns.rules.derive import derive, derived_vocabulary
from returns.rules.facts import BadFact, schema, validate, vocabulary
from returns.rules.pack import load_pack, shipped
from returns.rules.verdict import FAULTS, PAYERS, REMEDIES

PLAIN: dict[str, Any] = {"reason": "preference", "days_since_receipt": 3}


def refused(facts: Any) -> BadFact:
    with pytest.raises(BadFact) as caught:
        validate(facts)
    return caught.value


def test_a_plain_case_needs_two_facts() -> None:
    complete = validate(PLAIN)
    assert set(complete) == set(vocabulary())
    assert complete["wish"] == "return_refund"
    assert complete["stage"] == "delivered"


def test_before_delivery_the_reason_alone_is_enough() -> None:
    assert validate({"reason": "cancel_order", "stage": "unshipped"})["days_since_receipt"] == 0


@pytest.mark.parametrize(
    ("facts", "name", "says"),
    [
        ({}, "reason", "must be given"),
        ({"reason": "preference"}, "days_since_receipt", "must be given when stage is delivered"),
        ({**PLAIN, "reson": 1}, "reson", "did you mean reason"),
        ({**PLAIN, "xyzzy": 1}, "xyzzy", "is not a known fact"),
        ({**PLAIN, "reason": "flow"}, "reason", "did you mean flaw"),
        ({**PLAIN, "wish": "xyzzy"}, "wish", "choose one of return_refund"),
        ({**PLAIN, "wish": None}, "wish", "must be text"),
        ({**PLAIN, "days_since_receipt": "3"}, "days_since_receipt", "whole number"),
        ({**PLAIN, "days_since_receipt": 3.0}, "days_since_receipt", "whole number"),
        ({**PLAIN, "days_since_receipt": True}, "days_since_receipt", "whole number"),
        ({**PLAIN, "days_since_receipt": -1}, "days_since_receipt", "between 0 and 3650"),
        ({**PLAIN, "line_paid": 10**13}, "line_paid", "between"),
        ({**PLAIN, "intact": "yes"}, "intact", "true or false"),
        ({**PLAIN, "intact": 1}, "intact", "true or false"),
        ({**PLAIN, "received_on": "2026-13-01"}, "received_on", "date such as"),
        ({**PLAIN, "received_on": "20261001"}, "received_on", "date such as"),
        ({**PLAIN, "zone_of_receipt": "../etc/passwd"}, "zone_of_receipt", "time zone such as"),
        ([], "facts", "must be an object"),
    ],
)
def test_a_bad_fact_is_named(facts: Any, name: str, says: str) -> None:
    error = refused(facts)
    assert error.name == name
    assert says in error.why
    assert name in str(error)


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.lists(st.integers(), max_size=2),
    st.sampled_from(sorted({value for fact in vocabulary().values() for value in fact.values})),
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(list(vocabulary())), st.text(max_size=12))


@st.composite
def nearly_right(draw: st.DrawFn) -> dict[str, Any]:
    """Facts of which most are good, so that the fuzz reaches the tables and not only the first check."""
    facts: dict[str, Any] = {}
    for name, fact in vocabulary().items():
        if draw(st.booleans()) or fact.default is None:
            facts[name] = draw(good_value(name))
    for _ in range(draw(st.integers(0, 2))):
        facts[draw(NAMES)] = draw(ANYTHING)
    return facts


def good_value(name: str) -> st.SearchStrategy[Any]:
    fact = vocabulary()[name]
    if fact.values:
        return st.sampled_from(list(fact.values))
    if fact.kind == "bool":
        return st.booleans()
    if fact.kind == "date":
        return st.one_of(st.just(""), st.dates().map(str))
    if fact.kind == "zone":
        return st.sampled_from(["", "Asia/Shanghai", "UTC"])
    return st.one_of(st.integers(fact.lo, min(fact.hi, 40)), st.integers(fact.lo, fact.hi))


@settings(max_examples=600)
@given(st.one_of(nearly_right(), st.dictionaries(NAMES, ANYTHING, max_size=6)), st.sampled_from(shipped()))
def test_fuzzed_facts_give_a_verdict_or_an_error_that_names_the_fact(facts: dict[str, Any], pack: str) -> None:
    try:
        verdict = load_pack(pack).decide(facts).as_dict()
    except BadFact as error:
        named = (error.name in facts or error.name in vocabulary()) and bool(error.why)
        verdict = None
    if verdict is None:
        assert named
        return
    assert verdict["fault"] in FAULTS
    assert verdict["remedies"]
    assert set(verdict["remedies"]) <= set(REMEDIES)
    assert {verdict[f"{leg}_leg_payer"] for leg in ("outbound", "return", "replacement")} <= set(PAYERS)
    assert json.loads(json.dumps(verdict)) == verdict


def test_the_schema_says_what_validate_does() -> None:
    described = schema()
    assert described["required"] == ["reason"]
    assert described["additionalProperties"] is False
    assert set(described["properties"]) == set(vocabulary())
    assert described["properties"]["wish"]["enum"][0] == "return_refund"
    assert described["properties"]["days_since_receipt"]["minimum"] == 0
    (condition,) = described["allOf"]
    assert condition["then"] == {"required": ["days_since_receipt"]}
    # stage may be left out, and is then delivered
    assert condition["if"]["required"] == []
    json.dumps(described)


def test_every_fact_is_labelled_and_explained_in_both_languages() -> None:
    for fact in vocabulary().values():
        for locale in ("zh-hans", "en"):
            assert fact.label(locale)
            assert fact.help(locale)
        assert all(zh and en for zh, en in fact.values.values())
        assert bool(fact.unit("zh")) == bool(fact.unit("en"))


def test_values_read_as_words() -> None:
    words = vocabulary()
    assert words["intact"].value_label(True, "zh") == "是"
    assert words["intact"].value_label(False, "en") == "no"
    assert words["wish"].value_label("exchange", "zh") == "换货"
    assert words["repairs"].value_label(2, "en") == "2"


@pytest.mark.parametrize(
    ("facts", "name", "value"),
    [
        ({}, "window", "law"),
        ({"days_since_receipt": 8}, "window", "over"),
        ({"days_since_receipt": 8, "promised_days": 8, "platform_window": "running"}, "window", "promise"),
        ({"days_since_receipt": 8, "platform_window": "running"}, "window", "platform"),
        ({"days_since_receipt": 400, "stage": "refused"}, "window", "law"),
        ({"days_since_receipt": 14}, "cooling_off", "law"),
        ({"days_since_receipt": 15}, "cooling_off", "over"),
        ({"days_since_receipt": 16, "holiday_shift": 2}, "cooling_off", "law"),
        ({"days_since_receipt": 380, "withdrawal_told": "no"}, "cooling_off", "extended"),
        ({"days_since_receipt": 381, "withdrawal_told": "no"}, "cooling_off", "over"),
        ({"days_since_receipt": 90, "withdrawal_told": "later", "days_since_told": 14}, "cooling_off", "extended"),
        ({"days_since_receipt": 90, "withdrawal_told": "later", "days_since_told": 15}, "cooling_off", "over"),
        ({"days_since_receipt": 30, "promised_days": 30}, "cooling_off", "promise"),
        ({"days_since_receipt": 15, "platform_window": "running"}, "cooling_off", "platform"),
        ({"days_since_receipt": 400, "stage": "refused"}, "cooling_off", "law"),
        ({"days_since_receipt": 30}, "reject_window", "open"),
        ({"days_since_receipt": 31}, "reject_window", "over"),
        ({"days_since_receipt": 40, "days_in_repair": 10}, "reject_window", "open"),
        ({"days_since_receipt": 400, "stage": "refused"}, "reject_window", "open"),
        ({"outbound_freight": "conditional"}, "outbound_terms", "free"),
        ({"outbound_freight": "conditional", "threshold_broken": True}, "outbound_terms", "broken"),
        ({"outbound_freight": "paid", "threshold_broken": True}, "outbound_terms", "paid"),
        ({"carrier_by": "shop_list"}, "carrier_side", "shop"),
        ({"agreed_return": "split"}, "pledge_return", "settled_split"),
        ({"agreed_return": "buyer", "agreement_kind": "standard_terms"}, "pledge_return", "terms_buyer"),
        ({"agreed_return": "buyer", "promised_return": True}, "pledge_return", "promise"),
        ({"found_reason": "misuse_damage"}, "matter", "misuse"),
        ({"certified_unqualified": True, "found_reason": "misuse_damage"}, "matter", "unqualified"),
        ({"reason": "price_dropped", "price_promise": True}, "matter", "price_promise"),
    ],
)
def test_derived_facts(facts: dict[str, Any], name: str, value: str) -> None:
    assert derive(validate({**PLAIN, **facts}))[name] == value


def test_a_derived_fact_reads_only_what_it_says_it_comes_from() -> None:
    facts = validate({**PLAIN, "outbound_freight": "conditional", "threshold_broken": True, "promised_return": True})
    for name, derived in derived_vocabulary().items():
        seen = {fact: facts[fact] for fact in derived.comes_from}
        assert derived.work_out(seen) == derive(facts)[name]
