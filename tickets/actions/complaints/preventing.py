"""Prevent the next one: why it happened, and what somebody does differently by when."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from tickets.actions.by import user_id_of
from tickets.actions.complaints import owning
from tickets.actions.complaints.due import say_due
from tickets.actions.complaints.guards import lock, must_be_heard
from tickets.actions.conversation.texts import clean_text
from tickets.models import Complaint, Improvement


@transaction.atomic
def write_cause(
    ticket_id: int, *, root_cause: str, improvement: str, owner_id: int, due_on: dt.date, actor: Actor
) -> Complaint:
    """The root cause, and one improvement with who sees to it by the end of which day. The same again changes nothing.

    Raises `BadInput`, and `DoneOtherwise` where the same improvement is theirs by another day.
    """
    complaint = lock(ticket_id, actor)
    must_be_heard(complaint)
    cause = clean_text(root_cause, field="root_cause", longest=1000)
    text = clean_text(improvement, field="improvement", longest=500)
    known = complaint.improvements.filter(text=text, owner_id=owner_id).first()
    if complaint.root_cause == cause and known is not None:
        if known.due_on != due_on:
            raise DoneOtherwise("complaint.cause_found", on=complaint.ticket)
        return complaint
    owning.must_be_able(complaint.ticket, owner_id, field="owner")
    at = clock.now()
    if due_on < clock.shop_date(at):
        raise BadInput(_("This day is over. Choose a later one."), field="due_on", code="past")
    complaint.root_cause, complaint.prevented_at = cause, complaint.prevented_at or at
    complaint.save(update_fields=["root_cause", "prevented_at"])
    row = complaint.improvements.create(text=text, owner_id=owner_id, due_on=due_on, at=at)
    record("complaint.cause_found", on=complaint.ticket, actor=actor, at=at, cause=cause, improvement=text)
    if owner_id != user_id_of(actor):
        owning.told_of(row, actor=actor, at=at)
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
