"""What a part of the bench hands back, and the clocks it is measured with. Used by every part."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `at_most` or `at_least` is its target, in the same unit; without either it is only told."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def missed(self) -> bool:
        over = self.at_most is not None and self.value > self.at_most
        return over or (self.at_least is not None and self.value < self.at_least)

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"at most {number(self.at_most)}"
        return f"at least {number(self.at_least)}" if self.at_least is not None else ""

    def __str__(self) -> str:
        verdict = "" if not self.target else "MISSED" if self.missed else "ok"
        line = f"  {self.what:<58} {number(self.value):>14} {self.unit:<12} {self.target:<20} {verdict:<6} {self.note}"
        return line.rstrip()


def number(value: float) -> str:
    """A number as people read it: thousands apart, no more than three digits after the point."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU time of this process that the work takes, in seconds; waiting and other processes do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def per_cpu_second(work: Callable[[], object], done: int, rounds: int = 5) -> float:
    """How many of the `done` things that one call does are done in a CPU-second; the median of several calls."""
    return done / max(statistics.median(cpu_seconds(work) for _ in range(rounds)), 1e-9)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed (nearest rank)."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]
