"""Whose turn it is after a message, and what the clocks hear of it. In the caller's transaction, with the ticket locked."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel.actor import Actor
from aftersales.ledger.models import Event
from tickets.actions import clocks, silence
from tickets.actions.clockwork import keep_due
from tickets.actions.complaints.next_step import next_step_due
from tickets.actions.kept_open import is_held
from tickets.actions.opening import WAITING_FIELDS, wait_for
from tickets.actions.waiting import is_to_be_read
from tickets.models import Ticket

S, W = Ticket.Status, Ticket.WaitingOn


def customer_spoke(ticket: Ticket, event: Event, at: dt.datetime) -> None:
    """The clocks hear of it, and a ticket just taken up is due."""
    if ticket.process_due_at == at:
        ticket.process_due_at = due_once_taken_up(ticket, at)
        ticket.save(update_fields=["process_due_at"])
    clocks.waiting_changed(ticket, at, event)
    clocks.customer_wrote(ticket, at, event)


def due_once_taken_up(ticket: Ticket, at: dt.datetime) -> dt.datetime | None:
    """A complaint with its next step; any other with its next response alone, or now where no policy has one."""
    return next_step_due(ticket, at) if clocks.would_answer(ticket) else at


def shop_spoke(
    ticket: Ticket, actor: Actor, event: Event, at: dt.datetime,
    *, opened: Event | None = None, unread: dt.datetime | None = None,
) -> None:  # fmt: skip
    """A human's words count as an answer, a program's do not. Then the customer is next, where nobody else was waited for.

    `opened` is what has just opened the ticket: its clocks begin answered by these words, in which the customer has said what
    we are to do. `unread` is since when the customer waits who wrote while these words were under way: they answer what was
    there before, and we are next.
    """
    if actor.kind != "staff":
        if opened is not None:
            clocks.opened(ticket, at, opened)
        return
    if opened is not None:
        clocks.opened_and_answered(ticket, at, opened, event)
        return
    seen_to = ticket.process_due_at is None or ticket.process_due_at <= at
    now_waits: tuple[str, ...] = ()
    customer_is_next = ticket.status == S.OPEN and not ticket.waiting_on and seen_to and unread is None
    if customer_is_next and not is_held(ticket):
        wait_for(ticket, W.CUSTOMER, at=at)
        ticket.process_due_at = None
        now_waits = (*WAITING_FIELDS, "process_due_at")
    clocks.staff_answered(ticket, at, event, now_waits=now_waits)
    if unread is not None:
        clocks.customer_wrote(ticket, unread)
    have_read(ticket, at)
    silence.watch(ticket, at)


def have_read(ticket: Ticket, at: dt.datetime) -> None:
    """A colleague has written, so what somebody in Cc wrote on a ticket that waits is read: the way back of `due_to_read`."""
    if ticket.status == S.WAITING and is_to_be_read(ticket):
        ticket.process_due_at = ticket.waiting_until or next_step_due(ticket, at)
        ticket.save(update_fields=["process_due_at"])
        keep_due(ticket)
