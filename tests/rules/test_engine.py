"""The verdict as a record: what it pins, what it names as reasons, and facts that cannot be together."""

from typing import Any

import pytest

from returns.rules.compile import Compiled
from returns.rules.deadlines import deadlines_of
from returns.rules.engine import ImpossibleCase
from returns.rules.facts import validate
from returns.rules.language import CellError, Value
from returns.rules.pack import load_pack, read_pack
from returns.rules.text import PackError
from tests.rules.cases import decided

PACK = load_pack("cn")


def test_a_verdict_pins_pack_version_hash_semantics_and_facts() -> None:
    verdict = decided("flaw")
    assert (verdict.pack, verdict.version, verdict.semantics) == ("cn", PACK.version, "1")
    assert verdict.sha256 == PACK.sha256
    assert verdict.facts["reason"] == "flaw"
    assert verdict.facts["wish"] == "return_refund"
    assert verdict.derived["matter"] == "quality"


def test_deciding_twice_gives_the_same_record() -> None:
    assert decided("flaw").as_dict() == decided("flaw").as_dict()


def test_because_holds_only_facts_that_rows_tested_and_the_rest_is_not_relevant() -> None:
    verdict = decided("preference")
    named = {name for item in verdict.because for name in (item["fact"], *item["from"])}
    assert {"window", "intact", "days_since_receipt"} <= named
    assert "warranty" in verdict.not_relevant
    assert not named & set(verdict.not_relevant)
    for item in verdict.because:
        row = next(row for row in PACK.table(item["table"]).rows if row.id == item["row"])
        column = PACK.table(item["table"]).column(item["fact"])
        cell = row.cells[PACK.table(item["table"]).columns.index(column)]
        assert column.format(cell) == item["if"]
        assert any(low <= column.index(item["value"]) <= high for low, high in column.intervals(cell))


def test_facts_called_not_relevant_change_nothing() -> None:
    verdict = decided("carrier_loss", None, stage="lost")
    for name, other in (("intact", False), ("repairs", 9), ("exclusion", "custom_made"), ("member_abuse", True)):
        assert name in verdict.not_relevant
        changed = decided("carrier_loss", None, stage="lost", **{name: other})
        assert changed.remedies == verdict.remedies
        assert changed.freight == verdict.freight


def test_sources_are_those_of_the_rows_that_spoke() -> None:
    verdict = decided("flaw")
    assert {source["key"] for source in verdict.sources} >= {"crpl_24", "cc_566"}
    assert all(source["mark"] and source["zh"] and source["en"] for source in verdict.sources)
    assert len({source["key"] for source in verdict.sources}) == len(verdict.sources)


def test_contested_names_question_reading_and_row() -> None:
    (item,) = decided("wrong_item.size", wish="exchange").contested
    assert (item["what"], item["table"], item["row"]) == ("exchange_outbound", "outbound", "O50")
    assert item["question"]
    assert item["taken"]
    assert item["sources"]


def test_facts_that_cannot_be_together_go_to_a_person() -> None:
    files = dict(PACK.files)
    files["withdrawal.toml"] += (
        '\n[[impossible]]\nintact = "no"\nwindow = "promise"\nbecause = "no promise covers that"\n'
    )
    pack = read_pack(files)
    facts: dict[str, Any] = {"reason": "preference", "days_since_receipt": 9, "promised_days": 15}
    assert pack.decide(facts).remedies[0] == "return_refund"
    with pytest.raises(ImpossibleCase, match="no promise covers that") as caught:
        pack.decide({**facts, "intact": False})
    assert caught.value.name == "window"


def test_a_pack_may_leave_out_extras_and_periods() -> None:
    files = dict(PACK.files)
    files["pack.toml"] = files["pack.toml"].replace('each = ["extras", "deadlines"]\n', "")
    verdict = read_pack(files).decide({"reason": "preference", "days_since_receipt": 3, "freight_insurance": True})
    assert verdict.remedies == ("return_refund", "exchange")
    assert verdict.deadlines == ()
    assert verdict.deadline is None


def test_there_is_no_pack_of_that_name() -> None:
    with pytest.raises(PackError, match="is not a pack; there are cn"):
        load_pack("nowhere")


def test_a_value_a_table_does_not_know_is_an_error_and_not_a_guess() -> None:
    table: Compiled = PACK.tables["withdrawal"]
    case: dict[str, Value] = {
        "window": "never",
        "exclusion": "none",
        "exclusion_confirmed": False,
        "promised_despite_exclusion": False,
    }
    with pytest.raises(CellError, match="'never' is not a value of window in table withdrawal"):
        table.decide({**case, "intact": True})


def test_only_the_statutory_no_reason_period_moves_with_a_holiday() -> None:
    facts = validate({"reason": "preference", "days_since_receipt": 3, "holiday_shift": 2, "received_on": "2026-09-30"})
    clock = {"what": "warranty_card", "days": 7, "counted_from": "receipt", "party": "shop", "duty": True}
    (item,), overdue = deadlines_of([clock], facts)
    assert (item["days"], item["left"], item["ends"]) == (7, 4, "2026-10-07T24:00")
    assert overdue is None
