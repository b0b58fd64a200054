"""Exact semantic diff: one-row edits of a table, every changed case counted and boxed, in ms of CPU."""

import statistics
from collections.abc import Iterator
from functools import partial

from bench.rules_parts.figures import Figure, cpu_seconds, p95
from returns.rules.diff import TableDiff, diff_tables
from returns.rules.language import Table
from tests.rules.large import layered, one_row_edit, partition


def figures(quick: bool) -> Iterator[Figure]:
    seeds = range(10 if quick else 50)
    for make in (partition, layered):
        took: list[float] = []
        found: list[TableDiff] = []
        for seed in seeds:
            old = make(1000, 12, seed)
            new = one_row_edit(old, seed)
            took.append(cpu_seconds(partial(compared, old, new, found)) * 1000)
        name = f"one-row edit of {make.__name__} 1000x12"
        turned = sum(diff.points > 0 for diff in found)
        note = f"{turned} of {len(found)} edits turn cases"
        yield Figure(f"{name}, median", statistics.median(took), "ms", note=note)
        yield Figure(f"{name}, p95", p95(took), "ms", at_most=1000)
        yield Figure(f"{name}, not proved", sum(diff.not_proved for diff in found), "tables", at_most=0)


def compared(old: Table, new: Table, found: list[TableDiff]) -> None:
    found.append(diff_tables(old, new))
