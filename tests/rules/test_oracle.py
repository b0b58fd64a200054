"""The proofs against brute force: on small random tables every answer must equal that of looking at each case."""

import pytest

from returns.rules.analysis import contradictions, dead_rows, gaps, with_impossible
from returns.rules.compile import Compiled, NoRow
from returns.rules.diff import diff_tables
from returns.rules.language import Table, Value
from tests.rules.small import admits, all_cases, cases, edited_table, first_row, random_table, says
from tests.rules.soundness import differences

SEEDS = range(400)


def true_gaps(table: Table) -> list[dict[str, Value]]:
    return [case for case in cases(table) if first_row(table, case) is None]


def true_contradictions(table: Table) -> set[tuple[str, str]]:
    found = set()
    for case in cases(table):
        matching = [row for row in table.rows if admits(table, row.cells, case)]
        deciding = [row for row in matching if row.layer == matching[0].layer] if matching else []
        for number, one in enumerate(deciding):
            found |= {(one.id, two.id) for two in deciding[number + 1 :] if one.says != two.says}
    return found


@pytest.mark.parametrize("chunk", range(8))
def test_every_answer_equals_brute_force(chunk: int) -> None:
    for seed in SEEDS[chunk::8]:
        table = random_table(seed)
        compiled, proof = Compiled(table), with_impossible(table)
        missing = true_gaps(table)

        found = list(gaps(proof))
        assert [gap.points for gap in found] == ([len(missing)] if missing else []), seed
        for gap in found:
            assert gap.witness in missing, seed
            box = tuple(column.parse((gap.box or {}).get(column.name, "*")) for column in table.columns)
            inside = [case for case in cases(table) if admits(table, box, case)]
            assert inside, seed
            assert all(case in missing for case in inside), seed

        clashes = list(contradictions(proof))
        assert {(finding.rows[0], finding.rows[1]) for finding in clashes} == true_contradictions(table), seed
        for clash in clashes:
            assert clash.witness is not None
            matching = {row.id for row in table.rows if admits(table, row.cells, dict(clash.witness))}
            assert set(clash.rows) <= matching, seed

        used = {row.id for case in cases(table) if (row := first_row(table, case))}
        dead = {finding.rows[0] for finding in dead_rows(proof)}
        assert dead == {row.id for row in table.rows} - used, seed

        for case in cases(table):
            expected = first_row(table, case)
            if expected is None:
                with pytest.raises(NoRow):
                    compiled.decide(case)
            else:
                assert compiled.decide(case) is expected, seed


@pytest.mark.parametrize("chunk", range(4))
def test_every_diff_equals_brute_force(chunk: int) -> None:
    for seed in SEEDS[chunk::4]:
        old = random_table(seed)
        new = edited_table(old, seed)
        diff = diff_tables(old, new)
        turned = [case for case in all_cases(old) if says(old, case) != says(new, case)]
        assert diff.points == len(turned), seed
        assert diff.points == sum(box.points for box in diff.boxes) == sum((diff.by_outcome or {}).values()), seed
        assert diff.of == len(list(all_cases(old))), seed
        for box in diff.boxes:
            cells = tuple(column.parse(box.cells.get(column.name, "*")) for column in old.columns)
            inside = [case for case in turned if admits(old, cells, case)]
            assert len(inside) == box.points, seed
            assert box.witness in inside, seed
            assert {(says(old, case), says(new, case)) for case in inside} == {(box.before.says, box.after.says)}, seed


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(4))
def test_nothing_differs_from_the_grid_of_all_cases(chunk: int) -> None:
    """A part of what `bench/rules.py` does with 100,000 tables: gaps, contradictions, dead rows, diffs, weakened law."""
    assert [what for seed in range(10_000 + chunk, 12_000, 4) for what in differences(seed)] == []
