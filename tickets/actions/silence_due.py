"""The days of a silent customer are over: they are reminded, or the ticket is closed. Called by timers alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel.actor import SYSTEM
from tickets.actions import silence
from tickets.actions.closing import end
from tickets.actions.conversation.saying import reply
from tickets.actions.kept_open import is_held
from tickets.actions.promises import promised_on
from tickets.actions.waiting import is_to_be_read
from tickets.models import Closure, Ticket


@transaction.atomic
def remind(ticket_id: int, *, at: dt.datetime) -> None:
    """Write the queue's reminder in the customer's language. A reply meanwhile, or a rule taken away, and nothing is written;
    the days until closing are counted all the same.
    """
    ticket = _silent(ticket_id)
    if ticket is None:
        return
    if ticket.queue.remind_after:
        reply(ticket.pk, text=ticket.queue.reminder(ticket.person.locale), actor=SYSTEM, at=at)
    silence.reminded(ticket, at)


@transaction.atomic
def close(ticket_id: int, *, at: dt.datetime) -> None:
    """Close it: the customer no longer answers. With something still promised, with words of somebody in Cc that nobody
    has read yet, or with a reply in its undo window it stays open, because that is our turn.
    """
    ticket = _silent(ticket_id)
    if ticket is None or not ticket.queue.close_after:
        return
    if is_to_be_read(ticket) or ticket.messages.filter(sent=False).exists() or promised_on(ticket).exists():
        silence.again(ticket, at)
        return
    end(ticket, reason=Closure.Reason.NO_ANSWER, actor=SYSTEM, at=at)


def _silent(ticket_id: int) -> Ticket | None:
    ticket: Ticket = Ticket.objects.select_for_update(of=("self",)).select_related("queue", "person").get(pk=ticket_id)
    return ticket if silence.is_silent(ticket) and not is_held(ticket) else None
