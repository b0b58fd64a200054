"""Mandatory law stands above contract, policy and default: whatever a lower layer says, a case the law decides stays
decided."""

import json

import pytest

from returns.rules.compile import Compiled
from returns.rules.language import Row, Table, Value
from returns.rules.pack import PACKS, Pack, load_pack, shipped

PACK = load_pack("cn")
TABLES = [(pack, table) for pack in shipped() for table in load_pack(pack).tables]


def examples(pack: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (PACKS / pack / "examples.jsonl").read_text(encoding="utf-8").splitlines()]


def fired(pack: Pack, example: dict[str, object]) -> set[str]:
    """The rows that decide the example, as table/row."""
    rows = pack.decide(example["facts"]).rows  # type: ignore[arg-type]
    return {f"{label.split(':')[0]}/{row}" for label, row in rows.items()}


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_every_row_decides_a_case_made_of_real_facts(name: str, table: str) -> None:
    """Alive in its table is not enough: some facts must lead through the earlier tables to each row."""
    # "Not due" and "no period" leave no trace in a verdict; the last row of remedies is for causes and rights that
    # do not come together in real cases, and is there so that a mistake in an earlier table still reaches a person.
    unsaid = {"extras/E90", "deadlines/T90", "remedies/Z01"}
    pack = load_pack(name)
    own = {str(each["row"]): each for each in examples(name) if str(each["row"]).startswith(f"{table}/")}
    assert set(own) == {f"{table}/{row.id}" for row in pack.table(table).rows} - unsaid
    for row, example in own.items():
        assert row in fired(pack, example), row


@pytest.mark.parametrize("layer", [1, 2, 3])
@pytest.mark.parametrize(("pack", "name"), TABLES)
def test_a_lower_layer_cannot_weaken_what_the_law_says(pack: str, name: str, layer: int) -> None:
    table = load_pack(pack).table(name)
    whole = load_pack(pack).tables[name]
    law = [row for row in table.rows if row.layer == 0]
    # The strongest attack a lower layer has: rows that match everything, sorted before all others of their layer.
    attack = tuple(
        Row(f"!{row.id}", layer, tuple(None for _ in table.columns), row.outcome, "attack") for row in table.rows
    )
    attacked = Compiled(Table(table.name, table.columns, table.outcomes, table.rows + attack))
    for row in law:
        alone = Compiled(Table(table.name, table.columns, table.outcomes, (row,)))
        for other in table.rows:
            case = _point(table, row, other)
            assert alone.decide(case) == row
            assert attacked.decide(case).layer == 0
            assert attacked.decide(case) == whole.decide(case)


def _point(table: Table, row: Row, other: Row) -> dict[str, Value]:
    """A case of the row, chosen towards the other row where both can be had."""
    out: dict[str, Value] = {}
    for column, mine, theirs in zip(table.columns, row.cells, other.cells, strict=True):
        pieces = column.intervals(mine)
        wanted = column.intervals(theirs)[0][0]
        inside = any(low <= wanted <= high for low, high in pieces)
        out[column.name] = column.value(wanted if inside else pieces[0][0])
    return out


@pytest.mark.parametrize("pack", shipped())
def test_every_law_row_names_a_law_or_a_court(pack: str) -> None:
    sources = load_pack(pack).sources
    unfounded = [
        (name, row.id)
        for name, compiled in load_pack(pack).tables.items()
        for row in compiled.table.rows
        if row.layer == 0
        and "not_applicable" not in row.outcome
        and not any(sources[key].is_law for key in row.sources)
    ]
    assert unfounded == []


@pytest.mark.parametrize("pack", shipped())
def test_no_row_claims_more_certainty_than_its_sources(pack: str) -> None:
    sources = load_pack(pack).sources
    for compiled in load_pack(pack).tables.values():
        for row in compiled.table.rows:
            assert row.mark in {sources[key].mark for key in row.sources}


def test_contract_stands_above_policy_and_policy_above_default() -> None:
    facts = {"reason": "preference", "days_since_receipt": 3}
    assert PACK.decide(facts).rows["return"] == "R12"
    promised = PACK.decide({**facts, "promised_return": True})
    row = next(row for row in PACK.table("return").rows if row.id == promised.rows["return"])
    assert (row.layer, promised.return_leg_payer) == (1, "shop")
