"""The rows of clocks: segments are added in memory, and written at once for all clocks that change together, each with what
follows from it. Used by `clockwork.py`, `clocks.py` and `clock_points.py`, with the ticket locked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aftersales.kernel.rowwrite import update_row
from aftersales.ledger import timers
from aftersales.ledger.models import Event
from tickets import sla
from tickets.models import Clock, ClockNotice, ClockSegment
from tickets.sla.segments import RUNNING, STOPPED

TIMER = "ticket.clock"  # the kind of timer: the next moment at which somebody is to hear of a clock
MISSED = "missed"  # the kind of notice of a deadline that passed
MERGED, UNMERGED, SPLIT, KIND = "merged", "unmerged", "split", "kind"
WENT_ALONG = (MERGED, UNMERGED, SPLIT)  # reasons of an end after which the same waiting is counted by another clock
_TELLS = (MISSED, "notify", "tell_manager")  # points that only tell somebody; the others hurry what is not done yet
_STANDS = ("due_at", "late_at", "state", "target_s", "policy_version", "calendar_version")
_ENDS = ("state", "stopped_at", "final_at", "due_at")


@dataclass(eq=False)
class Course:
    """A clock with its segments in the order of writing, those that are not written yet at the end."""

    clock: Clock
    segments: list[ClockSegment]
    final_at: dt.datetime | None = None
    is_void: bool = False

    @classmethod
    def of(cls, clock: Clock) -> Course:
        """That of a clock read as `told`."""
        return cls(clock, list(clock.segments.all()))

    @property
    def kind(self) -> str:
        """How the clock stands now: what is added is never earlier than what was there."""
        return self.segments[-1].kind

    @property
    def added(self) -> list[ClockSegment]:
        return [segment for segment in self.segments if segment.pk is None]

    def told(self) -> list[sla.Segment]:
        return [segment.plain() for segment in self.segments]

    def add(self, kind: str, at: dt.datetime, reason: str, event: Event | None, **more: Any) -> None:
        """From `at` on it runs, or stands.

        Late news takes effect from the last segment on: how the ticket stands now is how the clock stands now.
        """
        at = max(at, self.segments[-1].at if self.segments else self.clock.started_at)
        self.segments.append(ClockSegment(kind=kind, at=at, reason=reason, event=event, **more))

    def end(
        self, at: dt.datetime, reason: str, event: Event | None, *, final_at: dt.datetime | None = None,
        void: bool = False,
    ) -> None:  # fmt: skip
        """It ends. `void`: without anything having been done for it, unless its deadline had passed already."""
        self.add(STOPPED, at, reason, event)
        self.final_at, self.is_void = final_at, void

    def lay_under(self) -> None:
        """The clock knows its segments without reading them all again."""
        told = ClockSegment.objects.filter(clock=self.clock)
        told._result_cache = list(self.segments)
        self.clock._prefetched_objects_cache = {"segments": told}  # type: ignore[attr-defined]


def write(courses: Iterable[Course], at: dt.datetime) -> None:
    """Write what was added to clocks that are open, and to new ones, which are written with it; bring rows and timers in line.

    `at` is the instant of the action. A course to which nothing was added stays as it is.
    """
    changed = [course for course in courses if course.added]
    new = [course for course in changed if course.clock.pk is None]
    known = [course for course in changed if course.clock.pk is not None]
    for course in new:
        first = course.segments[0]
        first.target_s = course.clock.target_s
        first.calendar_version = first.calendar_version or course.clock.calendar_version
        _stand(course)
    Clock.objects.bulk_create([course.clock for course in new])
    for course in changed:
        for segment in course.added:
            segment.clock = course.clock
    ClockSegment.objects.bulk_create([segment for course in changed for segment in course.added])
    for course in changed:
        if course.kind == STOPPED:  # after its segments: the database adds none to a clock that has ended
            _end(course)
            update_row(course.clock, _ENDS)
        elif course in known:
            _stand(course)
            update_row(course.clock, _STANDS)
    for course in known:
        course.lay_under()
    _arm(new, known, at)


def _stand(course: Course) -> None:
    """What the row keeps of an open clock, from its segments."""
    clock, told, hours, runs = course.clock, course.told(), course.clock.hours(), course.kind == RUNNING
    clock.state = Clock.State.RUNNING if runs else Clock.State.PAUSED
    clock.due_at = sla.due_at(told, hours, clock.target_s)
    clock.late_at = None if runs else sla.reached_at(told, hours, clock.target_s)


def _end(course: Course) -> None:
    """What it keeps of one that has ended."""
    clock, at = course.clock, course.segments[-1].at
    missed = sla.breached_at(course.told(), clock.hours(), clock.target_s, at) is not None
    clock.state = Clock.State.MISSED if missed else Clock.State.VOID if course.is_void else Clock.State.MET
    clock.stopped_at, clock.final_at, clock.due_at = at, course.final_at or at, None


def points_of(clock: Clock) -> list[tuple[dt.datetime, str]]:
    """What lies on the clock's way: warnings, the deadline, the steps after it, earliest first, each with its name."""
    return _points(clock, clock.told())


def _points(clock: Clock, told: list[sla.Segment]) -> list[tuple[dt.datetime, str]]:
    settings, due = clock.policy_version.read(), sla.due_at(told, clock.hours(), clock.target_s)
    steps = [step.point() for step in settings.steps if step.metric == clock.metric]
    points = [*settings.warnings.get(clock.metric, ()), *steps]
    found = [(moment, point.name) for moment, point in sla.instants(told, clock.hours(), clock.target_s, points)]
    if due is not None:
        found.append((due, MISSED))
    return sorted(found)


def points_passed(clock: Clock) -> list[tuple[dt.datetime, str]]:
    """What a clock that stands or has ended had come to before, of what somebody is to hear of; nothing where it was in time.

    Where the same waiting is counted by another clock, that one tells it.
    """
    told = clock.told()
    if told[-1].reason in WENT_ALONG:
        return []
    last = max((index for index, segment in enumerate(told) if segment.kind == RUNNING), default=-1)
    ran, stood = told[: last + 1], told[last + 1 :]
    points = _points(clock, ran) if ran else []
    return [(at, name) for at, name in points if at < stood[0].at and name.partition("+")[0] in _TELLS]


def arm(clock: Clock, at: dt.datetime) -> None:
    """Set the timer to the next point that has not been seen to: the deadline and its steps even when they have passed."""
    _arm([], [Course.of(clock)], at)


def _arm(new: Sequence[Course], known: Sequence[Course], at: dt.datetime) -> None:
    """The same for several. A new clock has no timer yet, and no notices. One that stands or has ended has none unless it
    was late before that and no worker has said so."""
    running = [course for course in known if course.clock.state == Clock.State.RUNNING]
    late = [course for course in known if course.clock.state == Clock.State.MISSED or course.clock.late_at is not None]
    late = [course for course in late if course not in running]
    seen: defaultdict[int, set[str]] = defaultdict(set)
    if running or late:
        notices = ClockNotice.objects.filter(clock__in=[course.clock.pk for course in (*running, *late)])
        for clock_id, name in notices.values_list("clock", "kind"):
            seen[clock_id].add(name)
    if known:
        timers.cancel(TIMER, on=[course.clock for course in known])
    running += [course for course in new if course.clock.state == Clock.State.RUNNING]
    ahead = [(course.clock, _ahead(course, at, seen[course.clock.pk])) for course in running]
    for course in late:
        untold = [moment for moment, name in points_passed(course.clock) if name not in seen[course.clock.pk]]
        ahead.append((course.clock, untold))
    timers.set_first(TIMER, [(clock, moments[0]) for clock, moments in ahead if moments], at=at)


def _ahead(course: Course, at: dt.datetime, seen: Collection[str]) -> list[dt.datetime]:
    """The moments still to be seen to; a warning whose moment has passed is none."""
    clock = course.clock
    warnings = {point.name for point in clock.policy_version.read().warnings.get(clock.metric, ())}
    points = _points(clock, course.told())
    return [moment for moment, name in points if name not in seen and (moment > at or name not in warnings)]
