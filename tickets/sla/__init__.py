"""The clocks of service levels, pure: what a clock's segments come to. No Django, no database, no clock of its own.

A clock is its segments and nothing else: when it ran, when it stood, by which hours. Whatever is shown of it (elapsed,
remaining, due, met or missed) follows from them, so it can be checked by anyone, years later. In prose: docs/sla.md.
"""

from tickets.sla.counting import breached_at, due_at, elapsed, reached_at, remaining, state
from tickets.sla.points import Point, instants
from tickets.sla.same_day import same_day
from tickets.sla.segments import Hours, Segment
from tickets.sla.story import Span, spans

__all__ = [
    "Hours",
    "Point",
    "Segment",
    "Span",
    "breached_at",
    "due_at",
    "elapsed",
    "instants",
    "reached_at",
    "remaining",
    "same_day",
    "spans",
    "state",
]
