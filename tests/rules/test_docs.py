"""The pages on rules and facts are true: their worked tables run, and they name what the program knows."""

from pathlib import Path

import pytest

from returns.rules.analysis import prove_table
from returns.rules.derive import derived_vocabulary
from returns.rules.diff import diff_tables
from returns.rules.facts import vocabulary
from returns.rules.language import Column, Outcome, Row, Table
from returns.rules.pack import load_pack
from returns.rules.reasons import reasons
from returns.rules.text import FIXED, TAIL
from returns.rules.undecided import possible
from returns.rules.why_not import Goal, why_not

DOCS = Path(__file__).parents[2] / "docs"
RULES = (DOCS / "rules.md").read_text(encoding="utf-8")
FACTS = (DOCS / "facts.md").read_text(encoding="utf-8")
NA = "not_applicable"


def worked_cases() -> list[list[str]]:
    return lines_of("facts")


def lines_of(first: str) -> list[list[str]]:
    """The lines of every table on docs/rules.md that begins with this column."""
    out: list[list[str]] = []
    inside = False
    for line in RULES.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith(f"| {first} |"):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("| ---"):
            out.append(cells)
    return out


def facts_of(text: str) -> dict[str, object]:
    facts: dict[str, object] = {}
    for pair in text.split():
        name, value = pair.split("=")
        name = {"days": "days_since_receipt"}.get(name, name)
        kind = vocabulary()[name].kind
        facts[name] = value == "yes" if kind == "bool" else int(value) if kind == "int" else value
    return facts


@pytest.mark.parametrize("line", worked_cases(), ids=lambda line: line[0])
def test_worked_case(line: list[str]) -> None:
    text, fault, remedies, payers, claim = line
    verdict = load_pack("cn").decide(facts_of(text))
    assert verdict.fault == fault
    assert ", ".join(verdict.remedies) == remedies
    legs = [verdict.outbound_leg_payer, verdict.return_leg_payer, verdict.replacement_leg_payer]
    assert legs == [NA if payer.strip() == "-" else payer.strip() for payer in payers.split("/")]
    assert verdict.carrier_claim is (claim == "yes")


LITTLE = (Column("days", "int", (), 0, 100), Column.enum("shop", ("north", "south")))


def little_table(text: str) -> Table:
    """A table of docs/rules.md from its rows, `id layer days shop payer` each."""
    rows = []
    for row in text.split(";"):
        name, layer, days, shop, payer = row.split()
        cells = (LITTLE[0].parse(days), LITTLE[1].parse(shop))
        rows.append(Row(name, int(layer), cells, (payer,), sources=(name,)))
    return Table("little", LITTLE, (Outcome("payer", "enum", ("shop", "buyer")),), tuple(rows))


@pytest.mark.parametrize("line", lines_of("before"), ids=lambda line: line[1])
def test_worked_diff(line: list[str]) -> None:
    before, after, turned, box, turn = line
    diff = diff_tables(little_table(before), little_table(after))
    assert f"{diff.points} of {diff.of}" == turned
    boxes = [", ".join(f"{name} {text}" for name, text in found.cells.items()) for found in diff.boxes]
    assert boxes == ([] if box == "-" else [box])
    assert [f"{found.before} -> {found.after}" for found in diff.boxes] == ([] if turn == "-" else [turn])


@pytest.mark.parametrize("line", lines_of("case"), ids=lambda line: f"{line[0]} {line[1]}")
def test_worked_why_not(line: list[str]) -> None:
    text, wanted, audience, needs = line
    leg, _, payer = wanted.rpartition("=")
    goal = Goal(leg=leg, payer=payer) if leg else Goal(wanted)
    answer = why_not(load_pack("cn"), facts_of(text), goal, audience=audience)
    changes = [{change.fact: change.becomes for change in way.changes} for way in answer.ways]
    assert not answer.met
    assert (facts_of(needs) in changes) if needs != "-" else changes == []


@pytest.mark.parametrize("line", lines_of("known"), ids=lambda line: f"{line[0]} {line[1]}")
def test_worked_open_facts(line: list[str]) -> None:
    text, unknown, outcomes, ask = line
    answer = possible(load_pack("cn"), facts_of(text), unknown.split())
    assert len(answer.outcomes) == int(outcomes)
    assert [question.fact for question in answer.questions] == ([] if ask == "-" else ask.split())


@pytest.mark.parametrize("line", lines_of("rows"), ids=lambda line: line[0])
def test_worked_proof(line: list[str]) -> None:
    rows, expected = line
    said = []
    for finding in prove_table(little_table(rows)).findings:
        if finding.kind == "gap":
            box = " ".join(f"{name} {text}" for name, text in (finding.box or {}).items())
            said.append(f"gap: {finding.why}; row to add: {box}")
        elif finding.kind == "contradiction":
            case = " ".join(f"{name}={value}" for name, value in (finding.witness or {}).items())
            said.append(f"contradiction: {' '.join(finding.rows)} at {case}")
        else:
            first, *others = finding.rows
            said.append(f"{finding.kind}: {first} decided by {' '.join(others)}, law {' '.join(finding.articles)}")
    assert said == ([] if expected == "-" else [expected])


@pytest.mark.parametrize("pack", ["eu", "uk"])
@pytest.mark.parametrize("line", lines_of("in eu and uk"), ids=lambda line: line[0])
def test_worked_case_elsewhere(line: list[str], pack: str) -> None:
    verdict = load_pack(pack).decide(facts_of(line[0]))
    remedies, payers = line[1 if pack == "eu" else 2].split(";")
    assert ", ".join(verdict.remedies) == remedies
    legs = [verdict.outbound_leg_payer, verdict.return_leg_payer, verdict.replacement_leg_payer]
    assert legs == [NA if payer.strip() == "-" else payer.strip() for payer in payers.split("/")]


def test_the_page_has_its_worked_cases() -> None:
    assert len(worked_cases()) >= 30
    assert len(lines_of("in eu and uk")) >= 16
    assert len(lines_of("before")) >= 4
    assert len(lines_of("case")) >= 8
    assert len(lines_of("known")) >= 5
    assert len(lines_of("rows")) >= 5


def test_every_fact_reason_and_derived_fact_is_described() -> None:
    for fact in vocabulary().values():
        (row,) = (line for line in FACTS.splitlines() if line.startswith(f"| `{fact.name}` |"))
        assert fact.zh in row
        assert fact.help_en in row
        if fact.kind == "enum":
            assert all(f"`{value}`" in row for value in fact.values)
    for leaf in reasons().values():
        (row,) = (line for line in FACTS.splitlines() if line.startswith(f"| `{leaf.code}` |"))
        assert leaf.zh in row
        assert f"`{leaf.matter}` | `{leaf.cause}`" in row
    for name in derived_vocabulary():
        assert f"| `{name}` |" in FACTS


def test_the_page_names_the_columns_of_a_table() -> None:
    assert f"`{','.join(FIXED)},` conditions `,->` outcomes `,{','.join(TAIL)}`" in RULES
    for name in load_pack("cn").tables:
        assert f"`{name}`" in RULES
