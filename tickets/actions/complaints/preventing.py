"""Prevent the next one: why it happened, and what somebody does differently by when."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.actions.by import user_id_of
from tickets.actions.complaints.due import say_due
from tickets.actions.complaints.guards import lock, must_be_heard
from tickets.actions.conversation.texts import clean_text
from tickets.models import Complaint, Improvement


@transaction.atomic
def write_cause(
    ticket_id: int, *, root_cause: str, improvement: str, owner_id: int, due_on: dt.date, actor: Actor
) -> Complaint:
    """The root cause, and one improvement with who sees to it by the end of which day. The same again changes nothing."""
    complaint = lock(ticket_id, actor)
    must_be_heard(complaint)
    cause = clean_text(root_cause, field="root_cause", longest=1000)
    text = clean_text(improvement, field="improvement", longest=500)
    if complaint.root_cause == cause and complaint.improvements.filter(text=text, owner_id=owner_id).exists():
        return complaint
    if not get_user_model().objects.filter(pk=owner_id, is_active=True).exists():
        raise BadInput(_("Choose who sees to it."), field="owner", code="owner_unknown")
    at = clock.now()
    if due_on < clock.shop_date(at):
        raise BadInput(_("This day is over. Choose a later one."), field="due_on", code="past")
    complaint.root_cause, complaint.prevented_at = cause, complaint.prevented_at or at
    complaint.save(update_fields=["root_cause", "prevented_at"])
    complaint.improvements.create(text=text, owner_id=owner_id, due_on=due_on, at=at)
    record("complaint.cause_found", on=complaint.ticket, actor=actor, at=at, cause=cause, improvement=text)
    say_due(complaint, at)
    return complaint


@transaction.atomic
def finish_improvement(improvement_id: int, *, actor: Actor) -> Improvement:
    """It is done, also long after the complaint was closed. Finishing twice changes nothing."""
    seen = Improvement.objects.visible_to(actor)
    row: Improvement | None = seen.select_for_update(of=("self",)).filter(pk=improvement_id).first()
    if row is None:
        raise NotFound
    check(actor, "complaint.handle")
    if row.done_at is not None:
        return row
    row.done_at, row.done_by_id = clock.now(), user_id_of(actor)
    row.save(update_fields=["done_at", "done_by"])
    record("improvement.made", on=row.complaint.ticket, actor=actor, at=row.done_at, text=row.text)
    return row
