"""Tickets, conversations and events of the large sample: what questions and returns have in common."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from json.encoder import encode_basestring as quoted
from typing import Any

from aftersales.kernel.actor import Actor
from aftersales.ledger.models import Event, Timer
from returns.management.sample.bulk.archive import Bought
from returns.management.sample.bulk.clocks import Clocks
from returns.management.sample.bulk.entries import Thing
from returns.management.sample.bulk.moments import text_of
from returns.management.sample.bulk.refs import Refs
from returns.management.sample.bulk.words import added, asked, replied, thanked
from returns.management.sample.bulk.writer import Cell, Table
from returns.management.sample.cast import Cast
from tickets.actions.clock_courses import TIMER
from tickets.actions.opening import queue
from tickets.models import Closure, Message, Ticket

_HOUR = 3600
_LENGTHS = (3, 4, 4, 5, 5, 6)  # messages of a conversation
Turn = tuple[str, int]  # who speaks ("customer" or "staff"), and when in seconds since the epoch
Who = tuple[str, Cell, str]  # kind, id and label of an actor, as events keep them
CUSTOMER: Who = ("customer", None, "")
SYSTEM: Who = ("system", None, "system")


def _json(data: Mapping[str, Any] | None) -> str:
    """As `json.dumps` writes it, at a fifth of its price for the few short words of an event."""
    if not data:
        return "{}"
    parts = [f'"{name}": {quoted(value) if type(value) is str else json.dumps(value)}' for name, value in data.items()]
    return "{" + ", ".join(parts) + "}"


def who(actor: Actor) -> Who:
    return (actor.kind, actor.id, actor.label)


class Desk:
    """Writes tickets with their messages, events and timers. `found` gets what can be found."""

    def __init__(self, cast: Cast, seed: int, chance: random.Random, found: list[Thing]) -> None:
        self.cast, self._chance, self._found = cast, chance, found
        self.agent, self.warehouse, self.manager = who(cast.agent), who(cast.warehouse), who(cast.manager)
        self._refs = Refs("T", seed)
        self._queues = {key: queue(key).pk for key in ("returns", "questions")}
        self.tickets = Table(
            Ticket, "ref", "kind", "title", "status", "waiting_on", "queue", "person", "order", "assignee", "channel",
            "opened_at", "updated_at", "due_at", "process_due_at", "closed_at",
        )  # fmt: skip
        self.closures = Table(Closure, "ticket", "by", "at", "reason")
        self.messages = Table(Message, "ticket", "by", "author", "text", "at")
        self.events = Table(
            Event, "name", "subject_type", "subject_id", "actor_kind", "actor_id", "actor_label", "data", "at"
        )
        self.timers = Table(Timer, "kind", "due_at", "subject_type", "subject_id", "source", "set_at", "paused_at")
        self.clocks = Clocks()
        self.tables = (
            self.tickets, self.closures, self.clocks.clocks, self.clocks.segments, self.messages, self.timers, self.events,
        )  # fmt: skip

    def ticket(
        self, *, kind: str, title: str, bought: Bought, opened: int, updated: int, queue_key: str,
        status: str, waits: str = "", due: int | None = None, process_due: int | None = None,
    ) -> tuple[int, str]:  # fmt: skip
        """Key and reference of a ticket as it stands now, with the event of its opening.

        `process_due` is the step of its request.
        """
        assignee = self.cast.agent.id if self._chance.random() < 0.7 else None
        ref = self._refs.next()
        ticket = self.tickets.add(
            ref, kind, title[:150], status, waits, self._queues[queue_key], bought.by.person, bought.order, assignee, "form",
            text_of(opened), text_of(updated), text_of(due) if due is not None else None,
            text_of(process_due) if process_due is not None else None,
            text_of(updated) if status == "closed" else None,
        )  # fmt: skip
        self.event("ticket.opened", "tickets.ticket", ticket, CUSTOMER, opened, {"kind": kind})
        if assignee is not None:
            self.event("ticket.assigned", "tickets.ticket", ticket, self.agent, opened, {"to": self.cast.agent.label})
        return ticket, ref

    def event(
        self, name: str, subject: str, key: int, actor: Who, at: int, data: Mapping[str, Any] | None = None
    ) -> None:
        self.events.add(name, subject, key, *actor, _json(data), text_of(at))

    def timer(
        self, kind: str, subject: str, key: int, *, due: int, at: int, source: str = "shop", paused: int | None = None
    ) -> None:
        paused_at = text_of(paused) if paused is not None else None
        self.timers.add(kind, text_of(due), subject, key, source, text_of(at), paused_at)

    def turns(self, *, opened: int, until: int, last: str) -> list[Turn]:
        """Who speaks when: three to six messages, the customer's first, by turns, and `last` has the last word."""
        count = self._chance.choice(_LENGTHS)
        other = "staff" if last == "customer" else "customer"
        sides = [last if (count - number) % 2 else other for number in range(count)]
        sides[0] = "customer"
        stretch = max(until - opened, count)
        later = sorted(opened + int(stretch * self._chance.random()) for _ in range(count - 2))
        return list(zip(sides, (opened, *later, opened + stretch), strict=True))

    def talk(
        self, ticket: tuple[int, str], bought: Bought, turns: list[Turn], *, first: str, title: str = "",
        thanks: bool = False,
    ) -> None:  # fmt: skip
        """The messages of a conversation, each with its event; with `title` and customer they are what it is found by.

        `thanks`: what the customer says last is thanks.
        """
        chance, agent, end = self._chance, self.cast.agent.id, len(turns) - 1
        key, ref = ticket
        lines = [title, bought.by.called] if title else [bought.by.called]
        for number, (side, at) in enumerate(turns):
            when = text_of(at)
            if side == "customer":
                text = first if number == 0 else thanked(chance) if thanks and number == end else added(chance)
                message = self.messages.add(key, side, None, text, when)
                name, actor = "ticket.message_received", CUSTOMER
            else:
                text = replied(chance)
                message = self.messages.add(key, side, agent, text, when)
                name, actor = "ticket.replied", self.agent
            self.events.add(name, "tickets.ticket", key, *actor, f'{{"message": {message}}}', when)
            lines.append(text)
        by = bought.by
        self._found.append(
            Thing(
                "ticket", key, when, tuple(lines), by.phone, by.email, bought.number, parcels=(bought.tracking,), refs=(ref,)
            )
        )  # fmt: skip

    def question(self, bought: Bought, *, opened: int, now: int) -> None:
        """A question, answered within hours; one of today may still wait for our answer."""
        chance = self._chance
        text = asked(chance)
        answered = opened + chance.randint(_HOUR // 4, 20 * _HOUR)
        is_open = answered > now
        closed = min(answered + chance.randint(_HOUR, 10 * _HOUR), now)
        thanks = not is_open and chance.random() < 0.4
        turns = self.turns(
            opened=opened, until=now - 30 if is_open else closed, last="customer" if is_open or thanks else "staff"
        )
        waits = self.clocks.waits(turns) if is_open else None
        ticket = self.ticket(
            kind="question", title=text, bought=bought, opened=opened, updated=turns[-1][1],
            queue_key="questions", status="open" if is_open else "closed",
            due=waits[2] if waits else None,
        )  # fmt: skip
        if waits:
            clock = self.clocks.start(ticket[0], waits)
            self.timer(TIMER, "tickets.clock", clock, due=waits[2], at=waits[1])
        self.talk(ticket, bought, turns, first=text, title=text, thanks=thanks)
        if not is_open:
            self.close(ticket[0], self.agent, turns[-1][1], Closure.Reason.SOLVED)

    def close(self, ticket: int, by: Who, at: int, reason: str) -> None:
        """The row and the event of a closure; the ticket itself was written closed."""
        self.closures.add(ticket, by[1] if by[0] == "staff" else None, text_of(at), reason)
        self.event("ticket.closed", "tickets.ticket", ticket, by, at, {"reason": reason})
