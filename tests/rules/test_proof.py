"""The cn pack is proved, and mistakes planted in it are found, each with a case that shows it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from returns.rules.analysis import (
    Finding,
    TableReport,
    broken_invariants,
    contradictions,
    dead_rows,
    gaps,
    prove,
    prove_table,
    proved,
    with_impossible,
)
from returns.rules.canonical import write_body, write_head
from returns.rules.compile import Compiled, NoRow
from returns.rules.language import Column, Impossible, Outcome, Row, Table
from returns.rules.pack import Pack, load_pack, read_pack, shipped
from returns.rules.text import PackError, parse_table
from returns.rules.walk import Walk
from tests.rules.large import hard

PACK = load_pack("cn")
TABLES = list(PACK.tables)
Edit = Callable[[dict[str, str]], None]


def edited(edit: Edit) -> Pack:
    files = dict(PACK.files)
    edit(files)
    return read_pack(files)


def findings(pack: Pack, kind: str) -> list[Finding]:
    return [finding for report in prove(pack) for finding in report.findings if finding.kind == kind]


def lines(files: dict[str, str], name: str) -> list[str]:
    return files[f"{name}.csv"].splitlines()


def without_row(name: str, row: str) -> Edit:
    def edit(files: dict[str, str]) -> None:
        files[f"{name}.csv"] = "\n".join(line for line in lines(files, name) if not line.startswith(f"{row},")) + "\n"

    return edit


def with_cell(name: str, row: str, column: str, cell: str) -> Edit:
    def edit(files: dict[str, str]) -> None:
        head, *body = lines(files, name)
        place = head.split(",").index(column)
        for number, line in enumerate(body):
            if line.startswith(f"{row},"):
                fields = line.split(",")
                fields[place] = cell
                body[number] = ",".join(fields)
        files[f"{name}.csv"] = "\n".join([head, *body]) + "\n"

    return edit


@pytest.mark.parametrize("report", prove(PACK), ids=lambda report: report.name)
def test_each_table_is_complete_without_contradiction_or_dead_row(report: TableReport) -> None:
    assert report.findings == ()
    assert report.by_default is not None


def test_the_default_layer_decides_little_of_cause_and_freight() -> None:
    """Complete with a catch-all says nothing, so what the catch-all decides is counted."""
    share = {report.name: (report.by_default or 0) / report.points for report in prove(PACK)}
    assert share["cause"] == 0
    assert share["replacement"] == 0
    assert share["outbound"] < 0.01
    assert share["remedies"] < 0.1


def test_a_missing_row_is_a_gap_with_a_case_that_no_row_decides_and_the_row_to_add() -> None:
    pack = edited(without_row("cause", "C22"))
    (gap,) = findings(pack, "gap")
    assert gap.table == "cause"
    assert gap.witness is not None
    assert gap.witness["matter"] == "quality"
    with pytest.raises(NoRow):
        pack.tables["cause"].decide(dict(gap.witness))
    assert gap.box is not None
    assert gap.box["matter"] == "quality"
    assert "row to add" in str(gap)


def test_a_shifted_edge_leaves_the_day_between() -> None:
    pack = edited(with_cell("guarantee", "G12", "days_since_receipt", ">=17"))
    # Day 16 falls through to the default layer, so the table stays complete; G02's edge is another matter.
    assert not findings(pack, "gap")
    pack = edited(with_cell("guarantee", "G41", "days_since_receipt", ">=732"))
    (gap,) = findings(pack, "gap")
    assert gap.witness is not None
    assert gap.witness["days_since_receipt"] == 731
    assert gap.box is not None
    assert gap.box["days_since_receipt"] == "=731"


def test_two_rows_of_one_layer_that_disagree_are_a_contradiction() -> None:
    pack = edited(with_cell("withdrawal", "W04", "intact", "*"))
    (clash,) = findings(pack, "contradiction")
    assert set(clash.rows) == {"W04", "W07"}
    assert clash.witness is not None
    assert clash.witness["intact"] is False


def test_a_disagreement_that_a_higher_layer_decides_is_none() -> None:
    column = Column("b", "bool")
    rows = (Row("A", 0, (((1, 1),),), ("x",)), Row("B", 1, (((1, 1),),), ("y",)), Row("C", 1, (None,), ("z",)))
    table = Table("t", (column,), (Outcome("o", "enum", ("x", "y", "z")),), rows)
    report = with_impossible(table)
    assert list(contradictions(report)) == []
    assert [finding.rows for finding in dead_rows(report)] == [("B", "A")]


def test_a_row_that_others_cover_together_is_dead() -> None:
    def edit(files: dict[str, str]) -> None:
        files["withdrawal.csv"] += "W99,3,*,*,*,*,*,late,late,crpl_25,verified,-\n"

    (dead,) = findings(edited(edit), "dead row")
    assert dead.rows[0] == "W99"
    assert {"W30", "W31"} <= set(dead.rows)


def test_a_value_that_the_next_table_does_not_know_breaks_the_chain() -> None:
    def edit(files: dict[str, str]) -> None:
        files["remedies.toml"] = files["remedies.toml"].replace('"goodwill_only"]', '"goodwill_only", "refuse"]')
        files["remedies.csv"] = files["remedies.csv"].replace(",goodwill_only,none_open", ",refuse,none_open")

    broken = findings(edited(edit), "broken chain")
    assert {finding.table for finding in broken} >= {"outbound", "return", "replacement"}
    assert broken[0].rows == ("Z01",)
    assert broken[0].witness == {"remedy": "refuse"}


def test_a_search_cut_short_is_not_proved_and_never_complete() -> None:
    reports = prove(PACK, budget=1)
    assert not proved(reports)
    kinds = {finding.kind for report in reports for finding in report.findings}
    assert kinds == {"not proved"}
    assert any(report.by_default is None for report in reports)


def test_a_disagreement_that_cannot_be_settled_in_time_is_not_proved() -> None:
    columns = tuple(Column(f"b{number}", "bool") for number in range(3))
    yes, any_ = ((1, 1),), None
    rows = (
        Row("A", 0, (yes, yes, any_), ("x",)),
        Row("B", 0, (yes, any_, yes), ("x",)),
        Row("C", 1, (yes, any_, any_), ("x",)),
        Row("D", 1, (any_, any_, any_), ("y",)),
    )
    table = with_impossible(Table("t", columns, (Outcome("o", "enum", ("x", "y")),), rows))
    assert [finding.kind for finding in contradictions(table)] == ["contradiction"]
    assert [finding.kind for finding in contradictions(table, budget=0)] == ["not proved"]


def test_impossible_cases_need_no_row() -> None:
    column = Column.enum("e", ("a", "b"))
    rows = (Row("A", 0, (((0, 0),),), ("x",)),)
    assert list(gaps(Compiled(Table("t", (column,), (Outcome("o", "enum", ("x",)),), rows))))
    excused = Table("t", (column,), (Outcome("o", "enum", ("x",)),), rows, (Impossible((((1, 1),),), "never b"),))
    assert not list(gaps(with_impossible(excused)))


def test_neighbouring_days_never_leave_a_gap() -> None:
    """Whole days: `<=14` and `>=15` touch, unlike in engines that know only real numbers."""
    column = Column("days", "int", (), 0, 100)
    rows = (Row("A", 0, (column.parse("<=14"),), ("x",)), Row("B", 0, (column.parse(">=15"),), ("x",)))
    assert not list(gaps(Compiled(Table("t", (column,), (Outcome("o", "enum", ("x",)),), rows))))


PROMISE = """
table = "t"

[[column]]
name = "goods"
enum = ["food", "books"]

[[column]]
name = "days"
int = [0, 30]

[[outcome]]
name = "remedy"
enum = ["repair", "exchange", "none"]

[[outcome]]
name = "back"
enum = ["shop", "buyer", "nobody"]

[[invariant]]
because = "nothing comes back where nothing is due"
if = { goods = "books", remedy = "none" }
then = { back = "not shop" }
"""
HEADER = "id,layer,goods,days,->remedy,->back,why,sources,mark,contested\n"


def promising(*rows: str) -> list[Finding]:
    table = parse_table("t", PROMISE, HEADER + "".join(f"{row},w,s,verified,-\n" for row in rows))
    assert parse_table("t", write_head(table), write_body(table)).invariants == table.invariants
    return list(broken_invariants(with_impossible(table)))


def test_a_broken_invariant_has_a_case_that_the_row_decides() -> None:
    (broken,) = promising("A,0,*,<=7,repair,shop", "Z,3,*,*,none,shop")
    assert (broken.kind, broken.rows) == ("broken invariant", ("Z",))
    assert broken.witness == {"goods": "books", "days": 8}
    assert "nothing comes back where nothing is due" in str(broken)


def test_an_invariant_holds_where_the_row_cannot_decide_against_it() -> None:
    assert promising("A,0,books,*,repair,shop", "Z,3,*,*,none,shop") == []
    assert promising("A,0,*,<=7,repair,shop", "Z,3,*,*,none,nobody") == []
    assert promising("A,0,books,<=7,repair,shop", "B,0,books,>=8,exchange,shop", "Z,3,*,*,none,shop") == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('if = { colour = "red" }', "has an invariant on something it does not know"),
        ('if = { remedy = "nothing" }', "'nothing' is not an outcome of remedy"),
        ('if = { days = ">=31" }', "is outside 0..30 of days"),
    ],
)
def test_an_invariant_on_what_the_table_does_not_have_is_refused(line: str, says: str) -> None:
    with pytest.raises(PackError, match=says):
        parse_table("t", PROMISE.replace('if = { goods = "books", remedy = "none" }', line), HEADER)
    with pytest.raises(PackError, match="without because"):
        parse_table("t", PROMISE.replace('then = { back = "not shop" }', ""), HEADER)


def test_every_pack_declares_what_its_freight_tables_promise() -> None:
    for name in shipped():
        for table in ("return", "replacement"):
            assert load_pack(name).table(table).invariants


def test_freight_against_its_promise_is_found() -> None:
    def edit(files: dict[str, str]) -> None:
        files["return.csv"] = files["return.csv"].replace(
            "not_applicable,no_way_back,shop_policy", "shop,no_way_back,shop_policy", 1
        )

    broken = findings(edited(edit), "broken invariant")
    assert {finding.rows for finding in broken} == {("R02",)}
    assert broken[0].witness is not None
    assert edited(edit).tables["return"].decide(dict(broken[0].witness)).id == "R02"


def test_a_row_below_the_law_says_which_article_decides_instead() -> None:
    def edit(files: dict[str, str]) -> None:
        files["return.csv"] += (
            "R99,2,exchange,delivered,shop,*,*,none,*,*,*,*,buyer,return_buyer,shop_policy,practice,-\n"
        )

    (dead,) = findings(edited(edit), "dead row")
    assert dead.rows == ("R99", "R10")
    assert dead.articles == ("crpl_24",)
    assert "by law: Consumer Rights Protection Law, art. 24" in str(dead)


def test_only_rows_that_decide_are_named_as_covering() -> None:
    days = Column("days", "int", (), 0, 30)
    cells = {"A": "<=7", "B": "<=9", "C": "8..30", "D": "5..20"}
    rows = tuple(Row(name, 0, (days.parse(cell),), ("x",)) for name, cell in cells.items())
    (dead,) = dead_rows(with_impossible(Table("t", (days,), (Outcome("o", "enum", ("x",)),), rows)))
    assert dead.rows == ("D", "A", "B", "C")
    later = (*rows[:3], Row("BB", 0, (days.parse("3..9"),), ("x",)), rows[3])
    found = list(dead_rows(with_impossible(Table("t", (days,), (Outcome("o", "enum", ("x",)),), later))))
    assert [finding.rows for finding in found] == [("BB", "A", "B"), ("D", "A", "B", "C")]


def test_a_gap_that_cannot_be_counted_in_time_is_still_shown() -> None:
    table = hard(12, 3)
    compiled = with_impossible(replace(table, rows=table.rows[:100]))
    search = Walk(compiled)
    assert search.uncovered(compiled.full)
    (cut,) = gaps(compiled, budget=search.states + 1)
    assert cut.kind == "gap"
    assert "at least" in cut.why
    with pytest.raises(NoRow):
        compiled.decide(dict(cut.witness or {}))


def test_the_hard_family_ends_in_not_proved_and_never_in_complete() -> None:
    """Exact search grows exponentially here; 24 columns are beyond its budget."""
    for seed in range(3):
        table = hard(24, seed)
        report = prove_table(table, budget=20_000)
        kinds = [finding.kind for finding in report.findings if not finding.rows]
        assert kinds == ["not proved"], seed
        assert not proved((report,))
        assert report.by_default is None
