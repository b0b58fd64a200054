"""What no single rule says: order, findings, dates, proof. The numbered rules are in `domain`."""

from tests.rules.cases import clocks, decided


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
