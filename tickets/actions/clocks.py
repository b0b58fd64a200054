"""What the clocks of a ticket hear of: called by the actions on tickets, in their transaction, with the ticket locked.

Each function may be called twice and says how the ticket stands now; a clock that already stands so is left alone. `at`
(UTC) is when it happened, also for late news such as a mail that was under way. `event` is what happened, for the record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from aftersales.ledger.models import Event
from tickets.actions.clock_courses import WENT_ALONG, Course, write
from tickets.actions.clockwork import (
    RESPONSES,
    beginning,
    go_on,
    is_owed,
    keep_due,
    last_clock,
    length_of,
    newest_calendar,
    open_clocks,
    run_on,
    shop_of,
    start,
    target_of,
    versions_in_use,
)
from tickets.actions.waits import spoken_since
from tickets.models import CalendarVersion, Clock, Ticket
from tickets.models.sla_settings import ANSWER, FIRST, NEXT, RESOLUTION, Settings, Target
from tickets.sla.segments import PAUSED, RUNNING, STOPPED


def opened(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """A new ticket: first response, answer and resolution start, where a policy has a target for them."""
    courses = _as_opened(ticket, at, event)
    write(courses, at)
    keep_due(ticket, _clocks(courses))


def opened_and_answered(ticket: Ticket, at: dt.datetime, opened: Event, event: Event) -> None:
    """A new ticket that is opened with a talk: the same as `opened` and then `staff_answered`, written once."""
    _answer(ticket, _as_opened(ticket, at, opened), at, event, ())


def _as_opened(ticket: Ticket, at: dt.datetime, event: Event | None) -> list[Course]:
    """Whomever it waits for a moment later, it is opened waiting for nobody."""
    nobody = Ticket.WaitingOn.NOBODY
    return beginning(ticket, (FIRST, ANSWER, RESOLUTION), at, "opened", event, whom=nobody, are_first=True)


def customer_wrote(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """The next response runs from the oldest message without an answer; further messages do not start it anew.

    One that stood for the customer runs on: they have written, also where a request goes on waiting for them.
    """
    states = Clock.objects.open().filter(ticket=ticket, metric__in=RESPONSES).values_list("state", flat=True)
    if not (known := list(states)):
        start(ticket, (NEXT,), at, "customer_wrote", event)
    elif Clock.State.PAUSED in known:
        run_on(ticket, at, event)
    keep_due(ticket)


def would_answer(ticket: Ticket) -> bool:
    """Whether some policy says by when the customer's message is answered."""
    versions = [version.read() for version in versions_in_use()]
    return any(target_of(ticket, metric, settings) is not None for settings in versions for metric in RESPONSES)


def staff_answered(
    ticket: Ticket, at: dt.datetime, event: Event | None = None, *, now_waits: Collection[str] = ()
) -> None:
    """A human's public message, or a talk marked as contact: the waiting responses are given.

    `now_waits` names the fields of the ticket that say whom it waits for from now on; they are saved here.
    """
    _answer(ticket, _open_courses(ticket), at, event, now_waits)


def _answer(
    ticket: Ticket, courses: list[Course], at: dt.datetime, event: Event | None, now_waits: Collection[str]
) -> None:
    for course in courses:
        if course.clock.metric in RESPONSES:
            course.end(at, "reply", event)
    if now_waits:
        _follow_waiting(ticket, courses, at, event)
    write(courses, at)
    keep_due(ticket, _clocks(courses), also=now_waits)


def answered(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """The customer was told what we will do about the complaint."""
    courses = _open_courses(ticket)
    for course in courses:
        if course.clock.metric == ANSWER:
            course.end(at, "answered", event)
    write(courses, at)
    keep_due(ticket, _clocks(courses))


def waiting_changed(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """The ticket waits for somebody else, or for nobody: the policy of each clock says whether it stands or runs."""
    courses = _open_courses(ticket)
    _follow_waiting(ticket, courses, at, event)
    write(courses, at)
    keep_due(ticket, _clocks(courses))


def _follow_waiting(ticket: Ticket, courses: Iterable[Course], at: dt.datetime, event: Event | None) -> None:
    begins = ticket.waiting_since == at
    for course in courses:
        clock = course.clock
        pauses = clock.policy_version.read().pauses_for(clock.metric, ticket.waiting_on)
        if pauses and not begins and is_owed(clock.metric, ticket.waiting_on):
            continue  # what runs was asked since
        if course.kind != STOPPED and pauses == (course.kind == RUNNING):
            course.add(PAUSED if pauses else RUNNING, at, ticket.waiting_on or "resumed", event)


def _open_courses(ticket: Ticket) -> list[Course]:
    return [Course.of(clock) for clock in open_clocks(ticket)]


def _clocks(courses: Iterable[Course]) -> list[Clock]:
    return [course.clock for course in courses]


def closed(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """Everything ends. A response that nobody gave is not met by closing: it is void, or missed where it was late."""
    courses = _open_courses(ticket)
    for course in courses:
        clock = course.clock
        window = dt.timedelta(seconds=clock.policy_version.read().continue_within)
        course.end(at, "closed", event, final_at=at + window, void=clock.metric in (*RESPONSES, ANSWER))
    write(courses, at)
    keep_due(ticket, ())


def reopened(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """Open again: within the policy's minutes the old clocks go on, later the resolution begins a new cycle.

    So does a response that was not given before it was closed: from now on, closed it was not waited for.
    """
    new = []
    for metric in (FIRST, ANSWER, NEXT, RESOLUTION):
        last = last_clock(ticket, metric)
        if last is None or last.is_open:
            continue
        ended_by = last.segments.all()[len(last.segments.all()) - 1].reason
        if ended_by in WENT_ALONG:
            continue  # its waiting went to another ticket, and comes back from there
        if ended_by == "closed" and last.final_at is not None and at <= last.final_at:
            paused = last.policy_version.read().pauses_for(metric, ticket.waiting_on)
            go_on(last, at, PAUSED if paused else RUNNING, event)
        elif metric == NEXT:
            if ended_by == "closed" and FIRST not in new and not spoken_since(ticket, last.stopped_at):
                new.append(metric)
        elif metric == RESOLUTION or last.state == Clock.State.VOID:
            new.append(metric)
    start(ticket, new, at, "reopened", event)
    keep_due(ticket)


def reprioritised(ticket: Ticket, at: dt.datetime, event: Event | None = None) -> None:
    """Another priority, kind or customer: the targets change, with the hours they count by, and the time that has passed stays.

    A deadline that has passed is history: such a clock keeps its target, so nobody makes it on time afterwards.
    """
    courses = _open_courses(ticket)
    for course in courses:
        clock = course.clock
        if clock.breached_at(at) is not None:
            continue
        settings = clock.policy_version.read()
        target = target_of(ticket, clock.metric, settings)
        if target is None:
            continue
        calendar = _counted_by(clock, target, settings)
        length, is_other = (
            length_of(target, calendar, clock.started_at, shop_of(ticket)),
            calendar != clock.calendar_version,
        )
        if length != clock.target_s or is_other:
            clock.target_s, clock.calendar_version = length, calendar
            course.add(
                course.kind, at, "priority", event, target_s=length, calendar_version=calendar if is_other else None
            )
    write(courses, at)
    keep_due(ticket, _clocks(courses))


def _counted_by(clock: Clock, target: Target, settings: Settings) -> CalendarVersion:
    """The calendar of the target: in the version the clock has where that is the same one, else in the newest."""
    if len(settings.calendars) > 1:
        newest = newest_calendar(target.calendar)
        if newest.calendar_id != clock.calendar_version.calendar_id:
            return newest
    return clock.calendar_version
