"""What the clocks of a complaint do when nobody acted: not answered on its day, a promise not kept. Called by the sweep."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.record import record
from tickets.actions.assignment import raise_priority
from tickets.actions.complaints.due import say_due
from tickets.actions.opening import set_progress
from tickets.actions.reopening import reopen_ticket
from tickets.models import Complaint, Ticket


@transaction.atomic
def answer_is_late(complaint_id: int, *, at: dt.datetime) -> None:
    """Nobody answered by the end of the day: it becomes urgent, and is said so once."""
    complaint = _locked(complaint_id)
    if complaint.answered_at is not None or complaint.ticket.status == Ticket.Status.CLOSED:
        return
    raise_priority(complaint.ticket_id, Ticket.Priority.URGENT)
    record("complaint.answer_late", on=complaint.ticket, actor=SYSTEM, at=at)


@transaction.atomic
def promise_settled(promise_id: int, *, broken: bool, at: dt.datetime) -> None:
    """A promise of a complaint was kept: the ticket goes on. It was broken: the ticket opens again, urgent and due now."""
    for pk in Complaint.objects.filter(promise_id=promise_id).values_list("pk", flat=True):
        complaint = _locked(pk)
        if not broken:
            say_due(complaint, at)
            continue
        complaint.ticket = reopen_ticket(complaint.ticket_id, actor=SYSTEM, at=at)
        raise_priority(complaint.ticket_id, Ticket.Priority.URGENT)
        set_progress(complaint.ticket, waiting_on="", due_at=at, at=at)
        record("complaint.promise_broken", on=complaint.ticket, actor=SYSTEM, at=at)


def _locked(complaint_id: int) -> Complaint:
    complaint: Complaint = Complaint.objects.preloaded().get(pk=complaint_id)
    complaint.ticket = Ticket.objects.select_for_update().get(pk=complaint.ticket_id)
    return complaint
