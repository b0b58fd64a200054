"""Random histories of clocks, and what they come to when every second is looked at. Used by the tests and `bench/clocks.py`.

A history pauses, resumes, ends, is opened again, changes its calendar (another policy) and its target (another priority), and
becomes known in any order. The oracle keeps one state for each second and one mask for each calendar, and shares no code
with `tickets/sla/` or `BusinessHours`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np

from aftersales.kernel.worktime import DAY, BusinessHours, Intervals
from tests.kernel.second_by_second import EPOCH, Seconds
from tickets.sla import Segment

LOOKED_AHEAD = 75 * DAY  # seconds after the last event in which a deadline is looked for
FIRST, DAYS = dt.date(2026, 1, 26), 150  # the Spring Festival, and the change of clocks in both halves of the world
_BEGIN = int((dt.datetime.combine(FIRST, dt.time(), dt.UTC) - EPOCH).total_seconds())
_H = 3600
_CLOSED: Intervals = ()
_OFF_WORK = {dt.date(2026, 2, 16) + dt.timedelta(days=number): _CLOSED for number in range(8)}
_MAKE_UP = dict.fromkeys((dt.date(2026, 2, 14), dt.date(2026, 2, 28)), ((9 * _H, 12 * _H), (13 * _H, 18 * _H)))
_SIXTY_DAYS = {dt.date(2026, 3, 21) + dt.timedelta(days=number): _CLOSED for number in range(60)}

# zone, week, days that differ
CALENDARS: dict[str, tuple[str, tuple[Intervals, ...], dict[dt.date, Intervals]]] = {
    "lunch, holidays, make-up days, closed for sixty days": (
        "Asia/Shanghai",
        (((9 * _H, 12 * _H), (13 * _H, 18 * _H)),) * 5 + (_CLOSED,) * 2,
        {**_OFF_WORK, **_MAKE_UP, **_SIXTY_DAYS},
    ),
    "nights, clocks put forward": (
        "Europe/Berlin",
        (((20 * _H, 30 * _H),),) * 6 + (_CLOSED,),
        {dt.date(2026, 4, 3): _CLOSED, dt.date(2026, 4, 4): ((8 * _H, 12 * _H), (22 * _H, DAY))},
    ),
    "small hours, clocks put back": (
        "Australia/Sydney",
        (((5400, 9000), (9900, 12_600), (15 * _H, DAY)),) * 7,
        {dt.date(2026, 4, 6): ((10 * _H, 11 * _H),)},
    ),
}


@dataclass(frozen=True)
class History:
    """Segments in the order in which they became known, the calendar they begin with, target and present moment."""

    segments: list[Segment]
    calendar: str
    target: int
    now: dt.datetime
    names: dict[int, str]  # of the calendars, by the identity of their hours

    @property
    def hours(self) -> BusinessHours:
        return hours_of(self.calendar)


@cache
def hours_of(name: str) -> BusinessHours:
    zone, week, days = CALENDARS[name]
    return BusinessHours(ZoneInfo(zone), week, days)


@cache
def mask_of(name: str) -> np.ndarray:
    """Which seconds of the stretch are worked."""
    zone, week, days = CALENDARS[name]
    return Seconds(ZoneInfo(zone), week, days, FIRST, DAYS).mask


def histories(seed: int, count: int) -> Iterator[tuple[History, Oracle]]:
    """The same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _history(chance)


def _history(chance: random.Random) -> tuple[History, Oracle]:
    names = sorted(CALENDARS)
    calendar = chance.choice(names)
    second = chance.randrange(2 * DAY, 75 * DAY)
    story = [Segment("running", _at(second), "opened")]
    for _ in range(chance.randrange(9)):
        second += _gap(chance)
        story.append(_next(story[-1].kind, second, chance, names))
    last = second
    now = last + _gap(chance)
    used = {id(hours_of(name)): name for name in names}
    history = History(_shuffled(story, chance), calendar, 1, _at(now), used)
    oracle = Oracle(history)
    # Half the targets are those at which something happens: the very second of a pause, an end or a question.
    close = [oracle.counted_until(oracle.now), oracle.counted_until(_index(chance.choice(story).at))]
    oracle.target = max(chance.choice([*close, chance.randrange(1, 40 * _H), chance.randrange(1, 4 * _H)]), 1)
    return replace(history, target=oracle.target), oracle


def _next(kind: str, second: int, chance: random.Random, names: list[str]) -> Segment:
    """A pause, a resumption, an end, a reopening, or another calendar with the clock as it stood."""
    if chance.random() < 0.15:
        return Segment(kind, _at(second), "policy", None, hours_of(chance.choice(names)))
    after = {
        "running": ["paused", "paused", "stopped", "running"],
        "paused": ["running", "running", "stopped", "paused"],
    }
    reason = chance.choice(["customer", "carrier", "warehouse", "reply", "closed", "reopened", "priority"])
    return Segment(chance.choice(after.get(kind, ["running", "paused"])), _at(second), reason)


def _gap(chance: random.Random) -> int:
    """Nothing, seconds, hours or days."""
    longest = chance.choice([1, 90, 3 * _H, DAY, 6 * DAY])
    return chance.randrange(longest + 1)


def _shuffled(story: list[Segment], chance: random.Random) -> list[Segment]:
    """In any order, but of those at one instant the later one stays the later one."""
    groups = [list(group) for _, group in groupby(story, key=lambda segment: segment.at)]
    slots = [index for index, group in enumerate(groups) for _ in group]
    chance.shuffle(slots)
    return [groups[slot].pop(0) for slot in slots]


def _at(second: int) -> dt.datetime:
    return EPOCH + dt.timedelta(seconds=_BEGIN + second)


class Oracle:
    """What the history comes to, from the state of each of its seconds."""

    def __init__(self, history: History) -> None:
        self.target = history.target
        ordered = sorted(history.segments, key=lambda segment: segment.at)
        self.begin, self.now, self.kind = _index(ordered[0].at), _index(history.now), ordered[-1].kind
        self.end = min(_index(ordered[-1].at) + LOOKED_AHEAD, DAYS * DAY)
        # Each second of the history: does the clock run, and does it count? From the last event on it stays as it is.
        self.runs = np.empty(self.end - self.begin, dtype=bool)
        self.counts = np.empty_like(self.runs)
        calendar = history.calendar
        for segment, following in zip(ordered, [*ordered[1:], None], strict=True):
            calendar = history.names[id(segment.hours)] if segment.hours else calendar
            since, until = _index(segment.at), _index(following.at) if following else self.end
            runs = segment.kind == "running"
            self.runs[since - self.begin : until - self.begin] = runs
            self.counts[since - self.begin : until - self.begin] = mask_of(calendar)[since:until] if runs else False
        self.counted = self.counted_until(self.now)

    def counted_until(self, second: int) -> int:
        return int(np.count_nonzero(self.counts[: max(second - self.begin, 0)]))

    def reached(self) -> dt.datetime | None:
        """The first second after which the target is used up and in which the clock runs on; None where there is none."""
        left, after = self.target, 0
        while after < len(self.counts):  # day by day, and in the day that uses it up second by second
            day = self.counts[after : after + DAY]
            counted = int(np.count_nonzero(day))
            if counted >= left:
                after += int(np.flatnonzero(day)[left - 1]) + 1
                break
            left, after = left - counted, after + DAY
        runs = self.runs[after:]
        return _at(self.begin + after + int(runs.argmax())) if runs.any() else None

    def due(self) -> dt.datetime | None:
        return self.reached() if self.kind == "running" else None

    def breached(self) -> dt.datetime | None:
        reached = self.reached()
        return reached if reached is not None and _index(reached) < self.now else None

    def state(self) -> str:
        if self.breached() is not None:
            return "missed"
        return {"stopped": "met"}.get(self.kind, self.kind)


def _index(moment: dt.datetime) -> int:
    return int((moment - EPOCH).total_seconds()) - _BEGIN


def differences(history: History, oracle: Oracle) -> list[str]:
    """What `tickets/sla/` says otherwise than the oracle; nothing where both agree."""
    from tickets import sla

    told = (history.segments, history.hours)
    answers: dict[str, tuple[object, object]] = {
        "elapsed": (sla.elapsed(*told, history.now), oracle.counted),
        "remaining": (sla.remaining(*told, history.target, history.now), history.target - oracle.counted),
        "breached_at": (sla.breached_at(*told, history.target, history.now), oracle.breached()),
        "state": (sla.state(*told, history.target, history.now), oracle.state()),
        "spans": (sum(span.counted for span in sla.spans(*told, history.now)), oracle.counted),
    }
    due = sla.due_at(*told, history.target)
    if due is None or _index(due) < oracle.end:  # beyond the stretch nobody can check it
        answers["due_at"] = (due, oracle.due())
    return [f"{name}: {mine} instead of {right}" for name, (mine, right) in answers.items() if mine != right]
