"""How one clock is started, moved and stopped: rows and nothing else. Called by `clocks.py` and `waits.py` with the ticket
locked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from django.db.models import QuerySet

from aftersales.kernel.prepared import Later, lay_under, prepared
from aftersales.kernel.rowwrite import update_row
from aftersales.ledger.models import Event
from customers.gather import tiers
from customers.models import Shop
from tickets import sla
from tickets.actions.clock_courses import Course, write
from tickets.models import CalendarVersion, Clock, ClockSegment, PolicyVersion, Ticket
from tickets.models.calendar import SHOP
from tickets.models.sla_settings import FIRST, NEXT, Settings, Target
from tickets.sla.segments import PAUSED, RUNNING

RESPONSES = (FIRST, NEXT)
_Fit = tuple[PolicyVersion, Settings, Target]


def versions_in_use() -> list[PolicyVersion]:
    """The newest version of each policy in use, in the order in which they are asked."""
    return _versions_in_use()


@prepared
def _versions_in_use() -> QuerySet[PolicyVersion]:
    rows: QuerySet[PolicyVersion] = PolicyVersion.objects.filter(policy__in_use=True).newest().defer("settings")
    return rows


def settings_asked() -> tuple[Later[PolicyVersion], Later[CalendarVersion]]:
    """What is asked of the service levels where a clock starts by the usual calendar."""
    return _versions_in_use.later(), _newest.later(key=SHOP)


def target_of(ticket: Ticket, metric: str, settings: Settings, known: tuple[str, ...] | None = None) -> Target | None:
    """The target that this version has for the ticket as it is now, or None. `known`: the tiers, where they were read."""
    keys = tiers_of(ticket, settings) if known is None else known
    return settings.target(metric, ticket.kind, ticket.priority, keys)


def tiers_of(ticket: Ticket, settings: Settings) -> tuple[str, ...]:
    """Keys of the tiers of its customer. Asked only where the policy makes a difference."""
    return tuple(tier.key for tier in tiers.tiers_of(ticket.person_id)) if settings.names_tiers() else ()


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def shop_of(ticket: Ticket) -> Shop:
    """The shop that sold it; the usual settings of one where there is no order."""
    return ticket.order.shop if ticket.order else Shop()


def length_of(target: Target, calendar: CalendarVersion, started_at: dt.datetime, shop: Shop) -> int:
    """The target in business seconds. "The same day" is counted out from where the clock starts; a minute at least."""
    if target.seconds is not None:
        return target.seconds
    hours = calendar.business_hours()
    until = sla.same_day(
        started_at, hours.zone, until=_seconds(shop.complaints_until), then=_seconds(shop.complaints_next_day)
    )
    return max(hours.between(started_at, until), 60)


def would_be_due(kind: str, metric: str, at: dt.datetime) -> dt.datetime | None:
    """When such a clock would be due (UTC) on a ticket of this kind and normal priority opened at `at`; None without a target."""
    for version in versions_in_use():
        settings = version.read()
        target = settings.target(metric, kind, Ticket.Priority.NORMAL, ())
        if target is not None:
            calendar = newest_calendar(target.calendar)
            return calendar.business_hours().add(at, length_of(target, calendar, at, Shop()))
    return None


def start(ticket: Ticket, metrics: Iterable[str], at: dt.datetime, reason: str, event: Event | None) -> None:
    """New clocks, each the next cycle of its metric; none where no policy has a target."""
    write(beginning(ticket, metrics, at, reason, event, whom=ticket.waiting_on), at)


def beginning(
    ticket: Ticket, metrics: Iterable[str], at: dt.datetime, reason: str, event: Event | None,
    *, whom: str, are_first: bool = False,
) -> list[Course]:  # fmt: skip
    """The same, not written yet. `whom` the ticket waits for as they begin; `are_first`: there was no clock before."""
    new = []
    for clock, settings in _new_clocks(ticket, metrics, at, are_first=are_first):
        new.append(course := Course(clock, []))
        paused = settings.pauses_for(clock.metric, whom) and not is_owed(clock.metric, whom)
        course.add(PAUSED if paused else RUNNING, at, reason, event)
    return new


def is_owed(metric: str, whom: str) -> bool:
    """Whether somebody waits for us with this metric even while the ticket waits for `whom`: a customer who writes after we
    began to wait for them. So a response stands for them where it was owed before that, and only there."""
    return metric in RESPONSES and whom == Ticket.WaitingOn.CUSTOMER


def stands(metric: str, settings: Settings, ticket: Ticket, owed_since: dt.datetime) -> bool:
    """Whether such a clock stands while the ticket waits as it does; a response was owed since then."""
    began = ticket.waiting_since
    if is_owed(metric, ticket.waiting_on) and began is not None and owed_since >= began:
        return False
    return settings.pauses_for(metric, ticket.waiting_on)


def carry_on(
    ticket: Ticket, metric: str, story: Sequence[ClockSegment], at: dt.datetime, reason: str, event: Event | None,
    *, owed_since: dt.datetime | None = None,
) -> Clock | None:  # fmt: skip
    """A new clock that has counted what `story` tells (not saved, oldest first) and goes on as the ticket stands now.

    What was counted by other opening hours stays so; from `at` on those of the target count. `owed_since`: when the waiting
    came to this ticket, where it was elsewhere before.
    """
    for clock, settings in _new_clocks(ticket, [metric], story[0].at):
        course, paused = Course(clock, [*story]), stands(metric, settings, ticket, owed_since or story[0].at)
        course.add(
            PAUSED if paused else RUNNING, at, reason, event,
            target_s=clock.target_s, calendar_version=clock.calendar_version,
        )  # fmt: skip
        write([course], at)
        return clock
    return None


def fitting(ticket: Ticket, metric: str) -> _Fit | None:
    """The first policy in use that has a target for the ticket as it is now."""
    return _first_fit(ticket, metric, [(version, version.read()) for version in versions_in_use()], None)


def _first_fit(
    ticket: Ticket, metric: str, versions: list[tuple[PolicyVersion, Settings]], known: tuple[str, ...] | None
) -> _Fit | None:
    for version, settings in versions:
        target = target_of(ticket, metric, settings, known)
        if target is not None:
            return version, settings, target
    return None


def _new_clocks(
    ticket: Ticket, metrics: Iterable[str], at: dt.datetime, *, are_first: bool = False
) -> list[tuple[Clock, Settings]]:
    """Not saved: a clock of each metric that some policy has a target for, with the settings it goes by."""
    versions = [(version, version.read()) for version in versions_in_use()]
    metrics = tuple(metrics)
    known = next((tiers_of(ticket, settings) for _, settings in versions if settings.names_tiers(metrics)), ())
    calendars: dict[str, CalendarVersion] = {}
    made = []
    for metric in metrics:
        if (fit := _first_fit(ticket, metric, versions, known)) is None:
            continue
        version, settings, target = fit
        if target.calendar not in calendars:
            calendars[target.calendar] = newest_calendar(target.calendar)
        clock = Clock(ticket=ticket, metric=metric, policy_version=version, started_at=at)
        clock.calendar_version = calendars[target.calendar]
        clock.target_s = length_of(target, clock.calendar_version, at, shop_of(ticket))
        made.append((clock, settings))
    earlier: Counter[str] = Counter()
    if made and not are_first:
        earlier.update(Clock.objects.filter(ticket=ticket).values_list("metric", flat=True))
    for clock, _settings in made:
        clock.cycle = earlier[clock.metric] + 1
    return made


def newest_calendar(key: str) -> CalendarVersion:
    """The version of a calendar by which clocks start now."""
    return _newest(key=key)[0]


@prepared
def _newest(*, key: str) -> QuerySet[CalendarVersion]:
    newest = CalendarVersion.objects.filter(calendar__key=key).select_related("calendar").order_by("-number")
    return newest.defer("settings", "hours")[:1]


def open_clocks(ticket: Ticket) -> list[Clock]:
    """Those that run or stand, with all that counting needs."""
    clocks = _open(ticket=ticket.pk)
    lay_under(clocks, "segments", segments_of(clocks), by="clock_id")
    return clocks


@prepared
def _open(*, ticket: int) -> QuerySet[Clock]:
    rows: QuerySet[Clock] = Clock.objects.open().filter(ticket_id=ticket).told().prefetch_related(None)
    return rows


def segments_of(clocks: Collection[Clock]) -> list[ClockSegment]:
    """Those of all the clocks in one statement, in the order of writing, with what counting needs."""
    return _segments(clocks=tuple(each.pk for each in clocks)) if clocks else []


@prepared
def _segments(*, clocks: tuple[int, ...]) -> QuerySet[ClockSegment]:
    rows: QuerySet[ClockSegment] = ClockSegment.objects.told().filter(clock_id__in=clocks)
    return rows


def last_clock(ticket: Ticket, metric: str) -> Clock | None:
    """The newest cycle of this metric."""
    found: Clock | None = Clock.objects.filter(ticket=ticket, metric=metric).told().order_by("-cycle").first()
    return found


def append(
    clock: Clock, kind: str, at: dt.datetime, reason: str, event: Event | None,
    *, target: bool = False, calendar: CalendarVersion | None = None,
) -> None:  # fmt: skip
    """Add a segment to an open clock, read as `told`, and bring its row and timer in line. `at` is the instant of the action."""
    course = Course.of(clock)
    course.add(kind, at, reason, event, target_s=clock.target_s if target else None, calendar_version=calendar)
    write([course], at)


def stop(clock: Clock, at: dt.datetime, reason: str, event: Event | None, *, void: bool = False) -> None:
    """The clock ends. `void`: without anything having been done for it, unless its deadline had passed already."""
    course = Course.of(clock)
    course.end(at, reason, event, void=void)
    write([course], at)


def run_on(ticket: Ticket, at: dt.datetime, event: Event | None) -> None:
    """The responses that stand for the customer run on: the customer has written."""
    clocks = open_clocks(ticket) if ticket.waiting_on == Ticket.WaitingOn.CUSTOMER else []
    stood = [Course.of(each) for each in clocks if each.metric in RESPONSES and each.state == Clock.State.PAUSED]
    for course in stood:
        course.add(RUNNING, at, "customer_wrote", event)
    write(stood, at)


def go_on(clock: Clock, at: dt.datetime, kind: str, event: Event | None) -> None:
    """A clock that ended a moment ago had not: it goes on. The caller has seen that `at` is not after `final_at`."""
    clock.state, clock.stopped_at, clock.final_at, clock.resumed_at = Clock.State.PAUSED, None, None, at
    clock.save(update_fields=["state", "stopped_at", "final_at", "resumed_at"])
    append(clock, kind, at, "reopened", event)


def keep_due(ticket: Ticket, clocks: Iterable[Clock] | None = None, *, also: Collection[str] = ()) -> None:
    """`Ticket.due_at` is the least of the next step of its process and what its running clocks are due.

    `clocks` are all that are open, where they were read; `also` names fields of the ticket that are saved along.
    """
    if clocks is None:
        running = list(Clock.objects.filter(ticket=ticket, state=Clock.State.RUNNING).values_list("due_at", flat=True))
    else:
        running = [clock.due_at for clock in clocks if clock.state == Clock.State.RUNNING]
    due = min((each for each in [ticket.process_due_at, *running] if each is not None), default=None)
    if ticket.status == Ticket.Status.CLOSED:
        due = None
    fields = [*also, *(["due_at"] if ticket.due_at != due else [])]
    ticket.due_at = due
    if fields:
        update_row(ticket, fields)
