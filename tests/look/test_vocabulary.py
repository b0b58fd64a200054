"""The words and looks of states, payers and remedies cover exactly what the models and the rule engine can say."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from aftersales.kernel.templatetags import states, verdicts
from returns.rules import verdict as engine
from returns.rules.explain import explain
from returns.rules.pack import load_pack
from returns.rules.text import MARKS


def test_every_code_of_a_verdict_has_words() -> None:
    assert set(verdicts.REMEDIES) == set(engine.REMEDIES)
    assert set(verdicts.FAULTS) == set(engine.FAULTS)
    assert set(verdicts.MARKS) == set(MARKS)
    assert tuple(verdicts.LEGS) == tuple(engine.LEGS)
    for words in (verdicts._PAYER_WORDS, verdicts._PAYER_WORDS_STAFF, verdicts._PAYER_ICONS):
        assert set(words) == set(engine.PAYERS)


def _decided(reason: str, **facts: object) -> dict[str, Any]:
    return load_pack("cn").decide({"reason": reason, "days_since_receipt": 3, **facts}).as_dict()


def test_the_payers_are_said_once_and_again_only_where_they_differ() -> None:
    verdict = _decided("preference")
    assert verdict["remedies"] == ["return_refund", "exchange"]
    with translation.override("en"):
        assert [leg.payer_words for leg in verdicts.legs(verdict, "customer")] == [
            "The shop pays",
            "You pay",
            "Not needed",
        ]
        first, second = verdicts.remedy_lines(verdict, "customer")
    assert first.freight == ()
    assert [(leg.name, leg.payer_words) for leg in second.freight] == [("New shipment to you", "You pay")]


@pytest.mark.parametrize("audience", ["customer", "staff"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("reason", ["preference", "quality_defect", "carrier_damage"])
def test_the_card_shows_a_real_verdict(reason: str, language: str, audience: str) -> None:
    verdict = _decided(reason)
    explanation = explain(verdict, language, audience)
    with translation.override(language):
        html = render_to_string(
            "parts/verdict.html", {"verdict": verdict, "explanation": explanation, "audience": audience}
        )
    for sentence in explanation.summary:
        assert escape(sentence) in html
    assert html.count('class="payer payer--') == 3
    assert (verdict["rows"]["outbound"] in html) == (audience == "staff"), "row numbers are for staff"


def _status_values(*apps_beside: str) -> set[str]:
    fields = [
        field
        for app in ("customers", "tickets", "returns", *apps_beside)
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.fields
        if field.name in ("status", *(["state"] if apps_beside else [])) and field.choices
    ]
    return {value for field in fields for value, _words in field.flatchoices}


# Overlays that a page shows as a state although no field holds them.
OVERLAYS = {"contested"}


def test_every_state_has_a_look() -> None:
    missing = _status_values() - set(states.LOOKS)
    assert not missing, f"add to LOOKS: {sorted(missing)}"


def test_no_look_is_for_a_state_that_does_not_exist() -> None:
    assert set(states.LOOKS) - OVERLAYS <= _status_values("notices")
