"""Mandatory law stands above contract, policy and default: whatever a lower layer says, a case the law decides stays
decided."""

import json

import pytest

from returns.rules.compile import Compiled
from returns.rules.language import Row, Table, Value
from returns.rules.pack import PACKS, load_pack

PACK = load_pack("cn")
EXAMPLES = [json.loads(line) for line in (PACKS / "cn" / "examples.jsonl").read_text(encoding="utf-8").splitlines()]


def fired(example: dict[str, object]) -> set[str]:
    """The rows that decide the example, as table/row."""
    rows = PACK.decide(example["facts"]).rows  # type: ignore[arg-type]
    return {f"{label.split(':')[0]}/{row}" for label, row in rows.items()}


@pytest.mark.parametrize("table", list(PACK.tables))
def test_every_row_decides_a_case_made_of_real_facts(table: str) -> None:
    """Alive in its table is not enough: some facts must lead through the earlier tables to each row."""
    # "Not due" and "no period" leave no trace in a verdict; the last row of remedies is for causes and rights that
    # do not come together in real cases, and is there so that a mistake in an earlier table still reaches a person.
    unsaid = {"extras/E90", "deadlines/T90", "remedies/Z01"}
    own = {example["row"]: example for example in EXAMPLES if example["row"].startswith(f"{table}/")}
    assert set(own) == {f"{table}/{row.id}" for row in PACK.table(table).rows} - unsaid
    for name, example in own.items():
        assert name in fired(example), name


@pytest.mark.parametrize("layer", [1, 2, 3])
@pytest.mark.parametrize("name", list(PACK.tables))
def test_a_lower_layer_cannot_weaken_what_the_law_says(name: str, layer: int) -> None:
    table = PACK.table(name)
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
            assert attacked.decide(case) == PACK.tables[name].decide(case)


def _point(table: Table, row: Row, other: Row) -> dict[str, Value]:
    """A case of the row, chosen towards the other row where both can be had."""
    out: dict[str, Value] = {}
    for column, mine, theirs in zip(table.columns, row.cells, other.cells, strict=True):
        pieces = column.intervals(mine)
        wanted = column.intervals(theirs)[0][0]
        inside = any(low <= wanted <= high for low, high in pieces)
        out[column.name] = column.value(wanted if inside else pieces[0][0])
    return out


def test_every_law_row_names_a_law_or_a_court() -> None:
    kinds = {
        (name, row.id): {PACK.sources[key].kind for key in row.sources}
        for name, compiled in PACK.tables.items()
        for row in compiled.table.rows
        if row.layer == 0 and "not_applicable" not in row.outcome
    }
    assert [key for key, kind in kinds.items() if not kind & {"law", "court"}] == []


def test_no_row_claims_more_certainty_than_its_sources() -> None:
    for compiled in PACK.tables.values():
        for row in compiled.table.rows:
            assert row.mark in {PACK.sources[key].mark for key in row.sources}


def test_contract_stands_above_policy_and_policy_above_default() -> None:
    facts = {"reason": "preference", "days_since_receipt": 3}
    assert PACK.decide(facts).rows["return"] == "R12"
    promised = PACK.decide({**facts, "promised_return": True})
    row = next(row for row in PACK.table("return").rows if row.id == promised.rows["return"])
    assert (row.layer, promised.return_leg_payer) == (1, "shop")
