"""Tickets that live through random days by the actions themselves: what is stored of their clocks is what every second says."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from aftersales.kernel import clock as time
from aftersales.kernel.errors import Refusal
from tests.tickets.sla.lived import DAY, DAYS, Life, index, mask_of, moment
from tests.world import an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.details import change_ticket
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import Clock, Ticket

pytestmark = pytest.mark.django_db


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
    with time.fixed(moment(second)):
        ticket = ask_question(order.pk, text="什么时候发货？", actor=customer(order))
    for _ in range(14):
        second += chance.randrange(1, chance.choice([120, 3 * 3600, DAY, 4 * DAY]))
        with time.fixed(moment(second)):
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


@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_was_waited_is_lost_between_tickets(seed: int) -> None:
    """Merged, taken apart, split, called otherwise, with other targets and other hours in mid-history."""
    life = Life(seed)
    life.live(20)
    for clock in Clock.objects.filter(ticket__in=life.accounts).prefetch_related("segments"):
        _compare(clock, life.second + 60)


def _compare(clock: Clock, now: int) -> None:
    runs, opens, calendar = np.zeros(DAYS * DAY, dtype=bool), np.zeros(DAYS * DAY, dtype=bool), 0
    for segment in sorted(clock.segments.all(), key=lambda each: (each.at, each.pk)):
        calendar = segment.calendar_version_id or calendar
        runs[index(segment.at) :] = segment.kind == "running"
        opens[index(segment.at) :] = mask_of(calendar)[index(segment.at) :]
    counts = runs & opens
    told = f"{clock.metric} {clock.cycle} {clock.state}"
    assert clock.elapsed(moment(now)) == np.count_nonzero(counts[:now]), told
    used = np.flatnonzero(counts)
    after = int(used[clock.target_s - 1]) + 1 if len(used) >= clock.target_s else None
    reached = None if after is None or not runs[after:].any() else after + int(runs[after:].argmax())
    if clock.state == Clock.State.RUNNING:
        assert clock.due_at == (moment(reached) if reached is not None else clock.due_at), told
    else:
        assert clock.due_at is None, told
    if clock.stopped_at is not None and clock.state != Clock.State.VOID:
        assert (clock.state == Clock.State.MISSED) == (reached is not None), told
