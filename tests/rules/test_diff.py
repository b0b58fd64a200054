"""What an edit changes is told exactly: the cases, how many, from what to what, and a case to look at."""

import json
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from returns.rules.compile import Compiled
from returns.rules.diff import diff_packs, diff_tables
from returns.rules.language import Column, Impossible, Outcome, Row, Table, Value
from returns.rules.pack import PACKS, Pack, load_pack, read_pack
from tests.rules.large import layered, one_row_edit, partition
from tests.rules.small import admits
from tests.rules.test_commands import run

PACK = load_pack("cn")
DAYS = Column("days", "int", (), 0, 100)
SHOP = Column.enum("shop", ("north", "south"))
PAYER = Outcome("payer", "enum", ("shop", "buyer"))


def table(*rows: tuple[str, int, str, str, str], columns: tuple[Column, ...] = (DAYS, SHOP)) -> Table:
    """Rows as (id, layer, days, shop, payer)."""
    return Table(
        "t",
        columns,
        (PAYER,),
        tuple(
            Row(name, layer, tuple(column.parse(cell) for column, cell in zip(columns, cells, strict=True)), (payer,))
            for name, layer, *cells, payer in rows
        ),
    )


WINDOW = table(("A", 0, "<=7", "*", "shop"), ("B", 0, ">=8", "*", "buyer"))


def changed(edit: Callable[[dict[str, str]], None]) -> Pack:
    files = dict(PACK.files)
    edit(files)
    return read_pack(files)


def unchanged(files: dict[str, str]) -> None:
    pass


def test_nothing_changed_is_nothing() -> None:
    diff = diff_packs(PACK, changed(unchanged))
    assert diff.is_empty
    assert not diff.changes_decisions
    assert diff.points == 0


def test_a_longer_window_turns_exactly_the_days_between() -> None:
    diff = diff_tables(WINDOW, table(("A", 0, "<=14", "*", "shop"), ("B", 0, ">=15", "*", "buyer")))
    (box,) = diff.boxes
    assert (diff.points, diff.of) == (14, 202)
    assert box.cells == {"days": "8..14"}
    assert (str(box.before), str(box.after)) == ("buyer (B)", "shop (A)")
    assert box.witness == {"days": 8, "shop": "north"}
    assert diff.by_outcome == {("buyer", "shop"): 14}
    assert diff.rows_changed == ("A", "B")


def test_a_narrowed_row_hands_its_cases_to_a_later_one_without_a_gap() -> None:
    """Completeness cannot see this: the table is as complete as before."""
    old = table(("A", 1, "<=7", "*", "shop"), ("Z", 3, "*", "*", "buyer"))
    diff = diff_tables(old, table(("A", 1, "<=7", "north", "shop"), ("Z", 3, "*", "*", "buyer")))
    (box,) = diff.boxes
    assert (box.cells, diff.points) == ({"days": "<=7", "shop": "south"}, 8)
    assert (box.after.row, box.after.layer) == ("Z", 3)


def test_a_lost_row_leaves_no_row_and_a_new_box_is_impossible() -> None:
    (box,) = diff_tables(WINDOW, table(("A", 0, "<=7", "*", "shop"))).boxes
    assert (box.after.says, box.after.row, box.points) == ("no row", "", 186)
    refused = replace(WINDOW, impossible=(Impossible((((0, 0),), None), "same day is another matter"),))
    (box,) = diff_tables(WINDOW, refused).boxes
    assert (box.cells, box.after.says) == ({"days": "=0"}, "impossible")


def test_another_row_with_the_same_outcome_is_no_change_of_decision() -> None:
    diff = diff_tables(
        WINDOW, table(("A", 0, "<=3", "*", "shop"), ("C", 0, "4..7", "*", "shop"), ("B", 0, ">=8", "*", "buyer"))
    )
    assert diff.points == 0
    assert not diff.is_empty
    assert (diff.rows_added, diff.rows_changed) == (("C",), ("A",))


def test_a_row_moved_below_another_layer_gives_way() -> None:
    old = table(("A", 0, "<=7", "*", "shop"), ("C", 1, "<=30", "*", "buyer"), ("Z", 3, "*", "*", "shop"))
    diff = diff_tables(old, replace(old, rows=tuple(replace(r, layer=2) if r.id == "A" else r for r in old.rows)))
    assert diff.by_outcome == {("shop", "buyer"): 16}


def test_a_column_more_is_any_on_the_other_side() -> None:
    old = table(("A", 0, "<=7", "shop"), ("B", 0, ">=8", "buyer"), columns=(DAYS,))  # type: ignore[arg-type]
    new = table(("A", 0, "<=7", "north", "shop"), ("Z", 3, "*", "*", "buyer"))
    for one, two, kind in ((old, new, "column added"), (new, old, "column gone")):
        diff = diff_tables(one, two)
        assert [str(change) for change in diff.domain] == [f"{kind}: shop"]
        assert (diff.points, diff.of) == (8, 202)
        assert diff.boxes[0].cells == {"days": "<=7", "shop": "south"}


def test_values_and_days_that_only_one_side_knows_are_told_and_not_counted() -> None:
    wide = replace(DAYS, hi=200)
    more = Column.enum("shop", ("south", "east", "north"))
    rows = (("A", 0, "<=7", "not east", "shop"), ("C", 0, "<=7", "east", "buyer"), ("B", 0, ">=8", "*", "buyer"))
    diff = diff_tables(WINDOW, table(*rows, columns=(wide, more)))
    assert diff.points == 0
    assert diff.of == 202
    assert [str(change) for change in diff.domain] == [
        "range changed: days (0..100, 0..200)",
        "values added: shop (east)",
    ]
    assert not diff.is_empty


def test_a_column_of_another_kind_is_another_column() -> None:
    flag = Column("shop", "bool")
    diff = diff_tables(
        WINDOW, table(("A", 0, "<=7", "*", "shop"), ("B", 0, ">=8", "yes", "buyer"), columns=(DAYS, flag))
    )
    assert "kind changed: shop (enum, bool)" in [str(change) for change in diff.domain]
    assert diff.points == 93 * 2


def test_a_search_cut_short_is_not_proved_and_never_no_change() -> None:
    old = layered(200, 12, 1)
    new = replace(old, rows=tuple(replace(row, outcome=old.rows[-1].outcome) for row in old.rows))
    diff = diff_tables(old, new, budget=3)
    assert (diff.not_proved, diff.points, diff.is_empty) == (True, 0, False)
    assert diff_packs(PACK, changed(without_crpl_24), budget=0).changes_decisions


def without_crpl_24(files: dict[str, str]) -> None:
    """A change of decisions: the shop no longer bears the way back of its own faults by law."""
    files["return.csv"] = files["return.csv"].replace("\nR10,0,", "\nR10,3,")


@pytest.mark.parametrize("make", [partition, layered])
def test_no_change_of_a_large_table_goes_unreported(make: Callable[[int, int, int], Table]) -> None:
    """The walk against deciding: of sampled cases those inside a box turn as it says, and all others do not turn."""
    rnd = random.Random(4)
    turned = 0
    for seed in range(12):
        old = make(300, 12, seed)
        new = one_row_edit(old, seed)
        diff = diff_tables(old, new)
        one, two = Compiled(old), Compiled(new)
        near = [row.cells for row in {*old.rows} ^ {*new.rows}]
        for _ in range(300):
            aim = rnd.choice(near) if near else (None,) * len(old.columns)
            case: dict[str, Value] = {}
            for column, cell in zip(old.columns, aim, strict=True):
                low, high = rnd.choice(column.intervals(cell if rnd.random() < 0.95 else None))
                case[column.name] = column.value(rnd.randint(low, high))
            before, after = (rows.table.rows[(m & -m).bit_length() - 1].outcome if m else None
                             for rows, m in ((one, one.matching(case)), (two, two.matching(case))))  # fmt: skip
            inside = [box for box in diff.boxes if holds(old, box.cells, case)]
            assert len(inside) == (before != after) or diff.more, seed
            turned += len(inside)
    assert turned > 10


def holds(of: Table, cells: Mapping[str, str], case: dict[str, Value]) -> bool:
    return admits(of, tuple(column.parse(cells.get(column.name, "*")) for column in of.columns), case)


def test_words_sources_and_sums_are_told_apart_from_decisions() -> None:
    def edit(files: dict[str, str]) -> None:
        files["words.en.toml"] = files["words.en.toml"].replace("by_cause = ", 'by_cause = "Indeed."\n# ', 1)
        files["sources.toml"] = files["sources.toml"].replace("art. 24", "article 24", 1)
        files["return.csv"] = files["return.csv"].replace(
            "no_leg,shop_policy,practice", "no_leg,shop_policy,unverified"
        )

    diff = diff_packs(PACK, changed(edit))
    assert diff.points == 0
    assert not diff.changes_decisions
    assert any("by_cause" in words for words in diff.words)
    assert diff.sources == ("crpl_24",)
    assert diff.rows_reworded == ("return/R90",)
    assert not diff.is_empty

    def sums(files: dict[str, str]) -> None:
        files["pack.toml"] = files["pack.toml"].replace("times = 3", "times = 2")

    assert diff_packs(PACK, changed(sums)).head == ("amount",)
    assert diff_packs(PACK, changed(sums)).changes_decisions


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    shutil.copytree(PACKS / "cn", folder)
    return folder


def test_the_command_counts_first_shows_boxes_and_says_in_its_exit_code_what_it_found(mine: Path) -> None:
    out, err, code = run("rules_diff", "cn", str(mine))
    assert out.splitlines() == ["0 cases are decided otherwise, in 0 tables"]
    assert (err, code) == ("", 0)
    file = mine / "withdrawal.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace(",late,late,", ",yes,late,"),
        encoding="utf-8",
    )
    out, err, code = run("rules_diff", "cn", str(mine))
    diff = diff_packs(
        PACK,
        read_pack({path.name: path.read_text(encoding="utf-8") for path in mine.iterdir() if path.suffix != ".jsonl"}),
    )
    assert out.startswith(f"{diff.points:,} cases are decided otherwise, in 1 tables")
    assert diff.points > 0
    assert "late -> yes" in out
    assert "for example window=" in out
    assert code == 1
    out, _, code = run("rules_diff", "cn", str(mine), "--json")
    assert json.loads(out)["points"] == diff.points
    assert code == 1


def test_the_command_says_which_pack_it_cannot_read(mine: Path) -> None:
    out, err, code = run("rules_diff", "cn", "nowhere")
    assert ("nowhere: is neither a shipped pack" in err, code, out) == (True, 2, "")
    (mine / "return.toml").unlink()
    _, err, code = run("rules_diff", str(mine), "cn")
    assert ("return.toml: is missing from the pack" in err, code) == (True, 2)
