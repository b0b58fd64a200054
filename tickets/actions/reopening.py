"""Open a closed ticket again: because somebody says so, because the customer wrote, because a request goes on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions import clocks
from tickets.actions.assignment import take_from_outsiders
from tickets.actions.by import user_id_of
from tickets.actions.clockwork import keep_due
from tickets.actions.complaints.next_step import next_step_due
from tickets.actions.distribution import give_out
from tickets.actions.scope import TicketMerged, locked
from tickets.models import Reopening, Ticket

_Cause = Reopening.Cause


@transaction.atomic
def reopen_ticket(ticket_id: int, *, actor: Actor, at: dt.datetime | None = None, cause: str = _Cause.STAFF) -> Ticket:
    """There is something to do after all. An open ticket stays as it is. Raises `TicketMerged`."""
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.open")
    if ticket.status != Ticket.Status.CLOSED:
        return ticket
    if ticket.merged_into is not None:
        raise TicketMerged(ref=ticket.merged_into.ref)
    at = at or clock.now()
    open_again(ticket, cause=cause, actor=actor, at=at)
    ticket.updated_at = at
    ticket.save(update_fields=["status", "closed_at", "updated_at"])
    return ticket


def open_again(ticket: Ticket, *, cause: str, actor: Actor, at: dt.datetime) -> None:
    """Open a closed ticket in the caller's transaction, which holds its lock and saves `status` and `closed_at`.

    Whoever had it and is gone meanwhile has it no longer: the queue hands it out again, as it does what they had open.
    """
    if ticket.status != Ticket.Status.CLOSED:
        return
    ticket.status, ticket.closed_at = Ticket.Status.OPEN, None
    Reopening.objects.create(ticket=ticket, by_id=user_id_of(actor), at=at, cause=cause)
    event = record("ticket.reopened", on=ticket, actor=actor, at=at, cause=cause)
    if take_from_outsiders(ticket, actor=SYSTEM, at=at):
        give_out(ticket, at=at)
    clocks.reopened(ticket, at, event)
    say_due(ticket, at)


def say_due(ticket: Ticket, at: dt.datetime) -> None:
    """What was due before it was closed is due no more: a complaint is with its next step, anything else now where no clock
    of its own says by when."""
    if ticket.process_due_at is not None:
        return
    if ticket.kind == Ticket.Kind.COMPLAINT:
        due = next_step_due(ticket, at)
    else:
        due = at if ticket.due_at is None else None
    if due is not None:
        ticket.process_due_at = due
        ticket.save(update_fields=["process_due_at"])
        keep_due(ticket)
