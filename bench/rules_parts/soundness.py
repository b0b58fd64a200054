"""Soundness: small random tables against looking at every case, large ones against z3; not one difference."""

from collections.abc import Iterator
from dataclasses import replace

from bench.rules_parts.figures import Figure
from returns.rules.analysis import gaps, with_impossible
from returns.rules.compile import Compiled, NoRow
from returns.rules.language import Table
from tests.rules.large import layered, partition

SIZES = ((45, 8), (100, 10), (200, 12), (400, 8), (1000, 12))


def figures(quick: bool) -> Iterator[Figure]:
    from tests.rules.soundness import differences

    seeds = range(1000, 3000 if quick else 101_000)
    wrong = [what for seed in seeds for what in differences(seed)]
    name = f"{len(seeds):,} small tables against brute force"
    yield Figure(name, len(wrong), "differences", at_most=0, note=" ".join(wrong[:3]))

    from tests.rules.second_opinion import case_without_a_row

    tables = list(large(20 if quick else 500))
    other = sum(not agrees(table, case_without_a_row(table) is None) for table in tables)
    yield Figure(f"{len(tables)} tables up to 1000x12 against z3", other, "differences", at_most=0)


def large(count: int) -> Iterator[Table]:
    """Tables of all sizes, whole, with one row gone, and layered without defaults."""
    for seed in range(count):
        rows, columns = SIZES[seed % len(SIZES)]
        kind = seed // len(SIZES) % 4
        if kind == 0:
            yield partition(rows, columns, seed)
        elif kind == 1:
            whole = partition(rows, columns, seed)
            yield replace(whole, rows=whole.rows[:-1])
        else:
            yield layered(rows, columns, seed, default=kind == 2)


def agrees(table: Table, complete: bool) -> bool:
    """Does our proof say the same, and does its witness have no row?"""
    found = next(gaps(with_impossible(table)), None)
    if found is None:
        return complete
    try:
        Compiled(table).decide(dict(found.witness or {}))
    except NoRow:
        return not complete and found.kind == "gap"
    return False
