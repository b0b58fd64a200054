"""Carriage, delivery and refusal (R-70 to R-87)."""

import pytest

from returns import policy
from tests.rules.cases import NA, Legs, contested, decided, legs


def test_r_070_until_delivery_the_risk_is_the_shops() -> None:
    verdict = decided("carrier_loss", None, stage="lost", wish="reship")
    assert verdict.remedies == ("reship", "refund_only")
    assert verdict.carrier_claim


def test_r_071_left_without_consent_and_never_received_counts_as_lost() -> None:
    verdict = decided("carrier_loss", 2)
    assert verdict.remedies == ("refund_only", "reship")


def test_r_074_after_two_years_nothing_is_owed_for_what_could_be_seen() -> None:
    assert decided("wrong_item.size", 730).remedies[0] == "return_refund"
    assert decided("wrong_item.size", 731).remedies == ("goodwill_only",)


def test_r_080_refusal_with_a_reason_costs_the_shop() -> None:
    assert legs(decided("flaw", None, stage="refused", outbound_freight="paid")) == Legs("shop", "shop", NA)


@pytest.mark.parametrize(
    ("facts", "payers"),
    [
        ({}, Legs("shop", "buyer", NA)),
        ({"outbound_freight": "paid"}, Legs("buyer", "buyer", NA)),
        ({"exclusion": "perishable"}, Legs("buyer", "buyer", NA)),
    ],
)
def test_r_081_refusal_without_a_reason(facts: dict[str, str], payers: Legs) -> None:
    assert legs(decided("refused_without_reason", None, stage="refused", **facts)) == payers


def test_r_082_a_refused_cash_on_delivery_parcel_is_the_shops_and_contested() -> None:
    verdict = decided("refused_without_reason", None, stage="refused", cash_on_delivery=True)
    assert legs(verdict) == Legs("shop", "shop", NA)
    assert contested(verdict) == {"cod_refusal"}


def test_r_083_a_wrong_address_is_the_buyers() -> None:
    verdict = decided("wrong_address", None, stage="refused")
    assert (verdict.fault, verdict.return_leg_payer) == ("buyer", "buyer")


def test_r_073_a_notice_at_purchase_moves_no_risk() -> None:
    verdict = decided("carrier_damage", agreement_kind="standard_terms", agreed_return="buyer", agreed_outbound="buyer")
    assert legs(verdict) == Legs("shop", "shop", NA)
    assert "return_refund" in verdict.remedies


def test_r_083_freight_collect_without_consent_is_the_senders() -> None:
    assert decided("preference", freight_collect="by_shop", outbound_freight="paid").outbound_leg_payer == "shop"
    assert decided("preference", freight_collect="by_buyer").return_leg_payer == "buyer"


def test_r_087_the_carrier_has_seven_days_to_answer() -> None:
    assert policy.CARRIER_ANSWERS.days == 7


def test_r_107_refund_only_after_receipt_is_never_due_by_itself() -> None:
    for reason in ("preference", "flaw", "carrier_damage"):
        verdict = decided(reason, wish="refund_only")
        assert not verdict.requested_due
        assert "refund_only" not in verdict.remedies
    assert decided("agreed", wish="refund_only").remedies == ("refund_only",)
