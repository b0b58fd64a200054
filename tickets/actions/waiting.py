"""Say whom a ticket waits for, with a reason and a day to look again; and take it up again. Called by desk, phrases, clock."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput, Conflict
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from tickets.actions import clocks, silence
from tickets.actions.complaints.next_step import next_step_due
from tickets.actions.kept_open import is_held
from tickets.actions.opening import WAITING_FIELDS, wait_for
from tickets.actions.scope import locked, must_be_open
from tickets.actions.stale import Seen, must_have_seen
from tickets.models import Message, Ticket

WAKES = "ticket.wake"
LONGEST_WHY = 200
LONGEST_WAIT = dt.timedelta(days=180)


class RequestSaysSo(Conflict):
    """A running request moves its ticket itself."""

    code = "request_says_so"
    sentence = _("What this ticket waits for is decided by its request. Work on the request instead.")


@transaction.atomic
def set_waiting(
    ticket_id: int, waiting_on: str, *, actor: Actor, until: dt.datetime | None = None, why: str = "",
    seen: Seen | int | None = None,
) -> Ticket:  # fmt: skip
    """Let the ticket wait for `waiting_on` (a `Ticket.WaitingOn`), or for nobody: then it is taken up again.

    `until` (UTC) wakes it by a timer; without one it waits until somebody moves it on, a complaint only until its next step is
    due. The same again changes nothing. `seen` is what the page showed that it is said from, or the newest message of it
    (primary key); raises `StaleThread` when others wrote more.
    """
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.wait")
    why = " ".join(why.split())
    same = (ticket.waiting_on, ticket.waiting_until, ticket.waiting_why) == (waiting_on, until, why)
    if same and not (waiting_on and is_to_be_read(ticket)):
        return ticket
    must_be_open(ticket)
    if is_held(ticket):
        raise RequestSaysSo
    must_have_seen(ticket, seen, actor)
    at = clock.now()
    _refuse(waiting_on, until, why, at)
    before = ticket.waiting_on
    wait_for(ticket, waiting_on, at=at, until=until, why=why)
    timers.cancel(WAKES, silence.REMINDS, silence.CLOSES, on=ticket)
    if until is not None:
        timers.set_timer(WAKES, on=ticket, due_at=until, at=at)
    _keep(ticket, due_at=(until or next_step_due(ticket, at)) if waiting_on else at, at=at)
    if waiting_on:
        event = record("ticket.waits", on=ticket, actor=actor, at=at, whom=waiting_on, why=why)
    else:
        event = record("ticket.resumed", on=ticket, actor=actor, at=at, whom=before)
    clocks.waiting_changed(ticket, at, event)
    silence.watch(ticket, at)
    return ticket


def resume(ticket_id: int, *, actor: Actor) -> Ticket:
    """Take up a ticket that waited: it is due now. One that waits for nobody stays as it is."""
    return set_waiting(ticket_id, Ticket.WaitingOn.NOBODY, actor=actor)


@transaction.atomic
def wake(ticket_id: int, *, at: dt.datetime) -> None:
    """The day to look again has come: the ticket is due now, and its assignee is told. Moved meanwhile, it sleeps on."""
    ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    if ticket.waiting_until is None or ticket.waiting_until > at or ticket.status != Ticket.Status.WAITING:
        return
    before = ticket.waiting_on
    wait_for(ticket, "", at=at)
    timers.cancel(WAKES, silence.REMINDS, silence.CLOSES, on=ticket)
    _keep(ticket, due_at=at, at=at)
    event = record("ticket.woken", on=ticket, actor=SYSTEM, at=at, whom=before)
    clocks.waiting_changed(ticket, at, event)


def taken_up(ticket: Ticket, *, at: dt.datetime) -> list[str]:
    """The customer wrote: a ticket that waited for them, or was put off, waits no more. Returns what to save.

    In the caller's transaction.
    """
    if ticket.waiting_on not in (Ticket.WaitingOn.CUSTOMER, Ticket.WaitingOn.LATER) or is_held(ticket):
        return []
    wait_for(ticket, "", at=at)
    timers.cancel(WAKES, silence.REMINDS, silence.CLOSES, on=ticket)
    ticket.process_due_at = at
    return [*WAITING_FIELDS, "process_due_at"]


def due_to_read(ticket: Ticket, *, at: dt.datetime) -> list[str]:
    """Somebody in Cc wrote: it waits for whom it waited, and is due now so that a colleague reads it. Returns what to save.

    In the caller's transaction. `turns.have_read` takes it back.
    """
    if is_held(ticket):
        return []
    ticket.process_due_at = at
    return ["process_due_at"]


def is_to_be_read(ticket: Ticket) -> bool:
    """Whether it is due since somebody in Cc wrote, and no colleague has written after that."""
    due = ticket.process_due_at
    said = Message.objects.in_conversation(ticket.pk)
    return due is not None and said.filter(by=Message.By.OTHER, at=due).exists()


def _keep(ticket: Ticket, *, due_at: dt.datetime | None, at: dt.datetime) -> None:
    ticket.process_due_at, ticket.updated_at = due_at, at
    ticket.save(update_fields=[*WAITING_FIELDS, "process_due_at", "updated_at"])


def _refuse(waiting_on: str, until: dt.datetime | None, why: str, at: dt.datetime) -> None:
    if waiting_on not in Ticket.WaitingOn.values:
        raise BadInput(_("“%(text)s” is not somebody a ticket can wait for."), field="waiting_on", text=waiting_on[:20])
    if len(why) > LONGEST_WHY:
        raise BadInput(_("The reason may have %(longest)s characters at most."), field="why", longest=LONGEST_WHY)
    if until is None and waiting_on == Ticket.WaitingOn.LATER:
        raise BadInput(_("Say until when it is put off."), field="until", code="required")
    if until is None:
        return
    if not waiting_on:
        raise BadInput(_("Say whom it waits for, or leave out the day."), field="until")
    if until <= at:
        raise BadInput(_("That time has passed. Choose a later day."), field="until")
    if until - at > LONGEST_WAIT:
        raise BadInput(_("A ticket can wait %(days)s days at most."), field="until", days=LONGEST_WAIT.days)
