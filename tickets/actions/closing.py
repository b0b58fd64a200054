"""Close a ticket, unless something above still runs on it. Called by the return actions, the desk and the clock."""

from __future__ import annotations

import datetime as dt

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
from tickets.actions.conversation.holding import send_early
from tickets.actions.fields import must_be_filled_in
from tickets.actions.kept_open import is_held
from tickets.actions.opening import WAITING_FIELDS, wait_for
from tickets.actions.promises import must_be_kept_or_explained
from tickets.actions.scope import locked
from tickets.actions.stale import Seen, must_have_seen
from tickets.models import Closure, Ticket


class CaseOpen(Conflict):
    """A ticket of a running request closes with the request, never before it."""

    code = "case_open"
    sentence = _("This ticket belongs to a request that is not finished. It closes by itself when the request does.")


@transaction.atomic
def close_ticket(
    ticket_id: int,
    *,
    actor: Actor,
    at: dt.datetime | None = None,
    reason: str = Closure.Reason.SOLVED,
    why: str = "",
    seen: Seen | int | None = None,
) -> Ticket:
    """Nothing is left to do. Closing twice changes nothing. Raises `CaseOpen`, `StaleThread`, or what is still lacking.

    `seen` is what the page showed that it is closed from, or the newest message of it (primary key); None asks nothing.
    A reply in its undo window goes out first: it answers what this would leave without an answer.
    A ticket with an open promise needs `why`, or raises `StillPromised`; one whose request has ended closes
    all the same, whatever is not filled in or not ticked.
    """
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.close")
    at = at or clock.now()
    if ticket.status != Ticket.Status.CLOSED:
        must_have_seen(ticket, seen, actor)
        if send_early(ticket, at=at):
            ticket = locked(ticket_id, actor)  # as its steps have left it
    if ticket.status == Ticket.Status.CLOSED:
        return ticket
    if is_held(ticket):
        raise CaseOpen
    must_be_closable(ticket, reason)
    explained = ""
    if not actor.is_system:
        must_be_filled_in(ticket)
        must_be_ticked(ticket)
        explained = must_be_kept_or_explained(ticket, why)
    end(ticket, reason=reason, actor=actor, at=at, promised=explained)
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
