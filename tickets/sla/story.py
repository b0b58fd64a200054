"""What happened to a clock, stretch by stretch, for people to read. The words are put by whoever shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tickets.sla.segments import RUNNING, STOPPED, Hours, Segment, in_order


@dataclass(frozen=True)
class Span:
    """One stretch: how the clock stood from `start` to `end` (None: until now), why, and the seconds it counted."""

    kind: str
    start: dt.datetime
    end: dt.datetime | None
    reason: str
    counted: int


def spans(segments: Sequence[Segment], hours: Hours, now: dt.datetime) -> list[Span]:
    """Oldest first. Together they count what `elapsed` says. A stretch of no length is not told, the end always is."""
    told = []
    ordered = in_order(segments)
    for segment, following in zip(ordered, [*ordered[1:], None], strict=True):
        hours = segment.hours or hours
        end = following.at if following else None
        until = now if end is None else min(end, now)
        if end is not None and end <= segment.at and segment.kind != STOPPED:
            continue
        counts = segment.kind == RUNNING and segment.at < until
        counted = hours.between(segment.at, until) if counts else 0
        told.append(Span(segment.kind, segment.at, end, segment.reason, counted))
    return told
