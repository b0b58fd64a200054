"""How much of its time a clock has used, and when it will have used all of it. Seconds are business seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tickets.sla.segments import PAUSED, RUNNING, STOPPED, Hours, Segment, last_kind, runs


def elapsed(segments: Sequence[Segment], hours: Hours, now: dt.datetime) -> int:
    """Seconds counted until `now`: those within opening hours while the clock ran. A pause is left out once, in whatever
    order its beginning and end became known."""
    total = 0
    for run in runs(segments, hours):
        end = now if run.end is None else min(run.end, now)
        if run.start < end:
            total += run.hours.between(run.start, end)
    return total


def remaining(segments: Sequence[Segment], hours: Hours, target: int, now: dt.datetime) -> int:
    """Seconds left of the target; negative once it is used up. A change of the target never starts it anew."""
    return target - elapsed(segments, hours, now)


def reached_at(segments: Sequence[Segment], hours: Hours, seconds: int) -> dt.datetime | None:
    """When the clock has counted (or will have counted, if it runs on) so many seconds (UTC); None if it stands before that.

    A clock that is stopped or paused in the very second has not gone beyond it.
    """
    left = seconds
    for run in runs(segments, hours):
        if run.end is None:
            return run.hours.add(run.start, left)
        counted = run.hours.between(run.start, run.end)
        if counted >= left:
            reached = run.hours.add(run.start, left)
            if reached < run.end:
                return reached
        left -= counted
    return None


def due_at(segments: Sequence[Segment], hours: Hours, target: int) -> dt.datetime | None:
    """The deadline (UTC) of a clock that runs; None while it is paused or stopped: nobody owes anything then."""
    return reached_at(segments, hours, target) if last_kind(segments) == RUNNING else None


def breached_at(segments: Sequence[Segment], hours: Hours, target: int, now: dt.datetime) -> dt.datetime | None:
    """The deadline that was missed, to the second; None while all is well. When somebody looked plays no part."""
    reached = reached_at(segments, hours, target)
    return reached if reached is not None and reached < now else None


def state(segments: Sequence[Segment], hours: Hours, target: int, now: dt.datetime) -> str:
    """running, paused, met or missed. A clock that still runs past its deadline, or was paused after it, is missed."""
    if breached_at(segments, hours, target, now) is not None:
        return "missed"
    kind = last_kind(segments)
    return {STOPPED: "met", PAUSED: "paused"}.get(kind, "running")
