"""Check the clocks of service levels second by second, and measure them: `python bench/clocks.py [--histories N] [--clocks N]`.

Ten thousand random histories (pauses, holidays, lunch, nights, summer time, a closure of sixty days, reopening, another
priority or policy, late news) are held against an oracle that keeps one state for each second and one mask for each
calendar; then the speed of business time and of a million clocks. The last line is the verdict, and the exit code is 1
where a target is missed.
"""

import argparse
import datetime as dt
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from aftersales.kernel.worktime import DAY, BusinessHours
from bench.rules_parts.figures import Figure, cpu_seconds
from tests.tickets.sla.histories import CALENDARS, differences, histories, hours_of, mask_of
from tickets import sla

TARGETS = (900, 3600, 8 * 3600, 40 * 3600)
BEGIN = dt.datetime(2026, 1, 28, tzinfo=dt.UTC)


def against_every_second(count: int, seed: int) -> Iterator[Figure]:
    for name in CALENDARS:
        mask_of(name)
    checked, wrong, start = 0, [], time.perf_counter()
    for number, pair in enumerate(histories(seed, count)):
        found = differences(*pair)
        checked += 1
        if found:
            wrong.append(number)
            print(f"  history {number} of seed {seed}: {'; '.join(found)}", flush=True)
    yield Figure("histories held against every second", checked, "histories", at_least=count)
    yield Figure("differences", len(wrong), "histories", at_most=0)
    yield Figure("time for it", time.perf_counter() - start, "s")


def business_time(calls: int) -> Iterator[Figure]:
    """Each question, on the calendar with lunch, holidays and the long closure; CPU time, the loop included."""
    hours = hours_of("lunch, holidays, make-up days, closed for sixty days")
    fresh = BusinessHours(hours.zone, hours.week, hours.days)
    yield Figure("the table of a calendar", cpu_seconds(lambda: fresh.is_open(BEGIN)) * 1000, "ms", at_most=100)
    chance = random.Random(1)
    moments = [BEGIN + dt.timedelta(seconds=chance.randrange(90 * DAY)) for _ in range(calls)]
    hours.add(moments[0], 40 * 3600)
    questions = {
        "add": lambda moment: hours.add(moment, 8 * 3600),
        "between": lambda moment: hours.between(BEGIN, moment),
        "next_open": hours.next_open,
        "is_open": hours.is_open,
    }
    for name, question in questions.items():

        def ask(question: Callable[[dt.datetime], object] = question) -> None:
            for moment in moments:
                question(moment)

        yield Figure(name, cpu_seconds(ask) / calls * 1e6, "µs", at_most=20)


def many_clocks(count: int) -> Iterator[Figure]:
    """Clocks as they are in a shop: most ran and wait for the customer, some were paused and went on, some have ended."""
    chance = random.Random(2)
    kept = [_clock(chance) for _ in range(min(count, 20_000))]
    rounds = max(count // len(kept), 1)
    now = BEGIN + dt.timedelta(days=60)

    def deadlines() -> None:
        for _ in range(rounds):
            for segments, hours, target in kept:
                sla.due_at(segments, hours, target)

    def states() -> None:
        for _ in range(rounds):
            for segments, hours, target in kept:
                sla.state(segments, hours, target, now)

    done = rounds * len(kept)
    yield Figure(f"deadlines of {done:,} clocks", cpu_seconds(deadlines), "s", at_most=60 * max(done / 1e6, 0.05))
    yield Figure(f"states of {done:,} clocks", cpu_seconds(states), "s", at_most=60 * max(done / 1e6, 0.05))


def _clock(chance: random.Random) -> tuple[list[sla.Segment], BusinessHours, int]:
    at = BEGIN + dt.timedelta(seconds=chance.randrange(40 * DAY))
    segments = [sla.Segment("running", at, "opened")]
    for kind in ("paused", "running", "stopped")[: chance.choice((0, 1, 1, 2, 3))]:
        at += dt.timedelta(seconds=chance.randrange(60, 3 * DAY))
        segments.append(sla.Segment(kind, at, "customer"))
    return segments, hours_of(chance.choice(sorted(CALENDARS))), chance.choice(TARGETS)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("--histories", type=int, default=10_000, metavar="N", help="how many histories (10,000)")
    parser.add_argument("--clocks", type=int, default=1_000_000, metavar="N", help="how many clocks (1,000,000)")
    parser.add_argument("--seed", type=int, default=2026, help="where the histories begin (2026)")
    options = parser.parse_args()
    if options.histories < 1 or options.clocks < 1:
        parser.error("There must be at least one history and one clock.")
    print(f"Python {platform.python_version()} on {platform.machine()}")
    figures = []
    for part in (
        against_every_second(options.histories, options.seed),
        business_time(min(options.clocks, 200_000)),
        many_clocks(options.clocks),
    ):
        for figure in part:
            figures.append(figure)
            print(figure, flush=True)
    missed = [figure.what for figure in figures if figure.missed]
    print("MISSED: " + "; ".join(missed) if missed else f"All {sum(bool(f.target) for f in figures)} targets are met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
