"""Edits of a pack's text: one changed rule is one changed line, and what cannot be written is refused with its place."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pytest

from returns.rules.editing import examples, rows, undo, words
from returns.rules.editing.refused import EditError
from returns.rules.pack import load_pack, read_pack

FILES = load_pack("cn").files
FOUR = {(locale, reader): f"{locale} {reader} {{days}}" for locale in ("zh", "en") for reader in ("customer", "staff")}


def changed_lines(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """For each file that differs its added and removed lines."""
    out = {}
    for name in after:
        lines = difflib.unified_diff(before[name].splitlines(), after[name].splitlines(), lineterm="", n=0)
        kept = [line for line in lines if line[:2] not in ("--", "++", "@@")]
        if kept:
            out[name] = kept
    return out


def test_a_cell_is_one_changed_line_and_the_way_back_gives_the_same_bytes() -> None:
    after = rows.set_cell(FILES, "guarantee", "G01", "days_since_receipt", "<=6")
    assert [line[:4] for line in changed_lines(FILES, after)["guarantee.csv"]] == ["-G01", "+G01"]
    assert set(changed_lines(FILES, after)) == {"guarantee.csv"}
    assert read_pack(after).sha256 != read_pack(FILES).sha256
    assert rows.set_cell(after, "guarantee", "G01", "days_since_receipt", "<=7") == FILES


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        ("days_since_receipt", "9..3", "its start lies after its end"),
        ("days_since_receipt", "<=9999", "outside 0..3650"),
        ("goods", "generl", "is not a value of goods"),
        ("colour", "red", "no column colour"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_row_and_column(column: str, text: str, why: str) -> None:
    with pytest.raises(EditError, match=why) as caught:
        rows.set_cell(FILES, "guarantee", "G01", column, text)
    assert (caught.value.row, caught.value.column) == ("G01", column)


def test_an_outcome_a_layer_and_the_grounds_change_their_row_only() -> None:
    after = rows.set_outcome(FILES, "return", "R10", "payer", "buyer")
    after = rows.set_grounds(after, "return", "R11", sources=["crpl_24", "crpl_25"], mark="excerpt")
    after = rows.move_row(after, "return", "R02", 1)
    assert len(changed_lines(FILES, after)["return.csv"]) == 6
    with pytest.raises(EditError, match="one of the four layers"):
        rows.move_row(FILES, "return", "R02", 7)
    with pytest.raises(EditError, match="no column fault") as caught:
        rows.set_outcome(FILES, "return", "R10", "fault", "buyer")
    assert caught.value.row == "R10"


def test_a_row_is_added_copied_and_deleted_and_its_examples_go_with_it() -> None:
    after, new = rows.add_row(
        FILES, "guarantee", layer=0, cells={"days_since_receipt": "=7"}, said={"guarantee": "choice"}, like="G01",
        why="guarantee_choice", sources=["sanbao_9"], mark="excerpt",
    )  # fmt: skip
    assert new not in FILES["guarantee.csv"]
    assert [line[0] for line in changed_lines(FILES, after)["guarantee.csv"]] == ["+"]
    after = examples.add_example(after, f"guarantee/{new}", {"reason": "flaw", "days_since_receipt": 7})
    assert rows.delete_row(after, "guarantee", new) == FILES
    twice, other = rows.copy_row(FILES, "guarantee", "G01")
    assert rows.find_row(rows.read_table(twice, "guarantee"), other).says == (
        rows.find_row(rows.read_table(FILES, "guarantee"), "G01").says
    )
    with pytest.raises(EditError, match="Say what row"):
        rows.add_row(FILES, "guarantee", layer=0, cells={}, said={}, why="x", sources=[], mark="excerpt")


def test_the_last_row_of_a_table_stays() -> None:
    head, *body = FILES["deadlines.csv"].splitlines(keepends=True)
    single = {**FILES, "deadlines.csv": head + body[0]}
    with pytest.raises(EditError, match="the last of its table"):
        rows.delete_row(single, "deadlines", "T01")


def test_words_change_their_lines_only_and_comments_stay() -> None:
    after = words.set_words(FILES, "cause_lost", FOUR)
    assert {name: len(lines) for name, lines in changed_lines(FILES, after).items()} == {
        "words.zh.toml": 4, "words.en.toml": 4,
    }  # fmt: skip
    assert words.words_of(after, "cause_lost") == FOUR
    assert words.set_words(after, "cause_lost", words.words_of(FILES, "cause_lost")) == FILES


def test_own_words_leave_those_that_shared_them_as_they_were() -> None:
    after = words.set_own_words(FILES, "return", "R10", FOUR)
    table = rows.read_table(after, "return")
    assert words.words_of(after, rows.find_row(table, "R10").why) == FOUR
    assert words.words_of(after, "by_cause") == words.words_of(FILES, "by_cause")
    assert read_pack(after).sha256 != read_pack(FILES).sha256


@pytest.mark.parametrize(
    ("text", "why"), [("", "both languages"), ("{dayz}", "did you mean day"), ("{", "both braces"), ("x" * 501, "500")]
)
def test_words_that_nobody_could_read_are_refused(text: str, why: str) -> None:
    with pytest.raises(EditError, match=why) as caught:
        words.set_words(FILES, "cause_lost", {**FOUR, ("en", "staff"): text})
    assert caught.value.column == "staff_en"


def test_a_source_is_added_once_in_both_languages() -> None:
    new = {"kind": "law", "zh": "《电子商务法》第二十一条", "en": "E-Commerce Law, art. 21", "mark": "excerpt"}
    after = words.add_source(FILES, "ec_21", **new)
    assert read_pack(after).sources["ec_21"].zh == new["zh"]
    with pytest.raises(EditError, match="already"):
        words.add_source(after, "ec_21", **new)
    with pytest.raises(EditError, match="both languages"):
        words.add_source(FILES, "ec_22", **{**new, "zh": " "})


def test_an_example_is_added_changed_and_taken_away_and_must_be_possible() -> None:
    case = {"reason": "flaw", "days_since_receipt": 3}
    after = examples.add_example(FILES, "guarantee/G20", case)
    added = next(each for each in examples.read_examples(after) if each.facts == case and each.row == "guarantee/G20")
    assert examples.set_example(after, added.number, "guarantee/G20", case) == after
    assert examples.remove_example(after, added.number) == FILES
    with pytest.raises(EditError) as caught:
        examples.add_example(FILES, "guarantee/G20", {"reason": "flawed"})
    assert caught.value.column == "reason"
    with pytest.raises(EditError, match="not there any more"):
        examples.remove_example(FILES, 9999)


def test_an_edit_is_undone_exactly_and_not_once_its_lines_have_moved_on() -> None:
    after = words.set_own_words(FILES, "return", "R10", FOUR)
    step = undo.step_back(FILES, after)
    assert undo.undone(after, step) == FILES
    later = rows.set_outcome(after, "return", "R10", "payer", "buyer")
    assert undo.undone(later, step) is None
