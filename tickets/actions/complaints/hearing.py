"""Listen first: what kind of complaint it is, all the customer has to say, the real problem and what they want."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.ledger.record import record
from tickets.actions.complaints.due import say_due
from tickets.actions.complaints.guards import lock, lock_any, must_be_heard
from tickets.actions.conversation.texts import clean_text
from tickets.models import Complaint, ComplaintClass


@transaction.atomic
def classify(ticket_id: int, *, code: str, actor: Actor) -> Complaint:
    """Put it into another class, also after it was settled. The same one again changes nothing."""
    complaint = lock_any(ticket_id, actor)
    if complaint.classification.code == code:
        return complaint
    known = ComplaintClass.objects.filter(code=code, is_offered=True).first()
    if known is None:
        raise BadInput(_("Choose what the complaint is about."), field="code", code="class_unknown")
    complaint.classification = known
    complaint.save(update_fields=["classification"])
    record("complaint.classified", on=complaint.ticket, actor=actor, name=str(known), code=known.code)
    return complaint


@transaction.atomic
def hear_out(ticket_id: int, *, statement: str, actor: Actor) -> Complaint:
    """All the customer has to say, complete. Nothing is decided before. The same text again changes nothing."""
    complaint = lock(ticket_id, actor)
    words = clean_text(statement, field="statement")
    if complaint.heard_at is not None and complaint.statement == words:
        return complaint
    at = clock.now()
    complaint.statement, complaint.heard_at = words, complaint.heard_at or at
    complaint.save(update_fields=["statement", "heard_at"])
    record("complaint.heard", on=complaint.ticket, actor=actor, at=at)
    say_due(complaint, at)
    return complaint


@transaction.atomic
def understand(ticket_id: int, *, real_problem: str, aim: str, actor: Actor) -> Complaint:
    """The problem as the customer sees it, and what they really want. The same again changes nothing. Raises `NotHeard`."""
    complaint = lock(ticket_id, actor)
    must_be_heard(complaint)
    problem = clean_text(real_problem, field="real_problem", longest=1000)
    wish = clean_text(aim, field="aim", longest=1000)
    if complaint.understood_at is not None and (complaint.real_problem, complaint.aim) == (problem, wish):
        return complaint
    at = clock.now()
    complaint.real_problem, complaint.aim, complaint.understood_at = problem, wish, complaint.understood_at or at
    complaint.save(update_fields=["real_problem", "aim", "understood_at"])
    record("complaint.understood", on=complaint.ticket, actor=actor, at=at)
    say_due(complaint, at)
    return complaint
