"""How one clock is started, moved and stopped: rows and nothing else. Called by `clocks.py` and `waits.py` with the ticket
locked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from aftersales.kernel.prepared import lay_under, prepared
from aftersales.ledger import timers
from aftersales.ledger.models import Event
from customers.gather import tiers
from customers.models import Shop
from tickets import sla
from tickets.models import CalendarVersion, Clock, ClockNotice, ClockSegment, PolicyVersion, Ticket
from tickets.models.sla_settings import Settings, Target
from tickets.sla.segments import PAUSED, RUNNING, STOPPED

TIMER = "ticket.clock"  # the kind of timer: the next moment at which somebody is to hear of a clock
MISSED = "missed"  # the kind of notice of a deadline that passed
_Fit = tuple[PolicyVersion, Settings, Target]


def versions_in_use() -> list[PolicyVersion]:
    """The newest version of each policy in use, in the order in which they are asked."""
    return _versions_in_use()


@prepared
def _versions_in_use() -> QuerySet[PolicyVersion]:
    rows: QuerySet[PolicyVersion] = PolicyVersion.objects.filter(policy__in_use=True).newest().defer("settings")
    return rows


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


def start(
    ticket: Ticket,
    metrics: Iterable[str],
    at: dt.datetime,
    reason: str,
    event: Event | None,
    *,
    are_first: bool = False,
) -> list[Clock]:
    """New clocks, each the next cycle of its metric; none where no policy has a target. `are_first`: there was none before."""
    new: list[tuple[Clock, list[ClockSegment]]] = []
    for clock, settings in _new_clocks(ticket, metrics, at, are_first=are_first):
        paused = settings.pauses_for(clock.metric, ticket.waiting_on)
        new.append((clock, [ClockSegment(kind=PAUSED if paused else RUNNING, at=at, reason=reason, event=event)]))
    _begin(new, at)
    return [clock for clock, _segments in new]


def carry_on(
    ticket: Ticket, metric: str, story: Sequence[ClockSegment], at: dt.datetime, reason: str, event: Event | None
) -> Clock | None:
    """A new clock that has counted what `story` tells (not saved, oldest first) and goes on as the ticket stands now.

    What was counted by other opening hours stays so; from `at` on those of the target count.
    """
    for clock, settings in _new_clocks(ticket, [metric], story[0].at):
        paused = settings.pauses_for(metric, ticket.waiting_on)
        join = ClockSegment(
            kind=PAUSED if paused else RUNNING, at=max(at, story[-1].at), reason=reason, event=event,
            target_s=clock.target_s, calendar_version=clock.calendar_version,
        )  # fmt: skip
        _begin([(clock, [*story, join])], at)
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


def _begin(new: Sequence[tuple[Clock, list[ClockSegment]]], at: dt.datetime) -> None:
    """Write new clocks with their segments and timers: nothing was there before, so nothing is read, and each table is written
    once."""
    due: list[tuple[Model, dt.datetime]] = []
    for clock, segments in new:
        segments[0].target_s = clock.target_s
        segments[0].calendar_version = segments[0].calendar_version or clock.calendar_version
        told = [segment.plain() for segment in segments]
        _bring_in_line(clock, told)
        if clock.due_at is not None and (ahead := _ahead(clock, told, at, seen=frozenset())):
            due.append((clock, ahead[0]))
    Clock.objects.bulk_create([clock for clock, _segments in new])
    for clock, segments in new:
        for segment in segments:
            segment.clock = clock
    ClockSegment.objects.bulk_create([segment for _clock, segments in new for segment in segments])
    timers.set_first(TIMER, due, at=at)


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
    _add(clock, kind, at, reason, event, target_s=clock.target_s if target else None, calendar_version=calendar)
    _bring_in_line(clock, clock.told())
    clock.save(update_fields=["due_at", "late_at", "state", "target_s", "policy_version", "calendar_version"])
    arm(clock, at)


def _add(clock: Clock, kind: str, at: dt.datetime, reason: str, event: Event | None, **more: Any) -> ClockSegment:
    """Write a segment, and let the clock know of it without reading them all again.

    Late news takes effect from the last segment on: how the ticket stands now is how the clock stands now.
    """
    before = list(clock.segments.all())
    at = max(at, before[-1].at if before else clock.started_at)
    added = ClockSegment.objects.create(clock=clock, kind=kind, at=at, reason=reason, event=event, **more)
    told = ClockSegment.objects.filter(clock=clock)
    told._result_cache = [*before, added]
    clock._prefetched_objects_cache = {"segments": told}  # type: ignore[attr-defined]
    return added


def _bring_in_line(clock: Clock, told: list[sla.Segment]) -> None:
    """What the row keeps of an open clock, from its segments."""
    runs, hours = sla.segments.last_kind(told) == RUNNING, clock.hours()
    clock.state = Clock.State.RUNNING if runs else Clock.State.PAUSED
    clock.due_at = sla.due_at(told, hours, clock.target_s)
    clock.late_at = None if runs else sla.reached_at(told, hours, clock.target_s)


def stop(
    clock: Clock, at: dt.datetime, reason: str, event: Event | None, *, final_at: dt.datetime | None = None,
    void: bool = False,
) -> None:  # fmt: skip
    """The clock ends. `void`: without anything having been done for it, unless its deadline had passed already."""
    at = _add(clock, STOPPED, at, reason, event).at
    missed = sla.breached_at(clock.told(), clock.hours(), clock.target_s, at) is not None
    clock.state = Clock.State.MISSED if missed else Clock.State.VOID if void else Clock.State.MET
    clock.stopped_at, clock.final_at, clock.due_at = at, final_at or at, None
    clock.save(update_fields=["state", "stopped_at", "final_at", "due_at"])
    timers.cancel(TIMER, on=clock)


def go_on(clock: Clock, at: dt.datetime, kind: str, event: Event | None) -> None:
    """A clock that ended a moment ago had not: it goes on. The caller has seen that `at` is not after `final_at`."""
    clock.state, clock.stopped_at, clock.final_at, clock.resumed_at = Clock.State.PAUSED, None, None, at
    clock.save(update_fields=["state", "stopped_at", "final_at", "resumed_at"])
    append(clock, kind, at, "reopened", event)


def points_of(clock: Clock) -> list[tuple[dt.datetime, str]]:
    """What lies on the clock's way: warnings, the deadline, the steps after it, earliest first, each with its name."""
    return _points(clock, clock.told())


def _points(clock: Clock, told: list[sla.Segment]) -> list[tuple[dt.datetime, str]]:
    settings = clock.policy_version.read()
    steps = [step.point() for step in settings.steps if step.metric == clock.metric]
    points = [*settings.warnings.get(clock.metric, ()), *steps]
    found = [(moment, point.name) for moment, point in sla.instants(told, clock.hours(), clock.target_s, points)]
    if clock.due_at is not None:
        found.append((clock.due_at, MISSED))
    return sorted(found)


def arm(clock: Clock, at: dt.datetime) -> None:
    """Set the timer to the next point that has not been seen to: the deadline and its steps even when they have passed."""
    if clock.state != Clock.State.RUNNING:
        timers.cancel(TIMER, on=clock)
        return
    seen = frozenset(ClockNotice.objects.filter(clock=clock).values_list("kind", flat=True))
    if ahead := _ahead(clock, clock.told(), at, seen):
        timers.set_timer(TIMER, on=clock, due_at=ahead[0], at=at)
    else:
        timers.cancel(TIMER, on=clock)


def _ahead(clock: Clock, told: list[sla.Segment], at: dt.datetime, seen: frozenset[str]) -> list[dt.datetime]:
    """The moments still to be seen to; a warning whose moment has passed is none."""
    warnings = {point.name for point in clock.policy_version.read().warnings.get(clock.metric, ())}
    return [
        moment for moment, name in _points(clock, told) if name not in seen and (moment > at or name not in warnings)
    ]


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
        ticket.save(update_fields=fields)
