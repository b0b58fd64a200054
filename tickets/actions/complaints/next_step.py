"""When the shop must act next in a complaint. Reads only, and imports no other action: the opening of tickets asks too."""

from __future__ import annotations

import datetime as dt

from tickets.models import Complaint, Ticket

NEXT_STEP = dt.timedelta(hours=24)  # after an answer, somebody looks again within a day until the complaint is settled


def next_step_due(ticket: Ticket, at: dt.datetime) -> dt.datetime | None:
    """When somebody must act next on the complaint of this ticket, whomever it waits for; None where it has none."""
    complaint = Complaint.objects.filter(ticket=ticket).select_related("promise").first()
    return next_due(complaint, at) if complaint is not None else None


def next_due(complaint: Complaint, at: dt.datetime) -> dt.datetime:
    """The nearest of: the first answer, an interim solution, the promise, an open escalation; else a day from now."""
    nearest = [each.due_at for each in complaint.escalations.filter(settled_at=None)]
    if complaint.answered_at is None:
        nearest.append(complaint.answer_due_at)
    if complaint.interim_due_at is not None and complaint.interim_at is None:
        nearest.append(complaint.interim_due_at)
    if (given := complaint.open_promise) is not None and given.due_at is not None:
        nearest.append(given.due_at)
    return min(nearest) if nearest else at + NEXT_STEP
