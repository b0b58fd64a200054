"""What a promise may promise: a closed list, each value checked, each error with the name that is to blame."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.kernel.errors import BadInput
from aftersales.ledger.models import Event
from customers.actions.promises import make_promise
from customers.models import Promise
from tests.world import an_order, staff

pytestmark = pytest.mark.django_db


def test_good_terms_are_kept_and_stand_in_the_event() -> None:
    order = an_order()
    terms = {"promised_days": 30, "promised_return": True, "price_promise": True}
    promise = make_promise(order.person_id, text="三十天包退", order_id=order.pk, terms=terms, actor=staff())
    assert Promise.objects.get(pk=promise.pk).terms == terms
    assert Event.objects.get(name="promise.made").data["terms"] == terms


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"promise_return_freight": "shop"}, "promise_term_unknown"),
        ({"reason": "counterfeit"}, "promise_term_unknown"),
        ({"promised_days": 0}, "promise_days_range"),
        ({"promised_days": 366}, "promise_days_range"),
        ({"promised_days": "30"}, "promise_days_range"),
        ({"promised_days": 7.5}, "promise_days_range"),
        ({"promised_days": True}, "promise_days_range"),
        ({"promised_return": "yes"}, "promise_term_value"),
        ({"promised_return": 1}, "promise_term_value"),
        ({"promised_return": False}, "promise_term_value"),
        ({"price_promise": None}, "promise_term_value"),
        ({"agreed_return": True}, "promise_payer_unknown"),
        ({"agreed_return": "carrier"}, "promise_payer_unknown"),
    ],
)
def test_others_are_refused_by_name_and_nothing_is_kept(terms: dict[str, Any], code: str) -> None:
    order = an_order()
    with pytest.raises(BadInput) as refusal:
        make_promise(order.person_id, text="?", order_id=order.pk, terms=terms, actor=staff())
    assert (refusal.value.code, refusal.value.field, refusal.value.params["name"]) == (code, "terms", next(iter(terms)))
    assert not Promise.objects.exists()


def test_terms_are_about_an_order() -> None:
    order = an_order()
    with pytest.raises(BadInput) as refusal:
        make_promise(order.person_id, text="三十天", terms={"promised_days": 30}, actor=staff())
    assert refusal.value.code == "order_missing"
    assert make_promise(order.person_id, text="送个袋子", actor=staff()).terms == {}
