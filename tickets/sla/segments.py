"""What a clock is made of, and the stretches of time in which it ran."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"


class Hours(Protocol):
    """Opening hours; `aftersales.kernel.worktime.BusinessHours` is one."""

    def add(self, start: dt.datetime, seconds: int) -> dt.datetime: ...

    def between(self, start: dt.datetime, end: dt.datetime) -> int: ...

    def next_open(self, moment: dt.datetime) -> dt.datetime: ...


@dataclass(frozen=True)
class Segment:
    """From `at` (aware) on the clock is running, paused or stopped.

    `reason` is a code (a waiting state, "reply", "closed", "priority" …), never a name that somebody may change. `hours`
    says by which opening hours time counts from here on; None leaves it as it was. `event_id` is what caused it.
    """

    kind: str
    at: dt.datetime
    reason: str = ""
    event_id: int | None = None
    hours: Hours | None = None


class Run(NamedTuple):
    """One stretch in which the clock ran; `end` is None while it still does."""

    start: dt.datetime
    end: dt.datetime | None
    hours: Hours


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """By time, whatever the order in which they became known; at the same instant the one written last holds."""
    return sorted(segments, key=lambda segment: segment.at)


def runs(segments: Iterable[Segment], hours: Hours) -> Iterator[Run]:
    """The stretches in which the clock ran. Stretches of no length are left out."""
    ordered = in_order(segments)
    for segment, following in zip(ordered, [*ordered[1:], None], strict=True):
        hours = segment.hours or hours
        end = following.at if following else None
        if segment.kind == RUNNING and (end is None or segment.at < end):
            yield Run(segment.at, end, hours)


def last_kind(segments: Iterable[Segment]) -> str:
    """How the clock stands now."""
    return in_order(segments)[-1].kind
