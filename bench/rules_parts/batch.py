"""Columns of cases decided at once, and that each answer is the single one."""

from collections.abc import Iterator

from bench.rules_parts.figures import Figure, per_cpu_second
from bench.rules_parts.reference import reference
from bench.rules_parts.single import reference_cases
from returns.rules.arrays import numpy
from returns.rules.batch import decide_batch, decide_table
from returns.rules.columns import from_facts
from returns.rules.compile import Compiled
from returns.rules.pack import load_pack
from tests.rules.test_batch import as_decision
from tests.rules.valid import random_cases


def figures(quick: bool) -> Iterator[Figure]:
    count = 10_000 if quick else 100_000
    compiled, cases = Compiled(reference()), reference_cases(count, seed=7)
    np = numpy()
    columns = {
        column.name: np.array(
            [column.index(case[column.name]) - column.lo for case in cases],
            dtype="i4" if column.size > 1 << 15 else "i2" if column.size > 1 << 7 else "i1",
        )
        for column in compiled.table.columns
    }
    rows = decide_table(compiled, columns)
    yield Figure(
        "reference table, from columns",
        per_cpu_second(lambda: decide_table(compiled, columns), count, rounds=9),
        "a CPU-s",
        at_least=10_000_000,
    )
    wrong = sum(compiled.table.rows[row] is not compiled.decide(case) for row, case in zip(rows, cases, strict=True))
    yield Figure(f"reference table, of {count:,} cases decided otherwise", wrong, "cases", at_most=0)
    pack, facts = load_pack("cn"), random_cases(count, seed=7)
    coded = from_facts(facts)
    decisions = decide_batch(pack, coded)
    wrong = sum(decisions.of(place) != as_decision(pack.decide(case)) for place, case in enumerate(facts))
    yield Figure(f"whole pack cn, of {count:,} wild cases decided otherwise", wrong, "cases", at_most=0)
    yield Figure(
        "whole pack cn, wild cases, hardly two alike",
        per_cpu_second(lambda: decide_batch(pack, coded), count, rounds=3),
        "a CPU-s",
    )
    some = np.random.default_rng(7).integers(0, count // 50, count * 10)
    often = {name: column[some] for name, column in coded.items()}
    yield Figure(
        f"whole pack cn, {count * 10:,} cases of {count // 50:,} kinds",
        per_cpu_second(lambda: decide_batch(pack, often), count * 10, rounds=3),
        "a CPU-s",
    )
