"""A draft cannot take away what the law gives: it is refused with the article and a case."""

from collections.abc import Callable
from functools import partial

import pytest

from returns.rules import statute
from returns.rules.language import Row
from returns.rules.pack import Pack, load_pack, read_pack
from returns.rules.statute import Weakening, is_worse, weakened
from tests.rules.small import all_cases, edited_table, first_row, is_impossible, random_table
from tests.rules.soundness import pack_of

PACK = load_pack("cn")


def draft(edit: Callable[[dict[str, str]], None]) -> Pack:
    files = dict(PACK.files)
    edit(files)
    return read_pack(files)


def with_text(file: str, old: str, new: str) -> Pack:
    assert old in PACK.files[file]
    return draft(lambda files: files.update({file: files[file].replace(old, new, 1)}))


def row_of(name: str, row: str) -> str:
    return next(line for line in PACK.files[f"{name}.csv"].splitlines() if line.startswith(f"{row},"))


def decide(pack: Pack, found: Weakening) -> Row:
    assert found.witness is not None
    return pack.tables[found.table].decide(dict(found.witness))


def test_the_same_rules_weaken_nothing() -> None:
    assert weakened(PACK, PACK) == ()


def test_a_law_moved_to_a_lower_layer_is_refused_with_its_article_and_a_case() -> None:
    moved = with_text("return.csv", "\nR10,0,", "\nR10,2,")
    found = weakened(PACK, moved)
    assert {(law.table, law.rows[0]) for law in found} == {("return", "R10")}
    (law,) = found
    assert [source.key for source in law.article] == ["crpl_24"]
    assert law.before == "shop"
    assert decide(PACK, law).id == "R10"
    assert decide(moved, law).layer > 0
    assert law.points > 0
    assert "Consumer Rights Protection Law, art. 24" in str(law)
    assert law.as_dict()["article"][0]["key"] == "crpl_24"


def test_an_outcome_made_worse_is_refused() -> None:
    row = row_of("return", "R10")
    worse = with_text("return.csv", row, row.replace(",shop,by_cause", ",buyer,by_cause"))
    (law,) = weakened(PACK, worse)
    assert (law.before, law.after, law.rows) == ("shop", "buyer", ("R10", "R10"))


def test_an_outcome_made_better_is_allowed() -> None:
    row = row_of("return", "R12")
    assert (
        weakened(PACK, with_text("return.csv", row, row.replace(",buyer,return_no_reason", ",shop,return_no_reason")))
        == ()
    )


def test_a_shorter_time_is_refused_for_the_days_taken_away() -> None:
    row = row_of("guarantee", "G01")
    shorter = with_text("guarantee.csv", row, row.replace("<=7", "<=5"))
    found = [law for law in weakened(PACK, shorter) if law.rows[0] == "G01"]
    assert [law.table for law in found] == ["guarantee"]
    assert (found[0].witness or {})["days_since_receipt"] in (6, 7)


def test_a_lower_layer_may_say_what_it_likes_below_the_law() -> None:
    generous = row_of("return", "R33").replace("R33,2", "R00,1").replace(",buyer,return_buyer", ",shop,return_buyer")
    assert (
        weakened(PACK, draft(lambda files: files.update({"return.csv": files["return.csv"] + generous + "\n"}))) == ()
    )


def test_an_impossible_box_over_the_law_is_refused() -> None:
    box = '\n[[impossible]]\nremedy = "exchange"\nbecause = "we do not exchange"\n'
    found = weakened(PACK, draft(lambda files: files.update({"return.toml": files["return.toml"] + box})))
    assert {law.after for law in found} == {"impossible"}


def test_what_rested_on_a_law_that_has_ended_may_go() -> None:
    row = row_of("return", "R13")

    def repeal(files: dict[str, str], ended: str) -> None:
        files["return.csv"] = files["return.csv"].replace(row + "\n", "")
        files["sources.toml"] += '\n[old_law]\nkind = "law"\nzh = "旧法"\nen = "An old law"\nmark = "verified"\n'
        files["sources.toml"] += f'valid_to = "{ended}"\n' if ended else ""

    base_files = dict(PACK.files)
    base_files["return.csv"] = base_files["return.csv"].replace(row, row.replace("crpl_24", "old_law"))
    base_files["sources.toml"] += '\n[old_law]\nkind = "law"\nzh = "旧法"\nen = "An old law"\nmark = "verified"\n'
    base = read_pack(base_files)
    assert weakened(base, draft(lambda files: repeal(files, "2025-12-31"))) == ()
    for still in ("2026-01-01", ""):  # the draft takes effect on 2026-01-01
        kept = draft(partial(repeal, ended=still))
        assert [law.rows[0] for law in weakened(base, kept)] == ["R13"]


def test_smaller_damages_are_refused_with_the_law_behind_them() -> None:
    for old, new, key in (("times = 3", "times = 2", "times"), ("at_least = 50000", "at_least = 100", "at_least")):
        (law,) = weakened(PACK, with_text("pack.toml", old, new))
        assert law.rows == ("treble_damages",)
        assert law.before.startswith(key)
        assert [source.key for source in law.article] == ["crpl_55"]
    assert weakened(PACK, with_text("pack.toml", "times = 3", "times = 4")) == ()


def test_a_shorter_period_for_a_return_without_a_reason_is_refused() -> None:
    for line, key in (("no_reason_days = 6", "no_reason_days"), ("moves_with_holidays = false", "moves_with_holidays")):
        (law,) = weakened(PACK, draft(partial(with_head, line)))
        assert law.rows == (key,)
    assert weakened(PACK, draft(partial(with_head, "no_reason_days = 8"))) == ()


def with_head(line: str, files: dict[str, str]) -> None:
    files["pack.toml"] = f"{line}\n{files['pack.toml']}"


def test_a_search_cut_short_is_not_proved_and_not_allowed() -> None:
    found = weakened(PACK, with_text("return.csv", "\nR10,0,", "\nR10,2,"), budget=0)
    assert [(law.table, law.not_proved) for law in found] == [("return", True)]


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ("shop", "split", True), ("split", "shop", False), ("buyer", "split", False), ("shop", "not_applicable", True),
        ("not_applicable", "buyer", True),
    ],
)  # fmt: skip
def test_payers_have_an_order(before: str, after: str, worse: bool) -> None:
    assert is_worse(PACK.table("return").outcomes, (before,), (after,)) is worse


def test_remedies_may_be_added_and_not_taken_away() -> None:
    outcomes = PACK.table("remedies").outcomes
    assert not is_worse(outcomes, (("exchange",),), (("return_refund", "exchange"),))
    assert is_worse(outcomes, (("exchange", "return_refund"),), (("exchange",),))


def test_against_looking_at_every_case() -> None:
    """In these tables any other outcome counts as worse, so: law before, and not the same outcome by law after."""
    refused = 0
    for seed in range(150):
        old = random_table(seed)
        new = edited_table(old, seed)
        expected: dict[str, int] = {}
        for case in all_cases(old):
            before = None if is_impossible(old, case) else first_row(old, case)
            after = None if is_impossible(new, case) else first_row(new, case)
            if before and before.layer == 0 and (not after or after.layer > 0 or after.outcome != before.outcome):
                expected[before.id] = expected.get(before.id, 0) + 1
        found = weakened(pack_of(old), pack_of(new))
        assert {law.rows[0]: law.points for law in found} == expected, seed
        refused += bool(expected)
    assert refused > 30


def test_the_order_of_payers_has_every_payer_that_can_be_compared() -> None:
    assert set(statute.PAYERS) == set(PACK.table("return").outcomes[0].values) - {"not_applicable"}
