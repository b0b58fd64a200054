"""Tickets that live through random days by the actions themselves: what is stored of their clocks is what every second says."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from aftersales.kernel import clock as time
from aftersales.kernel.errors import Refusal
from tests.kernel.second_by_second import EPOCH, Seconds
from tests.world import an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.details import change_ticket
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import CalendarVersion, Clock, Ticket

pytestmark = pytest.mark.django_db
FIRST, DAYS, DAY = dt.date(2026, 1, 28), 60, 86_400  # the Spring Festival, with a Saturday worked on either side
_BEGIN = int((dt.datetime.combine(FIRST, dt.time(), dt.UTC) - EPOCH).total_seconds())


@cache
def _mask(version: int) -> np.ndarray:
    hours = CalendarVersion.objects.get(pk=version).business_hours()
    return Seconds(hours.zone, hours.week, hours.days, FIRST, DAYS).mask


def _at(second: int) -> dt.datetime:
    return EPOCH + dt.timedelta(seconds=_BEGIN + second)


def _index(moment: dt.datetime) -> int:
    return int((moment - EPOCH).total_seconds()) - _BEGIN


def _deeds(ticket: Ticket) -> list[Callable[[random.Random], object]]:
    agent, pk = staff(), ticket.pk
    assert ticket.order is not None
    asker = customer(ticket.order)
    return [
        lambda _chance: receive_message(pk, text="还有消息吗？", actor=asker),
        lambda _chance: reply(pk, text="正在为您处理。", actor=agent),
        lambda _chance: note(pk, text="已联系仓库。", actor=agent),
        lambda chance: set_waiting(pk, chance.choice(["customer", "carrier", ""]), actor=agent, why="等回复"),
        lambda chance: change_ticket(pk, actor=agent, priority=chance.choice(Ticket.Priority.values)),
        lambda _chance: close_ticket(pk, actor=agent),
        lambda _chance: reopen_ticket(pk, actor=agent),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_stored_of_a_clock_is_what_every_second_says(seed: int) -> None:
    chance = random.Random(seed)
    second = chance.randrange(2 * DAY, 20 * DAY)
    order = an_order()
    with time.fixed(_at(second)):
        ticket = ask_question(order.pk, text="什么时候发货？", actor=customer(order))
    for _ in range(14):
        second += chance.randrange(1, chance.choice([120, 3 * 3600, DAY, 4 * DAY]))
        with time.fixed(_at(second)):
            try:
                chance.choice(_deeds(ticket))(chance)
            except (
                Refusal
            ):  # a closed ticket takes no reply, an open one is not opened again: nothing happens to its clocks
                continue
    now = second + 60
    clocks = list(Clock.objects.filter(ticket=ticket).prefetch_related("segments"))
    assert clocks
    for clock in clocks:
        _compare(clock, now)


def _compare(clock: Clock, now: int) -> None:
    runs = np.zeros(DAYS * DAY, dtype=bool)
    for segment in sorted(clock.segments.all(), key=lambda each: (each.at, each.pk)):
        runs[_index(segment.at) :] = segment.kind == "running"
    counts = runs & _mask(clock.calendar_version_id)
    told = f"{clock.metric} {clock.cycle} {clock.state}"
    assert clock.elapsed(_at(now)) == np.count_nonzero(counts[:now]), told
    used = np.flatnonzero(counts)
    after = int(used[clock.target_s - 1]) + 1 if len(used) >= clock.target_s else None
    reached = None if after is None or not runs[after:].any() else after + int(runs[after:].argmax())
    if clock.state == Clock.State.RUNNING:
        assert clock.due_at == (_at(reached) if reached is not None else clock.due_at), told
    else:
        assert clock.due_at is None, told
    if clock.stopped_at is not None and clock.state != Clock.State.VOID:
        assert (clock.state == Clock.State.MISSED) == (reached is not None), told
