"""Generated examples: every row, every value, both sides of every edge; and what a changed cell does to them."""

import random

import pytest

from returns.rules.generate import Mutant, examples, mutants, score
from returns.rules.language import Table
from returns.rules.pack import load_pack, shipped
from tests.rules.small import cases, first_row, random_table

TABLES = [(name, table) for name in shipped() for table in load_pack(name).tables]


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_examples_reach_every_row_value_and_edge_and_kill_a_moved_cell(name: str, table: str) -> None:
    shown = load_pack(name).table(table)
    made = examples(shown)
    rnd = random.Random(f"{name}/{table}")
    every = list(mutants(shown))
    found = score(shown, made, rnd.sample(every, min(60, len(every))))
    assert found.rows_hit == found.rows
    assert found.not_proved == 0
    assert found.share >= 0.9, [str(mutant) for mutant in found.survived]  # of a sample; the bench asks for 0.97 of all
    for column in shown.columns:
        if column.kind in ("enum", "bool"):
            values = {example.case[column.name] for example in made}
            assert values == {column.value(place) for place in range(column.lo, column.hi + 1)}, column.name
        else:
            values = {example.case[column.name] for example in made}
            edges = {
                edge
                for row in shown.rows
                for pair in column.intervals(row.cells[shown.columns.index(column)])
                for edge in pair
            }
            assert edges <= values, column.name


def outcomes(table: Table) -> list[object]:
    return [row.outcome if (row := first_row(table, case)) else None for case in cases(table)]


def test_equal_mutants_are_equal_and_survivors_are_not_by_looking_at_every_case() -> None:
    seen = {"equal": 0, "other": 0}
    for seed in range(40):
        table = random_table(seed)
        try:
            made = examples(table)
        except LookupError:
            continue  # a random table with a gap has no example there
        for mutant in random.Random(seed).sample(every := list(mutants(table)), min(8, len(every))):
            found = score(table, made, [mutant])
            same = outcomes(table) == outcomes(mutant.table)
            assert bool(found.equal) == same, str(mutant)
            seen["equal" if same else "other"] += 1
    assert min(seen.values()) > 10


def test_a_mutant_says_what_it_moves() -> None:
    table = load_pack("cn").table("withdrawal")
    told = [str(mutant) for mutant in mutants(table)]
    assert (
        "withdrawal/W01.exclusion: custom_made|perishable|unsealed_media|periodicals -> perishable|unsealed_media|periodicals"
        in told
    )
    assert all(isinstance(mutant, Mutant) and mutant.was != mutant.becomes for mutant in mutants(table))
