"""Large tables, which nobody can look through case by case, judged by z3 as well."""

from dataclasses import replace

import pytest

from returns.rules.analysis import dead_rows, gaps, with_impossible
from returns.rules.compile import Compiled, NoRow
from returns.rules.language import Table
from tests.rules.large import layered, partition
from tests.rules.second_opinion import case_decided_by, case_without_a_row


def tables() -> list[Table]:
    out = []
    for seed, (rows, columns) in enumerate([(45, 8), (60, 10), (200, 12), (120, 9)]):
        whole = partition(rows, columns, seed)
        out += [whole, replace(whole, rows=whole.rows[1:]), layered(rows, columns, seed)]
        out.append(layered(rows, columns, seed, default=False))
    return out


@pytest.mark.slow
@pytest.mark.parametrize("table", tables(), ids=lambda table: f"{table.name}, {len(table.rows)} rows")
def test_z3_agrees_on_complete_or_not(table: Table) -> None:
    found = list(gaps(with_impossible(table)))
    theirs = case_without_a_row(table)
    assert bool(found) == (theirs is not None)
    if theirs is not None:
        for case in (theirs, dict(found[0].witness or {})):
            with pytest.raises(NoRow):
                Compiled(table).decide(case)


@pytest.mark.slow
def test_z3_agrees_on_dead_rows() -> None:
    table = layered(70, 8, 3)
    dead = {finding.rows[0] for finding in dead_rows(with_impossible(table))}
    assert dead
    for row in table.rows:
        case = case_decided_by(table, row)
        assert (case is None) == (row.id in dead)
        if case is not None:
            assert Compiled(table).decide(case) is row
