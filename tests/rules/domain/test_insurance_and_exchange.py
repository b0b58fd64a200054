"""Freight insurance and the money of an exchange (R-90 to R-98)."""

import pytest

from tests.rules.cases import decided


def test_r_093_insurance_never_changes_who_is_liable() -> None:
    assert decided("preference", freight_insurance=True).return_leg_payer == "buyer"


@pytest.mark.parametrize(("difference", "extra"), [("higher", "buyer_top_up"), ("lower", "shop_pays_difference")])
def test_r_095_the_price_difference_of_an_exchange_is_settled_either_way(difference: str, extra: str) -> None:
    assert extra in decided("preference", wish="exchange", price_difference=difference).remedies
    assert extra not in decided("preference", price_difference=difference).remedies


def test_r_096_another_size_of_the_same_article_costs_nothing_more() -> None:
    assert decided("preference", wish="exchange").remedies == ("exchange", "return_refund")


@pytest.mark.parametrize("wish", ["return_refund", "exchange", "repair"])
def test_r_098_what_was_asked_for_stands_first_and_a_refund_that_is_due_is_never_hidden(wish: str) -> None:
    verdict = decided("flaw", wish=wish)
    assert (
        verdict.remedies[0] == {"return_refund": "return_refund", "exchange": "exchange", "repair": "repair_free"}[wish]
    )
    assert verdict.requested_due
    assert "return_refund" in verdict.remedies


def test_r_090_insurance_pays_a_fixed_sum_on_a_return() -> None:
    assert "insurer_payout" in decided("preference", freight_insurance=True).remedies
    assert "insurer_payout" not in decided("preference").remedies


def test_r_091_an_exchange_is_not_covered() -> None:
    verdict = decided("preference", freight_insurance=True, wish="exchange")
    assert verdict.remedies[0] == "exchange"
    assert "insurer_payout" not in verdict.remedies


def test_r_097_a_wrong_replacement_is_a_new_case_for_the_shops_cause() -> None:
    verdict = decided("wrong_item.size", 2, wish="exchange")
    assert (verdict.fault, verdict.return_leg_payer, verdict.replacement_leg_payer) == ("shop", "shop", "shop")
