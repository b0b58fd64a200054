"""The state of one table while somebody edits it."""

from __future__ import annotations

from returns.rules.editing import rows, words
from returns.rules.editing.examples import read_examples
from returns.rules.live import look
from returns.rules.pack import load_pack, read_pack
from returns.rules.rehearsal import rehearse

PACK = load_pack("cn")
FILES = PACK.files


def test_every_shipped_table_is_sound() -> None:
    assert [name for name in PACK.tables if not look(FILES, name, PACK.effective).proved] == []


def test_a_narrowed_row_leaves_a_gap_whose_row_closes_it() -> None:
    narrowed = rows.set_cell(FILES, "withdrawal", "W04", "intact", "no")
    state = look(narrowed, "withdrawal")
    assert not state.proved
    assert state.gaps
    files = narrowed
    for _ in range(len(state.gaps)):
        gap = look(files, "withdrawal").gaps[0]
        like = rows.find_row(state.table, gap.like)
        said = {out.name: out.format(value) for out, value in zip(state.table.outcomes, like.outcome, strict=True)}
        files, _new = rows.add_row(
            files, "withdrawal", layer=like.layer, cells=gap.cells, said=said, why=like.why, sources=like.sources,
            mark=like.mark, like=like.id,
        )  # fmt: skip
    assert look(files, "withdrawal").gaps == ()


def test_a_contradiction_names_the_other_row_a_case_and_the_layer_that_settles_it() -> None:
    files = rows.set_cell(FILES, "guarantee", "G02", "days_since_receipt", "7..15")
    state = look(files, "guarantee")
    (problem,) = state.problems["G01"]
    assert (problem.kind, problem.rows) == ("contradiction", ("G02",))
    assert problem.witness is not None
    assert problem.witness["days_since_receipt"] == 7
    assert problem.ways
    for row, layer in problem.ways:
        assert look(rows.move_row(files, "guarantee", row, layer), "guarantee").proved


def test_a_row_under_the_law_is_dead_and_the_article_is_named() -> None:
    copied, new = rows.copy_row(FILES, "guarantee", "G01")
    files = rows.set_outcome(rows.move_row(copied, "guarantee", new, 2), "guarantee", new, "guarantee", "paid")
    (problem,) = look(files, "guarantee").problems[new]
    assert problem.kind == "dead"
    assert "G01" in problem.rows
    assert "sanbao_9" in {source.key for source in problem.articles}


def test_a_row_against_a_promise_of_its_table_is_told_with_a_case() -> None:
    promise = """
[[invariant]]
because = "listed goods are never repaired for a fee"
if = { goods = "three_guarantees" }
then = { guarantee = "not paid" }
"""
    files = {**FILES, "guarantee.toml": FILES["guarantee.toml"] + promise}
    files = rows.set_outcome(files, "guarantee", "G01", "guarantee", "paid")
    state = look(files, "guarantee")
    assert not state.proved
    broken = [each for each in state.problems["G01"] if each.kind == "broken invariant"]
    assert broken[0].names == ("listed goods are never repaired for a fee",)
    assert broken[0].witness is not None
    assert broken[0].witness["goods"] == "three_guarantees"


def test_missing_words_and_unknown_or_ended_sources_are_told_at_their_row() -> None:
    files = rows.set_why(FILES, "guarantee", "G01", "brand_new")
    files = rows.set_grounds(files, "guarantee", "G02", sources=["nowhere"], mark="excerpt")
    files = words.add_source(files, "old", kind="law", zh="旧法", en="Old law", mark="excerpt", valid_to="2020-01-01")
    files = rows.set_grounds(files, "guarantee", "G03", sources=["old"], mark="verified")
    found = look(files, "guarantee", "2026-01-01").problems
    assert [(each.kind, each.names) for each in found["G01"]] == [
        ("missing words", ("customer_zh", "staff_zh", "customer_en", "staff_en"))
    ]
    assert [(each.kind, each.names) for each in found["G02"]] == [("unknown source", ("nowhere",))]
    assert [each.kind for each in found["G03"]] == ["source out of date", "overclaimed"]


def test_a_search_that_is_cut_short_is_not_called_proved() -> None:
    state = look(FILES, "remedies", budget=3)
    assert state.not_proved
    assert not state.proved


def test_examples_tell_which_of_them_a_change_turns() -> None:
    files = rows.set_outcome(FILES, "return", "R10", "payer", "buyer")
    seen = list(rehearse(PACK, read_pack(files), read_examples(files)))
    turned = [each for each in seen if each.changed]
    assert turned
    assert all(each.holds for each in seen)
    assert not any(each.changed for each in rehearse(PACK, PACK, read_examples(FILES)))


def test_an_example_that_goes_to_another_row_does_not_hold() -> None:
    files = rows.set_cell(FILES, "withdrawal", "W04", "intact", "no")
    seen = [
        each for each in rehearse(PACK, read_pack(files), read_examples(files)) if each.example.row == "withdrawal/W04"
    ]
    assert seen
    assert all(not each.holds and each.after is None and "no row" in each.why for each in seen)
