"""The first answer to a complaint: it says sorry, and it stops the clock. Called by `reply` with the ticket locked.

Imports nothing of the conversation, which imports this.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import Conflict
from aftersales.ledger import timers
from aftersales.ledger.record import record
from tickets.actions import clocks
from tickets.actions.complaints.due import ANSWER_TIMER, say_due
from tickets.actions.looking_over import apologises
from tickets.models import Apology, Complaint, Message, Ticket


class ApologyMissing(Conflict):
    code = "apology_missing"
    sentence = _("The first answer to a complaint begins with an apology. Add one, whatever the cause: it admits no fault."
                 " Or say in the complaint why there is none.")  # fmt: skip


def must_apologise(ticket: Ticket, text: str) -> None:
    """Refuse a first message to a complaining customer that does not say sorry. Asked by `reply`, ticket locked."""
    complaint = _of(ticket)
    if complaint is None or complaint.answered_at is not None or complaint.unapologetic_reason:
        return
    if not apologises(text) and not complaint.apologies.exists():
        raise ApologyMissing


def written(message: Message, *, at: dt.datetime) -> None:
    """The shop wrote on a complaint: if it says sorry, that is kept as a row beside the message. Called by `reply`."""
    complaint = _of(message.ticket)
    if complaint is not None and apologises(message.text):
        Apology.objects.create(
            complaint=complaint, message=message, channel=message.channel, words=message.text[:500],
            by_id=message.author_id, at=at,
        )  # fmt: skip


def went_out(message: Message, *, actor: Actor, at: dt.datetime) -> None:
    """The message has reached the customer: the apology in it, and the first answer, count from now."""
    complaint = _of(message.ticket)
    if complaint is None:
        return
    if Apology.objects.filter(message=message).update(at=at):
        record("complaint.apologised", on=message.ticket, actor=actor, at=at)
    if actor.kind == "staff":  # what a program sends ends no clock of the shop
        answer(complaint, actor, at)


def spoke(ticket: Ticket, *, actor: Actor, at: dt.datetime) -> None:
    """A talk with the customer was noted: the first answer, where sorry was said before or need not be. Called by `note`."""
    complaint = _of(ticket)
    if complaint is not None and (complaint.unapologetic_reason or complaint.apologies.exists()):
        answer(complaint, actor, at)


def answer(complaint: Complaint, actor: Actor, at: dt.datetime) -> None:
    """The clock of the first answer stops at the first one; later answers only move the ticket on.

    One that comes late is told as late, also where no worker has come by to say so.
    """
    if complaint.answered_at is None:
        complaint.answered_at = at
        complaint.save(update_fields=["answered_at"])
        untold = timers.cancel(ANSWER_TIMER, on=complaint)
        if untold and at > complaint.answer_due_at:
            record("complaint.answer_late", on=complaint.ticket, actor=SYSTEM, at=complaint.answer_due_at)
        event = record("complaint.answered", on=complaint.ticket, actor=actor, at=at)
        clocks.answered(complaint.ticket, at, event)
    say_due(complaint, at)


def _of(ticket: Ticket) -> Complaint | None:
    if ticket.kind != Ticket.Kind.COMPLAINT:
        return None
    complaint: Complaint | None = Complaint.objects.preloaded().filter(ticket=ticket).first()
    if complaint is not None:
        complaint.ticket = ticket
    return complaint
