"""Tickets that live through random days together, and a second-by-second account of their resolutions. Used by `test_lived.py`.

The account samples how each ticket stands after each deed and keeps, for each second, whether it counts. It knows nothing of
segments: a merge, a split, a move or another calendar is a rule about whole stretches of seconds.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from aftersales.kernel import clock as time
from aftersales.kernel.errors import Refusal
from customers.models import Order
from tests.kernel.second_by_second import EPOCH, Seconds
from tests.world import an_order, customer, staff
from tickets.actions.calendars import save_calendar
from tickets.actions.clockwork import fitting
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.details import change_ticket
from tickets.actions.merging import merge_tickets, unmerge
from tickets.actions.policy_moves.moving import go_on, start_calendar_move, start_move
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.actions.sla_policies import save_policy
from tickets.actions.splitting import split_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import CalendarVersion, Clock, Message, PolicyMove, SlaPolicy, Ticket, WorkCalendar

FIRST, DAYS, DAY, HOUR = dt.date(2026, 1, 28), 60, 86_400, 3600  # the Spring Festival, with Saturdays worked
_BEGIN = int((dt.datetime.combine(FIRST, dt.time(), dt.UTC) - EPOCH).total_seconds())


@cache
def _shipped() -> np.ndarray:
    """Which seconds are worked by the calendar that a shop starts with."""
    hours = CalendarVersion.objects.get(calendar__key="shop", number=1).business_hours()
    return Seconds(hours.zone, hours.week, hours.days, FIRST, DAYS).mask


@cache
def mask_of(version: int) -> np.ndarray:
    """The same by this version of it, in which days are closed, or by the other calendar, which never is. In Shanghai they
    begin at 16:00 UTC of the day before."""
    known = CalendarVersion.objects.select_related("calendar").get(pk=version)
    mask = _shipped().copy() if known.calendar.key == "shop" else ~_never()
    for day in known.settings.get("own") or {}:
        begin = (dt.date.fromisoformat(day) - FIRST).days * DAY - 8 * HOUR
        mask[max(begin, 0) : max(begin + DAY, 0)] = False
    return mask


def moment(second: int) -> dt.datetime:
    return EPOCH + dt.timedelta(seconds=_BEGIN + second)


def index(at: dt.datetime) -> int:
    return int((at - EPOCH).total_seconds()) - _BEGIN


def _never() -> np.ndarray:
    return np.zeros(DAYS * DAY, dtype=bool)


@dataclass
class Account:
    """One ticket, second by second. `works`: it was worked on; `worked`: and the shop was open; `runs`, `counts`: the same of
    what its resolution has waited, wherever that was."""

    works: np.ndarray = field(default_factory=_never)
    worked: np.ndarray = field(default_factory=_never)
    runs: np.ndarray = field(default_factory=_never)
    counts: np.ndarray = field(default_factory=_never)
    begun: int = 0
    calendar: int = 0
    working: bool = True
    closed: int | None = None
    merged: tuple[int, int] | None = None  # into which, when
    gave_way: dict[int, tuple[np.ndarray, np.ndarray, int]] = field(
        default_factory=dict
    )  # to the waiting of which ticket

    def late(self, target: int, now: int) -> bool:
        """The target was used up, and the clock ran after that."""
        used = np.flatnonzero(self.counts[:now])
        return len(used) >= target and bool(self.runs[int(used[target - 1]) + 1 : now].any())


class Life:
    """Some tickets of one customer, the deeds done to them, and the account kept beside."""

    def __init__(self, seed: int) -> None:
        mask_of.cache_clear()
        self.chance, self.closes = random.Random(seed), bool(seed % 2)
        self.order: Order = an_order()
        self.agent, self.manager = staff(), staff("manager")
        self.accounts: dict[int, Account] = {}
        self.second = self.chance.randrange(2 * DAY, 15 * DAY)
        if self.closes:
            self.save_targets("always")
        for _ in range(2):
            self.opened()
            self.pass_time()

    def live(self, deeds: int) -> None:
        """So many deeds at random; what is refused has not happened."""
        for _ in range(deeds):
            self.pass_time()
            with time.fixed(moment(self.second)):
                with suppress(Refusal):
                    self.chance.choice(self.deeds())()
                self.look()
            self.compare()

    def compare(self) -> None:
        """Each open resolution has counted what the account says."""
        for pk, account in self.accounts.items():
            if (clock := self.resolution(pk)) is not None:
                told = f"{pk} at {self.second}: {[(row.kind, row.reason) for row in clock.segments.all()]}"
                assert clock.started_at == moment(account.begun), told
                if clock.breached_at(moment(self.second)) is None and (
                    fit := fitting(Ticket.objects.get(pk=pk), "resolution")
                ):
                    assert clock.calendar_version.calendar.key == fit[2].calendar, told
                assert clock.elapsed(moment(self.second)) == np.count_nonzero(account.counts[: self.second]), told

    def pass_time(self) -> None:
        before, chance = self.second, self.chance
        self.second += chance.randrange(1, chance.choice([120, 3 * HOUR, DAY, 2 * DAY]))
        stretch = slice(before, self.second)
        for account in self.accounts.values():
            account.works[stretch] = account.runs[stretch] = account.working
            account.worked[stretch] = account.counts[stretch] = (
                mask_of(account.calendar)[stretch] if account.working else False
            )

    def opened(self) -> None:
        with time.fixed(moment(self.second)):
            ticket = ask_question(self.order.pk, text="什么时候发货？", actor=customer(self.order))
        self.accounts[ticket.pk] = Account(begun=self.second)
        self.look()

    def look(self) -> None:
        """How the tickets stand now, and whether a resolution began anew."""
        for ticket in Ticket.objects.filter(pk__in=self.accounts):
            account = self.accounts[ticket.pk]
            account.working = ticket.status != "closed" and ticket.waiting_on != "customer"
            if ticket.status == "closed":
                account.closed = self.second if account.closed is None else account.closed
            elif account.closed is not None:
                if self.second - account.closed > HOUR:
                    account.begun, account.runs[:], account.counts[:] = self.second, False, False
                account.closed = None
            if (clock := self.resolution(ticket.pk)) is not None:
                account.calendar = clock.calendar_version_id

    def resolution(self, ticket: int) -> Clock | None:
        found: Clock | None = Clock.objects.told().open().filter(ticket=ticket, metric="resolution").first()
        return found

    def deeds(self) -> list[Callable[[], object]]:
        """Talk more than anything else; in every other life tickets are closed, in the rest they change their kind."""
        chance, agent = self.chance, self.agent
        pk = chance.choice(list(self.accounts))
        talk: list[Callable[[], object]] = [
            lambda: receive_message(pk, text="还有消息吗？", actor=customer(self.order)),
            lambda: reply(pk, text="正在为您处理。", actor=agent),
            lambda: note(pk, text="已联系仓库。", actor=agent),
            lambda: set_waiting(pk, chance.choice(["customer", "carrier", ""]), actor=agent, why="等回复"),
            lambda: change_ticket(pk, actor=agent, priority=chance.choice(Ticket.Priority.values)),
        ]
        ends: list[Callable[[], object]] = [
            lambda: close_ticket(pk, actor=agent), lambda: reopen_ticket(pk, actor=agent), self.other_targets,
        ]  # fmt: skip
        kinds: list[Callable[[], object]] = [
            lambda: change_ticket(pk, actor=agent, kind=chance.choice(["question", "task"]))
        ]
        return [
            *talk, *talk, *(ends if self.closes else kinds), self.other_hours,
            lambda: self.merge(pk), lambda: self.merge(pk), self.apart, self.apart, lambda: self.split(pk),
        ]  # fmt: skip

    def merge(self, pk: int) -> None:
        into = self.chance.choice(list(self.accounts))
        there_clock, clock = self.resolution(into), self.resolution(pk)
        merge_tickets(pk, into, actor=self.agent)
        source, there = self.accounts[pk], self.accounts[into]
        if source.merged is not None:
            return
        source.merged = (into, self.second)
        ticket = Ticket.objects.get(pk=into)
        if there_clock is None or clock is None or (fit := fitting(ticket, "resolution")) is None:
            return
        left = (fit[2].seconds or 0) - np.count_nonzero(source.counts), source.begun
        left_there = there_clock.target_s - np.count_nonzero(there.counts), there.begun
        if left < left_there and not there.late(there_clock.target_s, self.second):
            there.gave_way[pk] = there.runs.copy(), there.counts.copy(), there.begun
            there.runs, there.counts, there.begun = source.runs.copy(), source.counts.copy(), source.begun

    def apart(self) -> None:
        """Of the tickets that were merged the last one comes back, and has stood whenever the other did."""
        standing = [pk for pk, each in self.accounts.items() if each.merged]
        if not standing:
            return
        pk = max(standing, key=lambda each: (self.accounts[each].merged or (0, 0))[1])
        source = self.accounts[pk]
        assert source.merged is not None
        into, since = source.merged
        unmerge(pk, actor=self.agent)
        there, meanwhile = self.accounts[into], slice(since, self.second)
        source.merged = source.closed = None
        source.works[meanwhile] = source.runs[meanwhile] = there.works[meanwhile]
        source.worked[meanwhile] = source.counts[meanwhile] = there.worked[meanwhile]
        if (own := there.gave_way.pop(pk, None)) is not None and there.closed is None:
            there.runs, there.counts, there.begun = own
            there.runs[meanwhile], there.counts[meanwhile] = there.works[meanwhile], there.worked[meanwhile]

    def split(self, pk: int) -> None:
        last = Message.objects.filter(ticket=pk, sent=True).order_by("-pk").first()
        if last is None:
            return
        new = split_ticket(pk, [last.pk], title="另一件事", actor=self.agent)
        if new.pk in self.accounts:
            return
        old = self.accounts[pk]
        begun = max(index(last.at) if last.by == "customer" else self.second, old.begun)
        self.accounts[new.pk] = made = Account(begun=begun)
        for mine, theirs in ((made.runs, old.runs), (made.counts, old.counts)):
            mine[begun : self.second] = theirs[begun : self.second]

    def other_targets(self) -> None:
        """A newer version with other targets, and the open clocks go over to it."""
        policy = self.save_targets(self.chance.choice(["shop", "always"]))
        self.move(start_move(policy.pk, actor=self.manager))

    def save_targets(self, hours: str) -> SlaPolicy:
        """Other targets for what begins from now on; what is urgent goes by these hours."""
        policy = SlaPolicy.objects.get(key="default")
        lengths = {"resolution": ["4h", "9h", "18h", "27h", "60h"], "first_response": ["10m", "30m", "2h"]}
        rows = [
            row
            | ({"target": self.chance.choice(lengths[row["metric"]])} if row["metric"] in lengths else {})
            | ({"calendar": hours} if row["metric"] == "resolution" and row.get("priority") == 1 else {})
            for row in policy.current().settings["targets"]
        ]
        save_policy(policy.pk, policy.current().settings | {"targets": rows, "warnings": {}}, actor=self.manager)
        return policy

    def other_hours(self) -> None:
        """Two more days closed, and the open clocks count by that from now on."""
        calendar = WorkCalendar.objects.get(key="shop")
        settings: dict[str, Any] = calendar.current().settings
        day = (moment(self.second) + dt.timedelta(days=self.chance.randrange(1, 6))).date()
        own: dict[str, Any] = {(day + dt.timedelta(days=each)).isoformat(): {"hours": []} for each in range(2)}
        save_calendar(calendar.pk, settings | {"own": {**(settings.get("own") or {}), **own}}, actor=self.manager)
        self.move(start_calendar_move(calendar.pk, actor=self.manager))

    def move(self, move: PolicyMove) -> None:
        while move.is_running:
            go_on(move.pk, at=moment(self.second))
            move.refresh_from_db()
