"""The cn pack is proved, and mistakes planted in it are found, each with a case that shows it."""

from collections.abc import Callable

import pytest

from returns.rules.analysis import Finding, TableReport, contradictions, dead_rows, gaps, prove, proved, with_impossible
from returns.rules.compile import Compiled, NoRow
from returns.rules.language import Column, Impossible, Outcome, Row, Table
from returns.rules.pack import Pack, load_pack, read_pack

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
