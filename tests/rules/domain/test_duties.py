"""General duties (R-01 to R-14): what is owed for faulty goods, and by whom."""

from typing import Any

import pytest

from tests.rules.cases import NA, Legs, clocks, decided, legs

LISTED: dict[str, Any] = {"goods": "three_guarantees", "warranty": "valid"}


def test_r_001_faulty_goods_are_returned_within_seven_days_then_exchanged_or_repaired() -> None:
    assert "return_refund" in decided("flaw", 7).remedies
    assert decided("flaw", 8).remedies == ("exchange", "repair_free")


def test_r_002_the_shop_bears_transport_of_faulty_goods() -> None:
    for wish in ("return_refund", "exchange", "repair"):
        assert decided("flaw", wish=wish).return_leg_payer == "shop"


@pytest.mark.parametrize(("days", "fault"), [(184, "shop"), (185, "undetermined")])
def test_r_006_the_shop_proves_the_cause_for_durable_goods_in_the_first_six_months(days: int, fault: str) -> None:
    assert decided("flaw", days, found_cause="undetermined", goods="durable").fault == fault
    assert decided("flaw", days, found_cause="undetermined", goods="general").fault == "undetermined"


def test_r_006_in_zhejiang_the_shop_proves_it_for_as_long_as_the_three_guarantees_run() -> None:
    facts: dict[str, Any] = {"found_cause": "undetermined", **LISTED}
    assert decided("flaw", 300, **facts, shop_province="zhejiang").fault == "shop"
    assert decided("flaw", 300, **facts).fault == "undetermined"


def test_r_007_certified_unqualified_goods_come_back_whenever_asked_with_reasonable_costs() -> None:
    verdict = decided("preference", 2000, certified_unqualified=True)
    assert verdict.remedies == ("return_refund", "exchange", "compensation")
    assert legs(verdict) == Legs("shop", "shop", NA)


def test_r_008_fraud_triples_the_price_and_unsafe_food_makes_it_tenfold() -> None:
    fraud = decided("counterfeit", violation="fraud", line_paid=10000)
    assert fraud.amounts == {"treble_damages": 50000}
    assert decided("counterfeit", violation="fraud", line_paid=30000).amounts == {"treble_damages": 90000}
    food = decided("expired", violation="unsafe_food", goods="food", line_paid=20000)
    assert food.amounts == {"tenfold_damages": 200000}
    assert decided("expired", violation="unsafe_food", goods="food", line_paid=2000).amounts == {
        "tenfold_damages": 100000
    }
    assert decided("counterfeit", violation="fraud").amounts == {}


def test_r_009_standard_terms_cannot_put_the_freight_of_faulty_goods_on_the_customer() -> None:
    terms: dict[str, Any] = {"agreement_kind": "standard_terms", "agreed_return": "buyer", "agreed_outbound": "buyer"}
    assert legs(decided("flaw", **terms)) == Legs("shop", "shop", NA)
    assert legs(decided("carrier_damage", **terms)) == Legs("shop", "shop", NA)


def test_r_010_the_shop_answers_for_the_maker() -> None:
    verdict = decided("not_working", found_cause="manufacturer")
    assert verdict.fault == "manufacturer"
    assert legs(verdict) == Legs("shop", "shop", NA)


def test_r_012_an_order_that_was_not_dispatched_is_refunded() -> None:
    assert decided("no_dispatch", None, stage="unshipped").remedies[0] == "refund_only"


def test_r_014_a_recall_costs_the_customer_nothing() -> None:
    verdict = decided("safety_recall", 900, wish="repair")
    assert verdict.remedies == ("repair_free", "return_refund", "exchange", "compensation")
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("shop", "shop")


def test_r_003_each_remedy_of_the_law_is_due_somewhere() -> None:
    due = {
        *decided("flaw").remedies, *decided("missing_item").remedies, *decided("carrier_loss", None, stage="lost").remedies,
        *decided("safety_recall").remedies, *decided("counterfeit", violation="fraud").remedies,
    }  # fmt: skip
    assert {
        "repair_free", "exchange", "return_refund", "resend_missing", "refund_only", "reship", "compensation",
        "treble_damages",
    } <= due  # fmt: skip


@pytest.mark.parametrize(("days", "left"), [(15, 0), (16, -1)])
def test_r_004_fifteen_days_after_the_goods_came_back_delay_counts_as_deliberate(days: int, left: int) -> None:
    verdict = decided("flaw", goods_with="shop", days_since_goods_back=days)
    assert clocks(verdict)["deliberate_delay"]["left"] == left
    assert clocks(verdict)["deliberate_delay"]["party"] == verdict.overdue_party == "shop"


@pytest.mark.parametrize(
    "reason", ["not_as_described.material", "not_as_described.function", "photo_mismatch", "size_deviates"]
)
def test_r_005_goods_that_are_not_as_described_are_the_shops_cause(reason: str) -> None:
    verdict = decided(reason)
    assert verdict.fault == "shop"
    assert "return_refund" in verdict.remedies


def test_r_013_what_was_free_has_the_same_guarantees() -> None:
    assert decided("flaw", line_paid=0).remedies == decided("flaw", line_paid=10_000).remedies
    assert decided("not_working", 10, goods="three_guarantees", line_paid=0).remedies == ("exchange", "repair_free")
