"""Hand a complaint up: to a lead, to the platform, to the regulator; and write down what came of it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from tickets.actions.assignment import raise_priority
from tickets.actions.by import user_id_of
from tickets.actions.complaints.due import say_due
from tickets.actions.complaints.guards import lock, lock_any, must_be_heard
from tickets.actions.conversation.texts import clean_text
from tickets.models import Escalation, Ticket


@transaction.atomic
def escalate(ticket_id: int, *, to: str, reason: str, due_at: dt.datetime, actor: Actor) -> Escalation:
    """Hand it up, with the reason and until when (UTC) an outcome is expected. The same again changes nothing.

    To the platform or the regulator only once the customer was heard out. Raises `NotHeard`, `BadInput`, and
    `DoneOtherwise` while one to the same with another reason or time has no outcome.
    """
    complaint = lock(ticket_id, actor)
    if to not in Escalation.To:
        raise BadInput(_("Choose to whom."), field="to", code="to_unknown")
    why = clean_text(reason, field="reason", longest=500)
    pending: Escalation | None = complaint.escalations.filter(to=to, settled_at=None).first()
    if pending is not None:
        if (pending.reason, pending.due_at) != (why, due_at):
            raise DoneOtherwise("complaint.escalated", on=complaint.ticket, to=to)
        return pending
    if to != Escalation.To.LEAD:
        must_be_heard(complaint)
    at = clock.now()
    if due_at <= at:
        raise BadInput(_("This time lies in the past. Choose a later one."), field="due_at", code="past")
    row: Escalation = complaint.escalations.create(to=to, reason=why, at=at, due_at=due_at, by_id=user_id_of(actor))
    raise_priority(complaint.ticket_id, Ticket.Priority.URGENT)
    record("complaint.escalated", on=complaint.ticket, actor=actor, at=at, to=to, to_words=to, reason=row.reason)
    say_due(complaint, at)
    return row


@transaction.atomic
def settle_escalation(escalation_id: int, *, outcome: str, actor: Actor) -> Escalation:
    """What came of it. The same again changes nothing; another outcome is refused (`DoneOtherwise`)."""
    ticket_id = Escalation.objects.filter(pk=escalation_id).values_list("complaint__ticket_id", flat=True).first()
    if ticket_id is None:
        raise NotFound
    complaint = lock_any(ticket_id, actor)
    row: Escalation = complaint.escalations.get(pk=escalation_id)
    words = clean_text(outcome, field="outcome", longest=500)
    if row.settled_at is not None:
        if row.outcome != words:
            raise DoneOtherwise("complaint.escalation_settled", on=complaint.ticket, to=row.to)
        return row
    row.outcome, row.settled_at = words, clock.now()
    row.save(update_fields=["outcome", "settled_at"])
    record(
        "complaint.escalation_settled", on=complaint.ticket, actor=actor, at=row.settled_at,
        to=row.to, to_words=row.to, outcome=row.outcome,
    )  # fmt: skip
    say_due(complaint, row.settled_at)
    return row
