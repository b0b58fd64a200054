"""Close a ticket, unless something above still runs on it. Called by the return actions, the desk and the clock.

This floor does not know returns, so whoever hangs work on a ticket says in its `AppConfig.ready` whether it is done:

    closing.keeps_open(lambda ticket: ...)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions import clocks
from tickets.actions.by import user_id_of
from tickets.actions.checklists import must_be_ticked
from tickets.actions.complaints.guards import must_be_closable
from tickets.actions.fields import must_be_filled_in
from tickets.actions.opening import WAITING_FIELDS, wait_for
from tickets.actions.promises import must_be_kept_or_explained
from tickets.actions.scope import locked
from tickets.models import Closure, Ticket

Question = Callable[[Ticket], bool]
_questions: list[Question] = []


class CaseOpen(Conflict):
    """A ticket of a running request closes with the request, never before it."""

    code = "case_open"
    sentence = _("This ticket belongs to a request that is not finished. It closes by itself when the request does.")


def keeps_open(question: Question) -> None:
    """Register what must be over before a ticket may close. The answer is read with the ticket locked."""
    _questions.append(question)


def is_held(ticket: Ticket) -> bool:
    """Whether something still runs on the ticket. A page asks before it offers the button."""
    return any(question(ticket) for question in _questions)


@transaction.atomic
def close_ticket(
    ticket_id: int,
    *,
    actor: Actor,
    at: dt.datetime | None = None,
    reason: str = Closure.Reason.SOLVED,
    why: str = "",
) -> Ticket:
    """Nothing is left to do. Closing twice changes nothing. Raises `CaseOpen`, or what is still lacking.

    A ticket with an open promise needs `why`, or raises `StillPromised`; one whose request has ended closes
    all the same, whatever is not filled in or not ticked.
    """
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.close")
    if ticket.status == Ticket.Status.CLOSED:
        return ticket
    if is_held(ticket):
        raise CaseOpen
    must_be_closable(ticket)
    explained = ""
    if not actor.is_system:
        must_be_filled_in(ticket)
        must_be_ticked(ticket)
        explained = must_be_kept_or_explained(ticket, why)
    end(ticket, reason=reason, actor=actor, at=at or clock.now(), promised=explained)
    return ticket


def end(ticket: Ticket, *, reason: str, actor: Actor, at: dt.datetime, promised: str = "") -> None:
    """Close an open ticket in the caller's transaction, which holds its lock and has asked everything it must.

    `promised`: why it is closed although something is promised.
    """
    wait_for(ticket, "", at=at)
    ticket.status, ticket.process_due_at = Ticket.Status.CLOSED, None
    ticket.closed_at = ticket.updated_at = at
    ticket.save(update_fields=[*WAITING_FIELDS, "process_due_at", "closed_at", "updated_at"])
    Closure.objects.create(ticket=ticket, by_id=user_id_of(actor), at=at, reason=reason)
    event = record(
        "ticket.closed", on=ticket, actor=actor, at=at, reason=reason, **({"promised": promised} if promised else {})
    )
    clocks.closed(ticket, at, event)
