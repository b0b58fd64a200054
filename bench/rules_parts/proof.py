"""Proof of completeness: compiled and proved, or a case without a row; p95 over the seeds, in ms of CPU."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from bench.rules_parts.figures import Figure, cpu_seconds, p95
from bench.rules_parts.reference import reference
from returns.rules.analysis import gaps, prove_table, with_impossible
from returns.rules.language import Table
from tests.rules.large import layered, partition

TARGETS = {(45, 8): 5.0, (200, 12): 50.0, (1000, 12): 250.0}  # ms


def figures(quick: bool) -> Iterator[Figure]:
    seeds = range(5 if quick else 50)
    yield Figure("reference table 45x8", p95([proving(reference()) for _ in seeds]), "ms", at_most=5.0)
    for (rows, columns), target in TARGETS.items():
        for make in (partition, layered):
            tables = [make(rows, columns, seed) for seed in seeds]
            yield Figure(f"{make.__name__} {rows}x{columns}", p95([proving(t) for t in tables]), "ms", at_most=target)
            holed = [without(t, seed) for seed, t in enumerate(tables)]
            yield Figure(
                f"{make.__name__} {rows}x{columns}, one row gone",
                p95([proving(t) for t in holed]),
                "ms",
                at_most=target,
            )
    yield Figure("everything that is proved, reference table 45x8", p95([whole(reference()) for _ in seeds]), "ms")
    yield Figure("everything that is proved, partition 1000x12", p95([whole(partition(1000, 12, 1))]), "ms")


def proving(table: Table) -> float:
    """Milliseconds from the table as read to the verdict."""
    found: list[object] = []
    work: Callable[[], None] = lambda: found.extend(gaps(with_impossible(table)))  # noqa: E731
    return cpu_seconds(work) * 1000


def without(table: Table, seed: int) -> Table:
    place = seed * 7 % len(table.rows)
    return replace(table, rows=table.rows[:place] + table.rows[place + 1 :])


def whole(table: Table) -> float:
    return cpu_seconds(lambda: prove_table(table)) * 1000
