"""Open a ticket, and say how it stands. Called by the return actions, the desk and the portal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.policy import check
from aftersales.kernel.prepared import Later, prepared
from aftersales.kernel.refs import new_ref
from aftersales.kernel.together import asked_beforehand
from aftersales.ledger.models import Event
from aftersales.ledger.record import record
from customers.gather.tiers import is_first_in_line
from customers.models import Order, Person
from tickets.actions import checklists, clocks
from tickets.actions.clockwork import settings_asked
from tickets.actions.distribution import give_out
from tickets.actions.reopening import open_again
from tickets.models import Queue, Reopening, Ticket

Begin = Callable[[Ticket, dt.datetime, Event], None]


def queue(key: str) -> Queue:
    """One of the queues that every shop has (`queue_seeding`)."""
    (found,) = _called(key=key)
    return found


def asked_to_open(queue_key: str) -> tuple[Later[Any], ...]:
    """The settings that `open_ticket` asks for, for whoever asks for something else in the same breath."""
    return _called.later(key=queue_key), checklists.offered(), *settings_asked()


@prepared
def _called(*, key: str) -> QuerySet[Queue]:
    return Queue.objects.filter(key=key)


WAITING_FIELDS = ("status", "waiting_on", "waiting_since", "waiting_until", "waiting_why")


def wait_for(ticket: Ticket, whom: str, *, at: dt.datetime, until: dt.datetime | None = None, why: str = "") -> None:
    """Say whom the ticket waits for ("" for nobody), without saving it: the caller saves `WAITING_FIELDS`.

    `waiting_since` is when this waiting began; waiting on for the same does not begin anew.
    """
    if whom != ticket.waiting_on or ticket.waiting_since is None:
        ticket.waiting_since = at if whom else None
    ticket.status = Ticket.Status.WAITING if whom else Ticket.Status.OPEN
    ticket.waiting_on, ticket.waiting_until, ticket.waiting_why = whom, until, why


@transaction.atomic(savepoint=False)  # what is refused here is refused with what the ticket is opened for
def open_ticket(
    *,
    kind: str,
    title: str,
    person: Person,
    order: Order | None,
    actor: Actor,
    at: dt.datetime | None = None,
    due_at: dt.datetime | None = None,
    queue_key: str = "returns",
    into: Queue | None = None,
    channel: str = "form",
    reasons: Iterable[str] = (),
    begin: Begin = clocks.opened,
    team: Team | None = None,
    priority: int | None = None,
) -> Ticket:
    """Put one piece of work into a queue, which may hand it out at once (`distribution`), with the checklists that are for
    its kind and the `reasons` of its request. Where nobody has chosen a `priority`, a customer whose tier stands first in
    line has a high one from the start. `begin` starts its clocks: at `at`, unless something has waited longer. It comes
    last: what it may tell of the ticket happened after it was put there.

    It belongs to the `team` of what it comes from, else to that of its queue: what is closed to somebody stays closed.
    `into` is a queue that the shop made, instead of a shipped one.
    """
    check(actor, "ticket.open")
    at = at or clock.now()
    with asked_beforehand(*asked_to_open(queue_key)):
        lies = into or queue(queue_key)
        if priority is None:
            priority = Ticket.Priority.HIGH if is_first_in_line(person.pk) else Ticket.Priority.NORMAL
        ticket = Ticket.objects.create(
            ref=new_ref("T"),
            kind=kind,
            priority=priority,
            title=title[:150],
            person=person,
            order=order,
            queue=lies,
            team_id=team.pk if team is not None else lies.team_id,
            channel=channel,
            opened_at=at,
            updated_at=at,
            due_at=due_at,
            process_due_at=due_at,
        )
        event = record("ticket.opened", on=ticket, actor=actor, at=at, kind=kind)
        checklists.apply_to(ticket, at=at, reasons=reasons)
        give_out(ticket, at=at)
        begin(ticket, at, event)
        return ticket


def set_progress(ticket: Ticket, *, waiting_on: str, due_at: dt.datetime | None, at: dt.datetime) -> None:
    """Say who must act next and by when. Called by actions that hold the ticket's lock through their own row."""
    open_again(ticket, cause=Reopening.Cause.REQUEST, actor=SYSTEM, at=at)
    wait_for(ticket, waiting_on, at=at)
    ticket.process_due_at, ticket.updated_at = due_at, at
    ticket.save(update_fields=[*WAITING_FIELDS, "process_due_at", "updated_at", "closed_at"])
    clocks.waiting_changed(ticket, at)
