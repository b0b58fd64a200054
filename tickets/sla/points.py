"""Moments on the way of a clock at which somebody is to hear of it: before the deadline, and after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tickets.sla.counting import due_at, reached_at
from tickets.sla.segments import Hours, Segment, in_order


@dataclass(frozen=True)
class Point:
    """`percent` of the target, or `left` business seconds before its end (negative: so many after it)."""

    name: str
    percent: int | None = None
    left: int | None = None

    def seconds(self, target: int) -> int:
        """After how many counted seconds it is reached."""
        return target * self.percent // 100 if self.percent is not None else target - (self.left or 0)


def instants(
    segments: Sequence[Segment], hours: Hours, target: int, points: Iterable[Point]
) -> list[tuple[dt.datetime, Point]]:
    """When each point is reached (UTC), earliest first; nothing while the clock stands.

    All lie within opening hours: what falls on closing time comes at the next opening. A warning that would come at the
    deadline or after it is none, and a point before the start of the clock does not exist.
    """
    due = due_at(segments, hours, target)
    if due is None:
        return []
    found = []
    for point in points:
        if point.seconds(target) <= 0:
            continue
        reached = reached_at(segments, hours, point.seconds(target))
        if reached is None:
            continue
        moment = _hours_now(segments, hours).next_open(reached)
        if point.seconds(target) >= target or moment < due:
            found.append((moment, point))
    return sorted(found, key=lambda each: each[0])


def _hours_now(segments: Sequence[Segment], hours: Hours) -> Hours:
    for segment in in_order(segments):
        hours = segment.hours or hours
    return hours
