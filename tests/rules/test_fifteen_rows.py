"""The fifteen situations of the payer table, one test each, named by the situation."""

from typing import Any

import pytest

from tests.rules.cases import NA, Legs, contested, decided, legs


def test_01_no_reason_with_free_shipping() -> None:
    assert legs(decided("preference")) == Legs("shop", "buyer", NA)


def test_02_no_reason_and_the_customer_paid_the_outbound_freight() -> None:
    assert legs(decided("preference", outbound_freight="paid")) == Legs("buyer", "buyer", NA)


def test_03_a_partial_return_without_reason_that_breaks_the_free_shipping_threshold() -> None:
    verdict = decided("preference", outbound_freight="conditional", threshold_broken=True)
    assert legs(verdict) == Legs("buyer", "buyer", NA)
    defective = decided("flaw", outbound_freight="conditional", threshold_broken=True)
    assert legs(defective) == Legs("shop", "shop", NA)


def test_04_abuse_of_membership_rights() -> None:
    assert legs(decided("preference", member_abuse=True)) == Legs("buyer", "buyer", NA)


def test_05_an_exchange_without_reason() -> None:
    verdict = decided("wrong_choice.size", wish="exchange")
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("buyer", "buyer")


@pytest.mark.parametrize(
    "reason", ["quality_defect", "wrong_item.colour", "not_as_described.material", "counterfeit", "photo_mismatch"]
)
def test_06_quality_wrong_missing_misdescribed_counterfeit(reason: str) -> None:
    assert legs(decided(reason, outbound_freight="paid")) == Legs("shop", "shop", NA)


def test_06_missing_parts_are_sent_at_the_shops_cost() -> None:
    verdict = decided("missing_item", wish="reship")
    assert verdict.remedies[0] == "resend_missing"
    assert verdict.replacement_leg_payer == "shop"
    assert legs(decided("missing_item", outbound_freight="paid")) == Legs("shop", "shop", NA)


def test_07_a_return_was_agreed_and_nothing_said_about_freight() -> None:
    assert decided("agreed").return_leg_payer == "shop"
    assert decided("agreed", outbound_freight="paid").outbound_leg_payer == "buyer"


def test_08_responsibility_cannot_be_settled() -> None:
    verdict = decided("quality_defect", found_cause="undetermined")
    assert verdict.fault == "undetermined"
    assert legs(verdict) == Legs("shop", "buyer", NA)
    assert "unclear_fault" in contested(verdict)


@pytest.mark.parametrize(("earlier", "payer"), [("shop", "shop"), ("buyer", "buyer"), ("none", "split")])
def test_09_both_are_at_fault_and_the_earlier_fault_pays(earlier: str, payer: str) -> None:
    verdict = decided("flaw", found_cause="both", earlier_fault=earlier)
    assert verdict.fault == "shared"
    assert legs(verdict) == Legs(payer, payer, NA)
    assert "shared_fault" in contested(verdict)


def test_10_a_return_address_other_than_the_published_one_puts_the_extra_cost_on_the_shop() -> None:
    verdict = decided("preference", return_place="other")
    assert verdict.return_leg_payer == "split"
    assert verdict.rows["return"] == "R30"
    assert decided("flaw", return_place="other").return_leg_payer == "shop"


def test_11_freight_collect_back_without_consent_when_the_freight_was_the_customers() -> None:
    verdict = decided("preference", freight_collect="by_buyer")
    assert verdict.return_leg_payer == "buyer"
    assert verdict.rows["return"] == "R31"
    assert decided("flaw", freight_collect="by_buyer").return_leg_payer == "shop"


def test_12_freight_collect_sent_by_the_shop_without_consent() -> None:
    assert decided("preference", freight_collect="by_shop", outbound_freight="paid").outbound_leg_payer == "shop"


def test_13_a_refused_parcel_outside_the_seven_day_right_that_the_shop_sends_again() -> None:
    verdict = decided("refused_without_reason", None, stage="refused", exclusion="custom_made", wish="reship")
    assert verdict.remedies[0] == "reship"
    assert legs(verdict) == Legs("buyer", "buyer", "buyer")


@pytest.mark.parametrize("reason", ["preference", "flaw", "carrier_damage", "unclear"])
def test_14_freight_insurance_pays_a_sum_and_leaves_liability_alone(reason: str) -> None:
    insured, plain = decided(reason, freight_insurance=True), decided(reason)
    assert insured.remedies == (*plain.remedies, "insurer_payout")
    assert legs(insured) == legs(plain)
    assert "insurer_payout" not in decided(reason, freight_insurance=True, wish="exchange").remedies


@pytest.mark.parametrize("leg", ["outbound", "return", "replacement"])
@pytest.mark.parametrize("facts", [{}, {"wish": "exchange"}])
def test_15_a_promise_better_than_the_rule_wins(leg: str, facts: dict[str, Any]) -> None:
    verdict = decided("preference", outbound_freight="paid", **{f"promised_{leg}": True}, **facts)
    payer = getattr(verdict, f"{leg}_leg_payer")
    assert payer == ("shop" if leg != "replacement" or facts else NA)
    for other in {"outbound", "return", "replacement"} - {leg}:
        assert getattr(verdict, f"{other}_leg_payer") != "shop"
