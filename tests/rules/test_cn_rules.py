"""The numbered rules of the cn pack (docs/rules.md lists them): entitlement, freight and periods, one test a rule,
named after it."""

from typing import Any

import pytest

from tests.rules.cases import NA, Legs, contested, decided, legs

LISTED: dict[str, Any] = {"goods": "three_guarantees", "warranty": "valid"}


def clocks(verdict: Any) -> dict[str, dict[str, Any]]:
    return {item["what"]: item for item in verdict.deadlines}


def test_r01_faulty_goods_are_returned_within_seven_days_then_exchanged_or_repaired() -> None:
    assert "return_refund" in decided("flaw", 7).remedies
    assert decided("flaw", 8).remedies == ("exchange", "repair_free")


def test_r02_the_shop_bears_transport_of_faulty_goods() -> None:
    for wish in ("return_refund", "exchange", "repair"):
        assert decided("flaw", wish=wish).return_leg_payer == "shop"


@pytest.mark.parametrize(("days", "fault"), [(184, "shop"), (185, "undetermined")])
def test_r06_the_shop_proves_the_cause_for_durable_goods_in_the_first_six_months(days: int, fault: str) -> None:
    assert decided("flaw", days, found_cause="undetermined", goods="durable").fault == fault
    assert decided("flaw", days, found_cause="undetermined", goods="general").fault == "undetermined"


def test_r06_in_zhejiang_the_shop_proves_it_for_as_long_as_the_three_guarantees_run() -> None:
    facts: dict[str, Any] = {"found_cause": "undetermined", **LISTED}
    assert decided("flaw", 300, **facts, shop_province="zhejiang").fault == "shop"
    assert decided("flaw", 300, **facts).fault == "undetermined"


def test_r07_certified_unqualified_goods_come_back_whenever_asked_with_reasonable_costs() -> None:
    verdict = decided("preference", 2000, certified_unqualified=True)
    assert verdict.remedies == ("return_refund", "exchange", "compensation")
    assert legs(verdict) == Legs("shop", "shop", NA)


def test_r08_fraud_triples_the_price_and_unsafe_food_makes_it_tenfold() -> None:
    fraud = decided("counterfeit", violation="fraud", line_paid=10000)
    assert fraud.amounts == {"treble_damages": 50000}
    assert decided("counterfeit", violation="fraud", line_paid=30000).amounts == {"treble_damages": 90000}
    food = decided("expired", violation="unsafe_food", goods="food", line_paid=20000)
    assert food.amounts == {"tenfold_damages": 200000}
    assert decided("expired", violation="unsafe_food", goods="food", line_paid=2000).amounts == {
        "tenfold_damages": 100000
    }
    assert decided("counterfeit", violation="fraud").amounts == {}


def test_r09_standard_terms_cannot_put_the_freight_of_faulty_goods_on_the_customer() -> None:
    terms: dict[str, Any] = {"agreement_kind": "standard_terms", "agreed_return": "buyer", "agreed_outbound": "buyer"}
    assert legs(decided("flaw", **terms)) == Legs("shop", "shop", NA)
    assert legs(decided("carrier_damage", **terms)) == Legs("shop", "shop", NA)


def test_r10_the_shop_answers_for_the_maker() -> None:
    verdict = decided("not_working", found_cause="manufacturer")
    assert verdict.fault == "manufacturer"
    assert legs(verdict) == Legs("shop", "shop", NA)


def test_r12_an_order_that_was_not_dispatched_is_refunded() -> None:
    assert decided("no_dispatch", None, stage="unshipped").remedies[0] == "refund_only"


def test_r14_a_recall_costs_the_customer_nothing() -> None:
    verdict = decided("safety_recall", 900, wish="repair")
    assert verdict.remedies == ("repair_free", "return_refund", "exchange", "compensation")
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("shop", "shop")


@pytest.mark.parametrize(
    "reason", ["wrong_item.size", "wrong_item.colour", "wrong_item.model", "wrong_item.spec", "flaw"]
)
@pytest.mark.parametrize("wish", ["return_refund", "exchange"])
def test_r20_shop_cause_all_freight_is_the_shops(reason: str, wish: str) -> None:
    verdict = decided(reason, wish=wish)
    assert verdict.fault == "shop"
    assert verdict.return_leg_payer == "shop"
    assert verdict.replacement_leg_payer in ("shop", NA)


@pytest.mark.parametrize("reason", ["carrier_damage", "carrier_soiled", "contents_short", "carrier_delay"])
def test_r21_carrier_cause_the_shop_pays_first_and_claims(reason: str) -> None:
    verdict = decided(reason)
    assert (verdict.fault, verdict.carrier_claim) == ("carrier", True)
    assert legs(verdict) == Legs("shop", "shop", NA)


def test_r21_not_when_the_customer_arranged_another_carrier_but_a_pick_from_our_list_is_ours() -> None:
    assert decided("carrier_damage", carrier_by="buyer").return_leg_payer == "buyer"
    assert not decided("carrier_damage", carrier_by="buyer").carrier_claim
    assert decided("carrier_damage", carrier_by="shop_list").carrier_claim


def test_r22_buyer_cause_the_buyer_bears_return_and_exchange() -> None:
    assert decided("wrong_choice.model").return_leg_payer == "buyer"
    verdict = decided("wrong_choice.model", wish="exchange")
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("buyer", "buyer")


@pytest.mark.parametrize("payer", ["shop", "buyer", "split"])
@pytest.mark.parametrize("reason", ["flaw", "preference", "carrier_damage", "unclear"])
def test_r23_what_both_sides_settled_comes_before_the_cause_leg_by_leg(reason: str, payer: str) -> None:
    plain, settled = decided(reason, wish="exchange"), decided(reason, wish="exchange", agreed_return=payer)
    assert settled.return_leg_payer == payer
    assert settled.outbound_leg_payer == plain.outbound_leg_payer
    assert settled.replacement_leg_payer == plain.replacement_leg_payer


def test_r23_a_settlement_below_the_law_is_said_to_be_contested() -> None:
    assert "settled_below_law" in contested(decided("flaw", agreed_return="buyer"))
    assert "settled_below_law" not in contested(decided("preference", agreed_return="split"))


def test_r24_outbound_freight_of_a_return_by_cause_and_by_how_it_was_paid() -> None:
    assert decided("flaw", outbound_freight="paid").outbound_leg_payer == "shop"
    assert decided("preference", outbound_freight="free").outbound_leg_payer == "shop"
    assert decided("preference", outbound_freight="paid").outbound_leg_payer == "buyer"


def test_r25_an_exchange_leaves_the_outbound_freight_alone_and_says_that_this_is_contested() -> None:
    verdict = decided("wrong_item.size", wish="exchange", outbound_freight="paid")
    assert verdict.outbound_leg_payer == "buyer"
    assert contested(verdict) == {"exchange_outbound"}


def test_r26_a_size_that_does_not_suit_costs_the_way_back_only_and_says_that_this_is_contested() -> None:
    verdict = decided("wrong_choice.size")
    assert legs(verdict) == Legs("shop", "buyer", NA)
    assert contested(verdict) == {"size_both_ways"}


def test_r27_a_broken_free_shipping_condition_is_deducted_only_without_reason() -> None:
    broken: dict[str, Any] = {"outbound_freight": "conditional", "threshold_broken": True}
    assert decided("preference", **broken).outbound_leg_payer == "buyer"
    assert decided("flaw", **broken).outbound_leg_payer == "shop"
    assert decided("preference", threshold_broken=True).outbound_leg_payer == "shop"


def test_r28_nobody_shown_at_fault_return_and_refund_each_pays_his_way() -> None:
    verdict = decided("unclear")
    assert verdict.remedies[0] == "return_refund"
    assert legs(verdict) == Legs("shop", "buyer", NA)


def test_r29_repair_freight_that_was_not_agreed_is_the_shops() -> None:
    verdict = decided("unclear", wish="repair")
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("shop", "shop")


@pytest.mark.parametrize(("cause", "payer"), [("shop", "shop"), ("buyer", "buyer"), ("carrier", "shop")])
def test_r30_an_agreed_exchange_follows_the_cause(cause: str, payer: str) -> None:
    verdict = decided("agreed", wish="exchange", found_cause=cause)
    assert verdict.remedies[0] == "exchange"
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == (payer, payer)


@pytest.mark.parametrize(("days", "due"), [(0, True), (1, True), (7, True), (8, False)])
def test_r32_seven_days_without_reason(days: int, due: bool) -> None:
    assert ("return_refund" in decided("preference", days).remedies) is due


@pytest.mark.parametrize("excluded", ["custom_made", "perishable", "unsealed_media", "periodicals"])
def test_r32_excluded_by_law_whether_confirmed_or_not(excluded: str) -> None:
    for confirmed in (True, False):
        verdict = decided("preference", exclusion=excluded, exclusion_confirmed=confirmed)
        assert verdict.remedies == ("goodwill_only",)


@pytest.mark.parametrize("excluded", ["unsealed_hygiene", "activated", "flawed_disclosed"])
def test_r33_excluded_only_if_confirmed_at_purchase(excluded: str) -> None:
    assert decided("preference", exclusion=excluded).remedies[0] == "return_refund"
    assert decided("preference", exclusion=excluded, exclusion_confirmed=True).remedies == ("goodwill_only",)


def test_r34_to_r36_goods_that_are_not_intact_have_no_no_reason_return_but_keep_their_other_rights() -> None:
    assert decided("preference", intact=False).remedies == ("goodwill_only",)
    assert "return_refund" in decided("flaw", intact=False).remedies


def test_r37_the_last_day_moves_with_a_holiday() -> None:
    assert decided("preference", 8, holiday_shift=1).remedies[0] == "return_refund"
    assert decided("preference", 9, holiday_shift=1).remedies == ("goodwill_only",)


def test_r37_never_refused_on_the_platforms_clock_while_the_law_still_runs_nor_the_other_way_round() -> None:
    assert decided("preference", 7, platform_window="over").remedies[0] == "return_refund"
    assert decided("preference", 9, platform_window="running").remedies[0] == "return_refund"


def test_r38_the_refund_is_due_seven_days_after_the_goods_came_back() -> None:
    on_time = decided("preference", goods_with="shop", days_since_goods_back=7, goods_back_on="2026-10-10")
    assert clocks(on_time)["refund"]["left"] == 0
    assert clocks(on_time)["refund"]["ends"] == "2026-10-17T24:00"
    assert on_time.overdue_party is None
    late = decided("preference", goods_with="shop", days_since_goods_back=8)
    assert late.overdue_party == "shop"
    assert clocks(late)["deliberate_delay"]["left"] == 7


def test_r39_the_way_back_without_reason_is_the_consumers_unless_agreed() -> None:
    assert decided("preference").return_leg_payer == "buyer"
    assert decided("preference", agreed_return="shop").return_leg_payer == "shop"


def test_r42_a_promised_no_reason_return_binds_for_excluded_goods() -> None:
    verdict = decided("preference", exclusion="perishable", promised_despite_exclusion=True)
    assert verdict.remedies[0] == "return_refund"


def test_r42_promised_days_lengthen_the_period() -> None:
    assert decided("preference", 30, promised_days=30).remedies[0] == "return_refund"
    assert decided("preference", 31, promised_days=30).remedies == ("goodwill_only",)


def test_r44_the_shop_carries_the_way_back_it_arranged() -> None:
    lost: dict[str, Any] = {"stage": "lost_returning"}
    assert decided("preference", **lost, return_pickup_by="shop").remedies == ("refund_only",)
    sent = decided("preference", **lost)
    assert sent.remedies == ("goodwill_only",)
    assert contested(sent) == {"lost_return"}
    assert decided("flaw", **lost).remedies == ("refund_only",)


@pytest.mark.parametrize(
    ("days", "remedies"),
    [
        (7, ("exchange", "return_refund", "repair_free")),
        (8, ("exchange", "repair_free")),
        (15, ("exchange", "repair_free")),
        (16, ("repair_free",)),
    ],
)
def test_r50_to_r52_three_guarantees_by_day(days: int, remedies: tuple[str, ...]) -> None:
    assert set(decided("not_working", days, **LISTED).remedies) == set(remedies)


def test_r53_two_repairs_and_still_broken_give_an_exchange() -> None:
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
def test_r54_over_thirty_days_in_repair_or_ninety_without_parts_give_an_exchange(
    facts: dict[str, int], due: bool
) -> None:
    assert ("exchange" in decided("not_working", 200, **LISTED, **facts).remedies) is due


def test_r58_depreciation_only_where_the_model_is_available() -> None:
    facts = {**LISTED, "repairs": 2, "line_paid": 100_000, "depreciation_rate": 500, "days_in_repair": 20}
    kept = decided("repair_failed", 120, **facts)
    assert kept.remedies[0] == "refund_less_depreciation"
    assert kept.amounts == {"depreciation": 5_000, "refund_less_depreciation": 95_000}
    assert decided("repair_failed", 120, **facts, same_model_available=False).remedies == ("return_refund",)


def test_r58_r65_no_depreciation_in_zhejiang() -> None:
    verdict = decided("repair_failed", 120, **LISTED, repairs=2, shop_province="zhejiang")
    assert verdict.remedies == ("return_refund", "exchange")


@pytest.mark.parametrize("warranty", ["void", "expired"])
def test_r59_repair_outside_the_warranty_is_paid(warranty: str) -> None:
    verdict = decided("not_working", 400, goods="three_guarantees", warranty=warranty)
    assert verdict.remedies == ("repair_paid",)
    assert (verdict.return_leg_payer, verdict.replacement_leg_payer) == ("buyer", "buyer")


def test_r60_goods_outside_the_list_fall_under_the_consumer_law() -> None:
    assert decided("not_working", 7, goods="durable").rows["guarantee"] == "G20"


@pytest.mark.parametrize(
    ("province", "days", "returned"), [("zhejiang", 35, False), ("zhejiang", 36, True), ("shandong", 31, True)]
)
def test_r65_provinces_that_are_stricter(province: str, days: int, returned: bool) -> None:
    verdict = decided("not_working", 200, **LISTED, days_in_repair=days, shop_province=province)
    assert ("return_refund" in verdict.remedies) is returned


def test_r65_zhejiang_lends_a_unit_after_five_days() -> None:
    facts = {**LISTED, "shop_province": "zhejiang", "wish": "repair"}
    assert "loan_unit" in decided("not_working", 100, **facts, days_in_repair=6).remedies
    assert "loan_unit" not in decided("not_working", 100, **facts, days_in_repair=5).remedies


def test_r67_a_price_promise_is_kept() -> None:
    verdict = decided("price_dropped", 5, price_promise=True, wish="partial_refund")
    assert verdict.remedies == ("price_adjust", "return_refund")


def test_r70_until_delivery_the_risk_is_the_shops() -> None:
    verdict = decided("carrier_loss", None, stage="lost", wish="reship")
    assert verdict.remedies == ("reship", "refund_only")
    assert verdict.carrier_claim


def test_r71_left_without_consent_and_never_received_counts_as_lost() -> None:
    verdict = decided("carrier_loss", 2)
    assert verdict.remedies == ("refund_only", "reship")


def test_r74_after_two_years_nothing_is_owed_for_what_could_be_seen() -> None:
    assert decided("wrong_item.size", 730).remedies[0] == "return_refund"
    assert decided("wrong_item.size", 731).remedies == ("goodwill_only",)


def test_r80_refusal_with_a_reason_costs_the_shop() -> None:
    assert legs(decided("flaw", None, stage="refused", outbound_freight="paid")) == Legs("shop", "shop", NA)


@pytest.mark.parametrize(
    ("facts", "payers"),
    [
        ({}, Legs("shop", "buyer", NA)),
        ({"outbound_freight": "paid"}, Legs("buyer", "buyer", NA)),
        ({"exclusion": "perishable"}, Legs("buyer", "buyer", NA)),
    ],
)
def test_r81_refusal_without_a_reason(facts: dict[str, str], payers: Legs) -> None:
    assert legs(decided("refused_without_reason", None, stage="refused", **facts)) == payers


def test_r82_a_refused_cash_on_delivery_parcel_is_the_shops_and_contested() -> None:
    verdict = decided("refused_without_reason", None, stage="refused", cash_on_delivery=True)
    assert legs(verdict) == Legs("shop", "shop", NA)
    assert contested(verdict) == {"cod_refusal"}


def test_r83_a_wrong_address_is_the_buyers() -> None:
    verdict = decided("wrong_address", None, stage="refused")
    assert (verdict.fault, verdict.return_leg_payer) == ("buyer", "buyer")


def test_r93_insurance_never_changes_who_is_liable() -> None:
    assert decided("preference", freight_insurance=True).return_leg_payer == "buyer"


@pytest.mark.parametrize(("difference", "extra"), [("higher", "buyer_top_up"), ("lower", "shop_pays_difference")])
def test_r95_the_price_difference_of_an_exchange_is_settled_either_way(difference: str, extra: str) -> None:
    assert extra in decided("preference", wish="exchange", price_difference=difference).remedies
    assert extra not in decided("preference", price_difference=difference).remedies


def test_r96_another_size_of_the_same_article_costs_nothing_more() -> None:
    assert decided("preference", wish="exchange").remedies == ("exchange", "return_refund")


@pytest.mark.parametrize("wish", ["return_refund", "exchange", "repair"])
def test_r98_what_was_asked_for_stands_first_and_a_refund_that_is_due_is_never_hidden(wish: str) -> None:
    verdict = decided("flaw", wish=wish)
    assert (
        verdict.remedies[0] == {"return_refund": "return_refund", "exchange": "exchange", "repair": "repair_free"}[wish]
    )
    assert verdict.requested_due
    assert "return_refund" in verdict.remedies


def test_what_is_not_due_is_not_put_first() -> None:
    verdict = decided("flaw", 20)
    assert verdict.requested == "return_refund"
    assert not verdict.requested_due
    assert verdict.remedies[0] == "exchange"


def test_a_finding_goes_before_what_was_told() -> None:
    told, found = decided("flaw"), decided("flaw", found_reason="misuse_damage")
    assert (told.fault, found.fault) == ("shop", "buyer")
    assert decided("preference", found_reason="flaw").fault == "shop"


def test_no_fault_found_within_seven_days_still_leaves_the_no_reason_return() -> None:
    verdict = decided("not_working", found_cause="buyer")
    assert verdict.remedies == ("return_refund", "exchange", "repair_paid")
    assert verdict.return_leg_payer == "buyer"


def test_the_end_of_the_no_reason_period_is_named_as_a_date() -> None:
    verdict = decided("preference", 3, received_on="2026-09-30")
    assert verdict.deadline == "2026-10-07T24:00"
    assert clocks(verdict)["no_reason_return"]["left"] == 4
    moved = decided("preference", 3, received_on="2026-09-30", holiday_shift=1)
    assert moved.deadline == "2026-10-08T24:00"


def test_proof_is_asked_for_until_it_is_there() -> None:
    assert decided("flaw").proof_wanted == "photo_or_video"
    assert decided("flaw", proof_given=True).proof_wanted is None
    assert decided("preference").proof_wanted is None
