"""Who pays the freight (R-20 to R-31): the three causes and what goes before them."""

from typing import Any

import pytest

from tests.rules.cases import NA, Legs, contested, decided, legs


@pytest.mark.parametrize(
    "reason", ["wrong_item.size", "wrong_item.colour", "wrong_item.model", "wrong_item.spec", "flaw"]
)
@pytest.mark.parametrize("wish", ["return_refund", "exchange"])
def test_r_020_shop_cause_all_freight_is_the_shops(reason: str, wish: str) -> None:
    verdict = decided(reason, wish=wish)
    assert verdict.fault == "shop"
    assert verdict.return_leg_payer == "shop"
    assert verdict.replacement_leg_payer in ("shop", NA)


@pytest.mark.parametrize("reason", ["carrier_damage", "carrier_soiled", "contents_short", "carrier_delay"])
def test_r_021_carrier_cause_the_shop_pays_first_and_claims(reason: str) -> None:
    verdict = decided(reason)
    assert (verdict.fault, verdict.carrier_claim) == ("carrier", True)
    assert legs(verdict) == Legs("shop", "shop", NA)


def test_r_021_not_when_the_customer_arranged_another_carrier_but_a_pick_from_our_list_is_ours() -> None:
    assert decided("carrier_damage", carrier_by="buyer").return_leg_payer == "buyer"
    assert not decided("carrier_damage", carrier_by="buyer").carrier_claim
    assert decided("carrier_damage", carrier_by="shop_list").carrier_claim


def test_r_022_buyer_cause_the_buyer_bears_return_and_exchange() -> None:
    assert decided("wrong_choice.model").return_leg_payer == "buyer"
    verdict = decided("wrong_choice.model", wish="exchange")
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("buyer", "buyer")


@pytest.mark.parametrize("payer", ["shop", "buyer", "split"])
@pytest.mark.parametrize("reason", ["flaw", "preference", "carrier_damage", "unclear"])
def test_r_023_what_both_sides_settled_comes_before_the_cause_leg_by_leg(reason: str, payer: str) -> None:
    plain, settled = decided(reason, wish="exchange"), decided(reason, wish="exchange", agreed_return=payer)
    assert settled.return_leg_payer == payer
    assert settled.outbound_leg_payer == plain.outbound_leg_payer
    assert settled.replacement_leg_payer == plain.replacement_leg_payer


def test_r_023_a_settlement_below_the_law_is_said_to_be_contested() -> None:
    assert "settled_below_law" in contested(decided("flaw", agreed_return="buyer"))
    assert "settled_below_law" not in contested(decided("preference", agreed_return="split"))


def test_r_024_outbound_freight_of_a_return_by_cause_and_by_how_it_was_paid() -> None:
    assert decided("flaw", outbound_freight="paid").outbound_leg_payer == "shop"
    assert decided("preference", outbound_freight="free").outbound_leg_payer == "shop"
    assert decided("preference", outbound_freight="paid").outbound_leg_payer == "buyer"


def test_r_025_an_exchange_leaves_the_outbound_freight_alone_and_says_that_this_is_contested() -> None:
    verdict = decided("wrong_item.size", wish="exchange", outbound_freight="paid")
    assert verdict.outbound_leg_payer == "buyer"
    assert contested(verdict) == {"exchange_outbound"}


def test_r_026_a_size_that_does_not_suit_costs_the_way_back_only_and_says_that_this_is_contested() -> None:
    verdict = decided("wrong_choice.size")
    assert legs(verdict) == Legs("shop", "buyer", NA)
    assert contested(verdict) == {"size_both_ways"}


def test_r_027_a_broken_free_shipping_condition_is_deducted_only_without_reason() -> None:
    broken: dict[str, Any] = {"outbound_freight": "conditional", "threshold_broken": True}
    assert decided("preference", **broken).outbound_leg_payer == "buyer"
    assert decided("flaw", **broken).outbound_leg_payer == "shop"
    assert decided("preference", threshold_broken=True).outbound_leg_payer == "shop"


def test_r_028_nobody_shown_at_fault_return_and_refund_each_pays_his_way() -> None:
    verdict = decided("unclear")
    assert verdict.remedies[0] == "return_refund"
    assert legs(verdict) == Legs("shop", "buyer", NA)


def test_r_029_repair_freight_that_was_not_agreed_is_the_shops() -> None:
    verdict = decided("unclear", wish="repair")
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("shop", "shop")


@pytest.mark.parametrize(("cause", "payer"), [("shop", "shop"), ("buyer", "buyer"), ("carrier", "shop")])
def test_r_030_an_agreed_exchange_follows_the_cause(cause: str, payer: str) -> None:
    verdict = decided("agreed", wish="exchange", found_cause=cause)
    assert verdict.remedies[0] == "exchange"
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == (payer, payer)
