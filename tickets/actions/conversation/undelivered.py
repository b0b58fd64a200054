"""A reply reached nobody: whoever has the ticket hears of it, and it waits for the customer no longer. Called by listeners."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.models import Event
from aftersales.ledger.record import record
from aftersales.ledger.subject import subject_of
from tickets.actions import clocks
from tickets.actions.conversation.saying import where_words_arrive
from tickets.actions.waiting import taken_up
from tickets.models import Message, Ticket

_HAPPENED = "ticket.reply_undelivered"


@transaction.atomic
def did_not_arrive(message_id: int, *, at: dt.datetime) -> None:
    """Say so once for each reply. Where it was our last word, the customer has nothing to answer: the ticket is due now.

    What its request decides about, or waits for somebody else, is told and stays as it is; so does one that is closed.
    """
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return
    ticket = where_words_arrive(message.ticket_id, SYSTEM)
    if Event.objects.filter(name=_HAPPENED, data__message=message.pk, **subject_of(ticket)).exists():
        return
    record(_HAPPENED, on=ticket, actor=SYSTEM, at=at, message=message.pk)
    if ticket.status == Ticket.Status.WAITING and not _was_followed(message, ticket):
        _take_up(ticket, at)


def _take_up(ticket: Ticket, at: dt.datetime) -> None:
    """The answer stays given for the clock it ended; what stood while the customer was waited for runs again."""
    before = ticket.waiting_on
    if not (changed := taken_up(ticket, at=at)):
        return
    ticket.updated_at = at
    ticket.save(update_fields=[*changed, "updated_at"])
    event = record("ticket.resumed", on=ticket, actor=SYSTEM, at=at, whom=before)
    clocks.waiting_changed(ticket, at, event)


def _was_followed(message: Message, ticket: Ticket) -> bool:
    """Whether we have written to the customer since; what became of that says whom the ticket waits for."""
    ours = Message.objects.in_conversation(ticket.pk).filter(by=Message.By.STAFF, internal=False, sent=True)
    return ours.filter(at__gt=message.at).exists()
