"""The seven-day no-reason return (R-32 to R-44)."""

from typing import Any

import pytest

from tests.rules.cases import clocks, contested, decided


@pytest.mark.parametrize(("days", "due"), [(0, True), (1, True), (7, True), (8, False)])
def test_r_032_seven_days_without_reason(days: int, due: bool) -> None:
    assert ("return_refund" in decided("preference", days).remedies) is due


@pytest.mark.parametrize("excluded", ["custom_made", "perishable", "unsealed_media", "periodicals"])
def test_r_032_excluded_by_law_whether_confirmed_or_not(excluded: str) -> None:
    for confirmed in (True, False):
        verdict = decided("preference", exclusion=excluded, exclusion_confirmed=confirmed)
        assert verdict.remedies == ("goodwill_only",)


@pytest.mark.parametrize("excluded", ["unsealed_hygiene", "activated", "flawed_disclosed"])
def test_r_033_excluded_only_if_confirmed_at_purchase(excluded: str) -> None:
    assert decided("preference", exclusion=excluded).remedies[0] == "return_refund"
    assert decided("preference", exclusion=excluded, exclusion_confirmed=True).remedies == ("goodwill_only",)


def test_r_034_r_035_r_036_goods_that_are_not_intact_have_no_no_reason_return_but_keep_their_other_rights() -> None:
    assert decided("preference", intact=False).remedies == ("goodwill_only",)
    assert "return_refund" in decided("flaw", intact=False).remedies


def test_r_037_the_last_day_moves_with_a_holiday() -> None:
    assert decided("preference", 8, holiday_shift=1).remedies[0] == "return_refund"
    assert decided("preference", 9, holiday_shift=1).remedies == ("goodwill_only",)


def test_r_037_never_refused_on_the_platforms_clock_while_the_law_still_runs_nor_the_other_way_round() -> None:
    assert decided("preference", 7, platform_window="over").remedies[0] == "return_refund"
    assert decided("preference", 9, platform_window="running").remedies[0] == "return_refund"


def test_r_038_the_refund_is_due_seven_days_after_the_goods_came_back() -> None:
    on_time = decided("preference", goods_with="shop", days_since_goods_back=7, goods_back_on="2026-10-10")
    assert clocks(on_time)["refund"]["left"] == 0
    assert clocks(on_time)["refund"]["ends"] == "2026-10-17T24:00"
    assert on_time.overdue_party is None
    late = decided("preference", goods_with="shop", days_since_goods_back=8)
    assert late.overdue_party == "shop"
    assert clocks(late)["deliberate_delay"]["left"] == 7


def test_r_039_the_way_back_without_reason_is_the_consumers_unless_agreed() -> None:
    assert decided("preference").return_leg_payer == "buyer"
    assert decided("preference", agreed_return="shop").return_leg_payer == "shop"


def test_r_042_a_promised_no_reason_return_binds_for_excluded_goods() -> None:
    verdict = decided("preference", exclusion="perishable", promised_despite_exclusion=True)
    assert verdict.remedies[0] == "return_refund"


def test_r_042_promised_days_lengthen_the_period() -> None:
    assert decided("preference", 30, promised_days=30).remedies[0] == "return_refund"
    assert decided("preference", 31, promised_days=30).remedies == ("goodwill_only",)


def test_r_044_the_shop_carries_the_way_back_it_arranged() -> None:
    lost: dict[str, Any] = {"stage": "lost_returning"}
    assert decided("preference", **lost, return_pickup_by="shop").remedies == ("refund_only",)
    sent = decided("preference", **lost)
    assert sent.remedies == ("goodwill_only",)
    assert contested(sent) == {"lost_return"}
    assert decided("flaw", **lost).remedies == ("refund_only",)


@pytest.mark.parametrize(
    ("reason", "kept", "due"),
    [("preference", True, True), ("preference", False, False), ("flaw", True, False), ("carrier_damage", True, False)],
)
@pytest.mark.parametrize("province", ["other", "zhejiang", "shanghai", "shandong"])
def test_r_041_a_gift_comes_back_too_but_never_on_a_return_for_a_fault(
    reason: str, kept: bool, due: bool, province: str
) -> None:
    verdict = decided(reason, gift_kept=kept, shop_province=province)
    assert ("gift_back" in verdict.remedies) is due
    assert "return_refund" in verdict.remedies
