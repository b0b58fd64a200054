"""The three guarantees (R-50 to R-67)."""

from typing import Any

import pytest

from tests.rules.cases import decided

LISTED: dict[str, Any] = {"goods": "three_guarantees", "warranty": "valid"}


@pytest.mark.parametrize(
    ("days", "remedies"),
    [
        (7, ("exchange", "return_refund", "repair_free")),
        (8, ("exchange", "repair_free")),
        (15, ("exchange", "repair_free")),
        (16, ("repair_free",)),
    ],
)
def test_r_050_r_051_r_052_three_guarantees_by_day(days: int, remedies: tuple[str, ...]) -> None:
    assert set(decided("not_working", days, **LISTED).remedies) == set(remedies)


def test_r_053_two_repairs_and_still_broken_give_an_exchange() -> None:
    assert "exchange" not in decided("repair_failed", 100, **LISTED, repairs=1).remedies
    assert decided("repair_failed", 100, **LISTED, repairs=2, wish="exchange").remedies[0] == "exchange"


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"days_in_repair": 30}, False),
        ({"days_in_repair": 31}, True),
        ({"days_waiting_parts": 90}, False),
        ({"days_waiting_parts": 91}, True),
    ],
)
def test_r_054_over_thirty_days_in_repair_or_ninety_without_parts_give_an_exchange(
    facts: dict[str, int], due: bool
) -> None:
    assert ("exchange" in decided("not_working", 200, **LISTED, **facts).remedies) is due


def test_r_058_depreciation_only_where_the_model_is_available() -> None:
    facts = {**LISTED, "repairs": 2, "line_paid": 100_000, "depreciation_rate": 500, "days_in_repair": 20}
    kept = decided("repair_failed", 120, **facts)
    assert kept.remedies[0] == "refund_less_depreciation"
    assert kept.amounts == {"depreciation": 5_000, "refund_less_depreciation": 95_000}
    assert decided("repair_failed", 120, **facts, same_model_available=False).remedies == ("return_refund",)


def test_r_058_r_065_no_depreciation_in_zhejiang() -> None:
    verdict = decided("repair_failed", 120, **LISTED, repairs=2, shop_province="zhejiang")
    assert verdict.remedies == ("return_refund", "exchange")


@pytest.mark.parametrize("warranty", ["void", "expired"])
def test_r_059_repair_outside_the_warranty_is_paid(warranty: str) -> None:
    verdict = decided("not_working", 400, goods="three_guarantees", warranty=warranty)
    assert verdict.remedies == ("repair_paid",)
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("buyer", "buyer")


def test_r_060_goods_outside_the_list_fall_under_the_consumer_law() -> None:
    assert decided("not_working", 7, goods="durable").rows["guarantee"] == "G20"


@pytest.mark.parametrize(
    ("province", "days", "returned"), [("zhejiang", 35, False), ("zhejiang", 36, True), ("shandong", 31, True)]
)
def test_r_065_provinces_that_are_stricter(province: str, days: int, returned: bool) -> None:
    verdict = decided("not_working", 200, **LISTED, days_in_repair=days, shop_province=province)
    assert ("return_refund" in verdict.remedies) is returned


def test_r_065_zhejiang_lends_a_unit_after_five_days() -> None:
    facts = {**LISTED, "shop_province": "zhejiang", "wish": "repair"}
    assert "loan_unit" in decided("not_working", 100, **facts, days_in_repair=6).remedies
    assert "loan_unit" not in decided("not_working", 100, **facts, days_in_repair=5).remedies


def test_r_067_a_price_promise_is_kept() -> None:
    verdict = decided("price_dropped", 5, price_promise=True, wish="partial_refund")
    assert verdict.remedies == ("price_adjust", "return_refund")


@pytest.mark.parametrize(
    ("warranty", "due"), [("valid", "repair_free"), ("unknown", "repair_free"), ("expired", "repair_paid")]
)
def test_r_055_the_state_of_the_warranty_is_counted_from_delivery_and_decides_the_repair(
    warranty: str, due: str
) -> None:
    assert decided("not_working", 100, goods="three_guarantees", warranty=warranty, wish="repair").remedies == (due,)


@pytest.mark.parametrize(("days", "due"), [(184, "repair_free"), (185, "repair_paid")])
def test_r_065_shanghai_keeps_a_duty_to_repair_for_six_months(days: int, due: str) -> None:
    facts: dict[str, Any] = {"goods": "three_guarantees", "warranty": "expired", "wish": "repair"}
    assert decided("not_working", days, **facts, shop_province="shanghai").remedies == (due,)
    assert decided("not_working", days, **facts).remedies == ("repair_paid",)


@pytest.mark.parametrize(("days", "due"), [(30, False), (31, True)])
def test_r_065_shandong_adds_the_costs_after_thirty_days_in_repair(days: int, due: bool) -> None:
    verdict = decided("not_working", 200, **LISTED, days_in_repair=days, shop_province="shandong")
    assert ("compensation" in verdict.remedies) is due
    assert "compensation" not in decided("not_working", 200, **LISTED, days_in_repair=days).remedies
