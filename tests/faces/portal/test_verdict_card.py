"""Where sources differ: staff get the mark, the customer an explanation instead of a bare mark."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from returns.actions import verdicts
from returns.rules.explain import explain
from returns.rules.pack import load_pack
from tests.world import a_return, an_order


@pytest.mark.django_db
@pytest.mark.parametrize("audience", ["customer", "staff"])
def test_a_contested_verdict_explains_itself_to_the_customer(audience: str) -> None:
    outcome = verdicts.standing(a_return(an_order()))[0].outcome
    what = next(iter(load_pack(outcome["pack"]).questions["en"]))
    outcome = outcome | {"contested": [{"what": what}]}
    explanation = explain(outcome, "en", audience)
    given = {"verdict": outcome, "explanation": explanation, "audience": audience}
    with override("en"):
        card = render_to_string("parts/verdict.html", given)
    assert card.count("Sources differ on") == 1
    assert ("Where the rules leave room, and how we read them" in card) is (audience == "customer")
    assert ("Sources differ</span>" in card) is (audience == "staff")
