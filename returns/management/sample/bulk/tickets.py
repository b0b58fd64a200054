"""Tickets, conversations and events of the large sample: what questions and returns have in common."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from aftersales.kernel.actor import Actor
from aftersales.ledger.models import Event, Timer
from returns.management.sample.bulk.moments import text_of
from returns.management.sample.bulk.refs import Refs
from returns.management.sample.bulk.words import asked, replied, thanked
from returns.management.sample.bulk.writer import Cell, Table
from returns.management.sample.cast import Cast
from tickets.actions.opening import queue
from tickets.models import Closure, Message, Ticket

_HOUR = 3600
Who = tuple[str, Cell, str]  # kind, id and label of an actor, as events keep them
CUSTOMER: Who = ("customer", None, "")
SYSTEM: Who = ("system", None, "system")


def who(actor: Actor) -> Who:
    return (actor.kind, actor.id, actor.label)


class Desk:
    """Writes tickets with their messages, events and timers."""

    def __init__(self, cast: Cast, seed: int, chance: random.Random) -> None:
        self.cast, self._chance = cast, chance
        self.agent, self.warehouse, self.manager = who(cast.agent), who(cast.warehouse), who(cast.manager)
        self._refs = Refs("T", seed)
        self._queues = {key: queue(key).pk for key in ("returns", "questions")}
        self.tickets = Table(
            Ticket, "ref", "kind", "title", "status", "waiting_on", "queue", "person", "order", "assignee", "channel",
            "opened_at", "updated_at", "due_at", "closed_at",
        )  # fmt: skip
        self.closures = Table(Closure, "ticket", "by", "at", "reason")
        self.messages = Table(Message, "ticket", "by", "author", "text", "at")
        self.events = Table(
            Event, "name", "subject_type", "subject_id", "actor_kind", "actor_id", "actor_label", "data", "at"
        )
        self.timers = Table(Timer, "kind", "due_at", "subject_type", "subject_id", "source", "set_at", "paused_at")
        self.tables = (self.tickets, self.closures, self.messages, self.events, self.timers)

    def ticket(
        self, *, kind: str, title: str, person: int, order: int, opened: int, updated: int, queue_key: str,
        status: str, waits: str = "", due: int | None = None,
    ) -> int:  # fmt: skip
        """A ticket as it stands now, with the event of its opening."""
        assignee = self.cast.agent.id if self._chance.random() < 0.7 else None
        ticket = self.tickets.add(
            self._refs.next(), kind, title[:150], status, waits, self._queues[queue_key], person, order, assignee,
            "form", text_of(opened), text_of(updated), text_of(due) if due is not None else None,
            text_of(updated) if status == "closed" else None,
        )  # fmt: skip
        self.event("ticket.opened", "tickets.ticket", ticket, CUSTOMER, opened, {"kind": kind})
        if assignee is not None:
            self.event("ticket.assigned", "tickets.ticket", ticket, self.agent, opened, {"to": self.cast.agent.label})
        return ticket

    def event(
        self, name: str, subject: str, key: int, actor: Who, at: int, data: Mapping[str, Any] | None = None
    ) -> None:
        text = json.dumps(data, ensure_ascii=False) if data else "{}"
        self.events.add(name, subject, key, *actor, text, text_of(at))

    def timer(
        self, kind: str, subject: str, key: int, *, due: int, at: int, source: str = "shop", paused: int | None = None
    ) -> None:
        paused_at = text_of(paused) if paused is not None else None
        self.timers.add(kind, text_of(due), subject, key, source, text_of(at), paused_at)

    def message(self, ticket: int, by: str, text: str, at: int) -> None:
        """One message of a conversation, with its event."""
        from_customer = by == "customer"
        message = self.messages.add(ticket, by, None if from_customer else self.cast.agent.id, text, text_of(at))
        name = "ticket.message_received" if from_customer else "ticket.replied"
        actor = CUSTOMER if from_customer else self.agent
        self.event(name, "tickets.ticket", ticket, actor, at, {"message": message})

    def question(self, *, person: int, order: int, opened: int, now: int) -> None:
        """A question, answered within hours unless it came today."""
        chance = self._chance
        text = asked(chance)
        answered = opened + chance.randint(_HOUR // 4, 20 * _HOUR)
        is_open = answered > now
        closed = min(answered + chance.randint(_HOUR, 10 * _HOUR), now)
        ticket = self.ticket(
            kind="question", title=text, person=person, order=order, opened=opened,
            updated=opened if is_open else closed, queue_key="questions",
            status="open" if is_open else "closed", due=opened + 24 * _HOUR if is_open else None,
        )  # fmt: skip
        self.message(ticket, "customer", text, opened)
        if is_open:
            return
        self.message(ticket, "staff", replied(chance), answered)
        if chance.random() < 0.4:
            self.message(ticket, "customer", thanked(chance), closed)
        self.close(ticket, self.agent, closed, Closure.Reason.SOLVED)

    def close(self, ticket: int, by: Who, at: int, reason: str) -> None:
        """The row and the event of a closure; the ticket itself was written closed."""
        self.closures.add(ticket, by[1] if by[0] == "staff" else None, text_of(at), reason)
        self.event("ticket.closed", "tickets.ticket", ticket, by, at, {"reason": reason})
