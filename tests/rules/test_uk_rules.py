"""The uk pack, named by act and section: cancellation (2013 Regulations), faulty goods (Consumer Rights Act 2015)."""

from functools import partial
from typing import Any

import pytest

from tests.rules.cases import NA, Legs, clocks, contested, decided_in, legs

decided = partial(decided_in, "uk")


@pytest.mark.parametrize(("days", "due"), [(14, True), (15, False)])
def test_reg_29_30_fourteen_days_to_cancel(days: int, due: bool) -> None:
    assert (decided("preference", days).remedies[0] == "return_refund") is due


@pytest.mark.parametrize("excluded", ["custom_made", "perishable", "unsealed_hygiene", "unsealed_media"])
def test_reg_28_goods_without_the_right(excluded: str) -> None:
    assert decided("preference", exclusion=excluded).remedies == ("goodwill_only",)


def test_reg_31_who_was_not_told_has_up_to_twelve_months_more() -> None:
    assert decided("preference", 300, withdrawal_told="no").remedies[0] == "return_refund"
    assert decided("preference", 381, withdrawal_told="no").remedies == ("goodwill_only",)


def test_reg_34_standard_delivery_is_refunded_and_use_costs_value() -> None:
    assert decided("preference", outbound_freight="paid").outbound_leg_payer == "shop"
    assert decided("preference", intact=False).remedies == ("refund_less_depreciation",)


def test_reg_34_the_refund_runs_from_the_goods() -> None:
    back = decided("preference", goods_with="shop", days_since_goods_back=15)
    assert clocks(back)["refund"]["left"] == -1
    assert back.overdue_party == "shop"
    assert decided("preference", goods_with="shop", days_since_goods_back=14).overdue_party is None


def test_reg_35_the_consumer_bears_the_way_back_unless_not_told() -> None:
    assert decided("preference").return_leg_payer == "buyer"
    assert decided("preference", return_cost_told=False).return_leg_payer == "shop"


@pytest.mark.parametrize(("days", "due"), [(30, True), (31, False)])
def test_s_22_thirty_days_to_reject(days: int, due: bool) -> None:
    verdict = decided("flaw", days)
    assert ("return_refund" in verdict.remedies) is due
    assert "repair_free" in verdict.remedies


def test_s_22_time_in_repair_does_not_count() -> None:
    assert "return_refund" in decided("flaw", 40, days_in_repair=10).remedies
    assert "return_refund" not in decided("flaw", 41, days_in_repair=10).remedies


def test_s_20_rejected_goods_go_back_at_the_traders_cost() -> None:
    assert legs(decided("flaw", 20, outbound_freight="paid")) == Legs("shop", "shop", NA)
    assert clocks(decided("flaw", 20))["refund"]["days"] == 14


@pytest.mark.parametrize(("days", "fault"), [(184, "shop"), (185, "undetermined")])
def test_s_19_within_six_months_the_fault_was_there_from_the_start(days: int, fault: str) -> None:
    assert decided("flaw", days, found_cause="undetermined").fault == fault


def test_s_19_the_presumption_does_not_help_the_short_term_right_to_reject() -> None:
    verdict = decided("flaw", 20, found_cause="undetermined")
    assert verdict.remedies == ("exchange", "repair_free")
    assert verdict.rows["guarantee"] == "G02"


def test_s_19_a_broken_promise_gives_no_short_term_right_to_reject() -> None:
    verdict = decided("promise_not_kept", 20)
    assert verdict.remedies == ("exchange", "repair_free", "partial_refund", "apology")
    assert verdict.rows["remedies"] == "S11"


@pytest.mark.parametrize("wish", ["exchange", "repair"])
def test_s_23_repair_or_replacement_is_free(wish: str) -> None:
    verdict = decided("flaw", 100, wish=wish)
    assert verdict.remedies[0] == {"exchange": "exchange", "repair": "repair_free"}[wish]
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("shop", "shop")


def test_s_24_after_one_repair_the_final_right_to_reject_without_a_deduction_for_six_months() -> None:
    assert decided("repair_failed", 184, repairs=1).remedies == ("return_refund", "partial_refund", "exchange")
    later = decided("repair_failed", 185, repairs=1, line_paid=100_000, depreciation_rate=500)
    assert later.remedies == ("refund_less_depreciation", "partial_refund", "exchange")
    assert later.amounts == {"depreciation": 9_250, "refund_less_depreciation": 90_750}


def test_s_28_29_late_or_lost_on_the_way() -> None:
    assert decided("carrier_delay", None, stage="in_transit").remedies[:2] == ("return_refund", "reship")
    assert decided("carrier_loss", None, stage="lost", wish="reship").remedies == ("reship", "refund_only")
    assert decided("carrier_loss", None, stage="lost", carrier_by="buyer").remedies == ("goodwill_only",)


def test_s_31_terms_made_beforehand_do_not_bind() -> None:
    verdict = decided("flaw", 20, agreed_return="buyer", agreement_kind="standard_terms")
    assert verdict.return_leg_payer == "shop"


@pytest.mark.parametrize(("days", "due"), [(1826, "exchange"), (2192, "exchange"), (2193, "repair_paid")])
def test_limitation_six_years_and_five_in_scotland(days: int, due: str) -> None:
    verdict = decided("fault_in_use", days)
    assert verdict.remedies[0] == due
    assert "limitation" not in contested(decided("fault_in_use", 1826))


def test_damage_on_the_way_is_the_traders_to_claim() -> None:
    facts: dict[str, Any] = {"outbound_freight": "paid"}
    verdict = decided("carrier_damage", 1, **facts)
    assert (verdict.fault, verdict.carrier_claim) == ("carrier", True)
    assert legs(verdict) == Legs("shop", "shop", NA)
