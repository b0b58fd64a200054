"""A point on the way of a clock is reached: warn, say that the deadline passed, take the steps after it. Called by the timer.

A notice row is written once for each clock and point, so two workers or a rerun tell nobody twice. What it stands for is
the point itself: the deadline, to the second, however late the worker comes by. A clock that stands reaches nothing; what it
had passed before that is told all the same, but nobody is hurried any more.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count, Q

from aftersales.accounts.models import User
from aftersales.kernel.actor import SYSTEM, Role
from aftersales.ledger import timers
from aftersales.ledger.record import record
from tickets.actions.assignment import assign, raise_priority
from tickets.actions.clock_courses import MISSED, TIMER, arm, points_of, points_passed
from tickets.actions.distribution import on_duty
from tickets.models import Clock, ClockNotice, Ticket


@transaction.atomic
def reach(clock_id: int, *, now: dt.datetime) -> None:
    """See to every point that has passed by `now`, oldest first, and set the timer to the next one."""
    ticket: Ticket | None = Ticket.objects.select_for_update().filter(clocks__pk=clock_id).first()
    clock: Clock | None = Clock.objects.told().select_for_update(of=("self",)).filter(pk=clock_id).first()
    if ticket is None or clock is None:
        return
    if clock.state != Clock.State.RUNNING:
        for at, name in points_passed(clock):
            _late(ticket, clock, name, at, now)
        return
    points = [(at, name) for at, name in points_of(clock) if at <= now]
    warnings = {point.name for point in clock.policy_version.read().warnings.get(clock.metric, ())}
    is_missed = any(name == MISSED for _at, name in points)
    for at, name in points:
        if name not in warnings:
            _late(ticket, clock, name, at, now)
    told = [(at, name) for at, name in points if name in warnings]
    if told and not is_missed:
        opens = clock.hours().next_open(now)
        if opens > now:  # the worker stood still until after closing time: nobody is warned at night
            timers.set_timer(TIMER, on=clock, due_at=min(opens, clock.due_at or opens), at=now)
            return
        _warn(ticket, clock, *told[-1], now)  # of several that were slept through, the last says all
    arm(clock, now)


def _warn(ticket: Ticket, clock: Clock, at: dt.datetime, name: str, now: dt.datetime) -> None:
    if _is_new(clock, name, at):
        record("clock.warned", on=ticket, actor=SYSTEM, at=at, **_about(clock, now), point=name)


def _late(ticket: Ticket, clock: Clock, name: str, at: dt.datetime, now: dt.datetime) -> None:
    if not _is_new(clock, name, at):
        return
    if name == MISSED:
        record("clock.missed", on=ticket, actor=SYSTEM, at=at, **_about(clock, now))
        return
    deed = name.partition("+")[0]
    if deed == "raise_priority":  # moves the other clocks: this one is late and stays as it is
        ticket.priority = max(Ticket.Priority.URGENT, ticket.priority - 1)
        raise_priority(ticket.pk, ticket.priority)
    elif deed == "reassign" and (lead := _least_loaded_lead(ticket, now)):
        assign(ticket.pk, user_id=lead.pk, actor=SYSTEM)
        ticket.assignee = lead
    record("clock.escalated", on=ticket, actor=SYSTEM, at=max(at, ticket.opened_at), **_about(clock, now), deed=deed)


def _least_loaded_lead(ticket: Ticket, now: dt.datetime) -> User | None:
    """Who takes over: of the leads on duty the one with the fewest open tickets, and never the one who was late with it."""
    load = Count("tickets", filter=~Q(tickets__status=Ticket.Status.CLOSED))
    leads = on_duty(User.objects.filter(role=Role.LEAD, is_active=True), now).exclude(pk=ticket.assignee_id or 0)
    return leads.annotate(load=load).order_by("load", "pk").first()


def _is_new(clock: Clock, name: str, at: dt.datetime) -> bool:
    _notice, is_new = ClockNotice.objects.get_or_create(clock=clock, kind=name, defaults={"at": at})
    return is_new


def _about(clock: Clock, now: dt.datetime) -> dict[str, str | int]:
    due = clock.due_at or clock.breached_at(now)
    return {"clock": clock.pk, "metric": clock.metric, "due": due.isoformat() if due else ""}
