"""The eu pack, named by directive and article: withdrawal (2011/83), lack of conformity (2019/771), who bears the
freight."""

from functools import partial
from typing import Any

import pytest

from returns.rules.pack import load_pack
from tests.rules.cases import NA, Legs, clocks, contested, decided_in, legs

decided = partial(decided_in, "eu")


@pytest.mark.parametrize(("days", "due"), [(0, True), (14, True), (15, False)])
def test_crd_9_fourteen_days_without_a_reason(days: int, due: bool) -> None:
    assert (decided("preference", days).remedies[0] == "return_refund") is due


def test_crd_9_the_last_day_moves_with_a_day_off() -> None:
    assert decided("preference", 16, holiday_shift=2).remedies[0] == "return_refund"
    assert decided("preference", 17, holiday_shift=2).remedies == ("goodwill_only",)


def test_crd_9_before_delivery_the_customer_may_withdraw_already() -> None:
    assert decided("cancel_order", None, stage="unshipped").remedies[0] == "refund_only"
    assert decided("preference", None, stage="in_transit").remedies == ("return_refund", "parcel_intercept")


def test_crd_10_who_was_not_told_has_up_to_twelve_months_more() -> None:
    assert decided("preference", 380, withdrawal_told="no").rows["withdrawal"] == "W03"
    assert decided("preference", 381, withdrawal_told="no").remedies == ("goodwill_only",)
    later: dict[str, Any] = {"withdrawal_told": "later"}
    assert decided("preference", 90, **later, days_since_told=14).remedies[0] == "return_refund"
    assert decided("preference", 90, **later, days_since_told=15).remedies == ("goodwill_only",)


@pytest.mark.parametrize("freight", ["free", "paid", "conditional"])
def test_crd_13_standard_delivery_is_refunded(freight: str) -> None:
    assert decided("preference", outbound_freight=freight).outbound_leg_payer == "shop"


def test_crd_13_a_lost_free_delivery_threshold_is_not_deducted_and_that_is_contested() -> None:
    verdict = decided("preference", outbound_freight="conditional", threshold_broken=True)
    assert verdict.outbound_leg_payer == "shop"
    assert contested(verdict) == {"threshold"}


def test_crd_13_the_refund_runs_from_the_statement() -> None:
    refund = clocks(decided("preference"))["refund"]
    assert (refund["days"], refund["counted_from"], refund["party"]) == (14, "request", "shop")


def test_crd_13_proof_of_sending_is_enough_when_the_goods_are_lost_on_the_way_back() -> None:
    verdict = decided("preference", stage="lost_returning")
    assert verdict.remedies == ("refund_only",)
    assert contested(verdict) == {"lost_return"}


def test_crd_14_the_consumer_bears_the_way_back_only_when_told() -> None:
    assert legs(decided("preference")) == Legs("shop", "buyer", NA)
    assert legs(decided("preference", return_cost_told=False)) == Legs("shop", "shop", NA)
    assert decided("preference", promised_return=True).return_leg_payer == "shop"


@pytest.mark.parametrize("kind", ["settlement", "standard_terms"])
def test_crd_14_no_agreement_puts_an_untold_return_cost_on_the_consumer(kind: str) -> None:
    verdict = decided("preference", return_cost_told=False, agreed_return="buyer", agreement_kind=kind)
    assert verdict.return_leg_payer == "shop"


def test_crd_14_use_costs_value_and_not_the_right() -> None:
    worn = decided("preference", intact=False)
    assert worn.remedies == ("refund_less_depreciation",)
    assert worn.rows["withdrawal"] == "W04"
    untold = decided("preference", intact=False, withdrawal_told="no")
    assert untold.remedies[0] == "return_refund"


def test_crd_14_the_goods_are_sent_within_fourteen_days() -> None:
    assert clocks(decided("preference"))["send_back"]["days"] == 14


@pytest.mark.parametrize("excluded", ["custom_made", "perishable", "unsealed_hygiene", "unsealed_media", "periodicals"])
def test_crd_16_goods_without_the_right(excluded: str) -> None:
    assert decided("preference", exclusion=excluded).remedies == ("goodwill_only",)
    assert decided("preference", exclusion=excluded, promised_despite_exclusion=True).remedies[0] == "return_refund"
    assert "repair_free" in decided("flaw", exclusion=excluded).remedies


@pytest.mark.parametrize("kept", ["activated", "flawed_disclosed"])
def test_crd_16_does_not_exclude_what_was_tried_or_sold_as_flawed(kept: str) -> None:
    assert decided("preference", exclusion=kept, exclusion_confirmed=True).remedies[0] == "return_refund"


def test_crd_18_a_late_parcel_may_be_given_up() -> None:
    verdict = decided("carrier_delay", None, stage="in_transit")
    assert verdict.remedies[:2] == ("return_refund", "reship")
    assert verdict.carrier_claim


def test_crd_20_the_risk_is_the_sellers_until_delivery_unless_the_consumer_took_another_carrier() -> None:
    lost: dict[str, Any] = {"days": None, "stage": "lost"}
    assert decided("carrier_loss", **lost).remedies == ("refund_only", "reship")
    assert decided("carrier_loss", **lost, carrier_by="shop_list").carrier_claim
    assert decided("carrier_loss", **lost, carrier_by="buyer").remedies == ("goodwill_only",)


@pytest.mark.parametrize(("days", "due"), [(731, True), (732, False)])
def test_sgd_10_two_years(days: int, due: bool) -> None:
    assert ("repair_free" in decided("fault_in_use", days).remedies) is due


def test_rtr_16_a_repair_makes_the_guarantee_a_year_longer() -> None:
    assert decided("repair_failed", 1097, repairs=1).remedies[0] == "return_refund"
    assert decided("repair_failed", 1098, repairs=1).remedies == ("repair_paid",)


@pytest.mark.parametrize(("days", "fault"), [(366, "shop"), (367, "undetermined")])
def test_sgd_11_within_a_year_the_fault_was_there_from_the_start(days: int, fault: str) -> None:
    assert decided("flaw", days, found_cause="undetermined").fault == fault
    assert decided("unclear", days).fault == fault


def test_sgd_11_after_a_year_what_cannot_be_shown_is_repaired_for_a_fee() -> None:
    assert decided("flaw", 400, found_cause="undetermined").remedies == ("repair_paid",)


def test_sgd_13_repair_or_replacement_comes_first() -> None:
    assert decided("flaw", 20).remedies == ("exchange", "repair_free")
    assert not decided("flaw", 20, wish="return_refund").requested_due


def test_sgd_13_after_a_failed_repair_money_back_or_part_of_the_price() -> None:
    verdict = decided("repair_failed", 200, repairs=1)
    assert verdict.remedies == ("return_refund", "partial_refund", "exchange")
    assert contested(verdict) == {"second_attempt"}


@pytest.mark.parametrize("wish", ["exchange", "repair"])
def test_sgd_14_putting_it_right_is_free(wish: str) -> None:
    verdict = decided("flaw", 20, wish=wish)
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("shop", "shop")


def test_sgd_16_goods_go_back_at_the_sellers_cost() -> None:
    assert legs(decided("repair_failed", 200, repairs=1, outbound_freight="paid")) == Legs("shop", "shop", NA)


def test_sgd_21_terms_made_beforehand_do_not_bind_and_a_later_settlement_does() -> None:
    terms = decided("flaw", 20, agreed_return="buyer", agreement_kind="standard_terms")
    assert terms.return_leg_payer == "shop"
    settled = decided("flaw", 20, agreed_return="buyer")
    assert settled.return_leg_payer == "buyer"
    assert "settled_below_law" in contested(settled)


def test_gpsr_37_a_recall_costs_nothing() -> None:
    verdict = decided("safety_recall", 900)
    assert verdict.remedies == ("return_refund", "exchange", "repair_free")
    assert legs(verdict) == Legs("shop", "shop", NA)


def test_faulty_goods_given_back_in_time_travel_at_the_sellers_cost() -> None:
    verdict = decided("flaw", 10)
    assert verdict.remedies == ("return_refund", "exchange", "repair_free")
    assert legs(verdict) == Legs("shop", "shop", NA)
    assert "faulty_withdrawal" in contested(verdict)


def test_a_plain_withdrawal_is_not_contested() -> None:
    assert contested(decided("preference")) == set()
    assert contested(decided("flaw", 20, wish="exchange")) == set()


def test_no_chinese_damages() -> None:
    assert "treble_damages" not in decided("counterfeit", violation="fraud").remedies


def test_every_source_has_a_day_from_which_it_holds() -> None:
    assert [s.key for s in load_pack("eu").sources.values() if s.is_law and not s.valid_from] == []
