"""Say sorry first, whatever the cause. An apology is a row of its own: it admits nothing and never touches the fault."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from tickets.actions import clocks
from tickets.actions.by import user_id_of
from tickets.actions.complaints.first_answer import answer
from tickets.actions.complaints.guards import lock
from tickets.actions.conversation.texts import clean_text
from tickets.actions.looking_over import apologises
from tickets.models import Apology, Complaint

SPOKEN = ("phone", "chat")


@transaction.atomic
def apologise(ticket_id: int, *, words: str, channel: str, actor: Actor) -> Apology:
    """One that was spoken, on the phone or in a chat. It counts as the first answer. The same words again change nothing.

    One in writing is made by `reply` itself. Raises `BadInput` where the words hold no apology.
    """
    complaint = lock(ticket_id, actor)
    plain = clean_text(words, field="words", longest=500)
    known: Apology | None = complaint.apologies.filter(words=plain, message=None).first()
    if known is not None:
        return known
    if channel not in SPOKEN:
        raise BadInput(_("Say whether it was on the phone or in a chat."), field="channel", code="channel_unknown")
    if not apologises(plain):
        raise BadInput(_("These words hold no apology. Write down what was said."), field="words", code="no_apology")
    at = clock.now()
    row: Apology = complaint.apologies.create(words=plain, channel=channel, by_id=user_id_of(actor), at=at)
    event = record("complaint.apologised", on=complaint.ticket, actor=actor, at=at)
    answer(complaint, actor, at)
    clocks.staff_answered(complaint.ticket, at, event)
    return row


@transaction.atomic
def waive_apology(ticket_id: int, *, reason: str, actor: Actor) -> Complaint:
    """Let the first answer go without an apology, and keep why. The same again changes nothing; another reason is refused
    (`DoneOtherwise`)."""
    complaint = lock(ticket_id, actor)
    why = clean_text(reason, field="reason", longest=300)
    if complaint.unapologetic_reason:
        if complaint.unapologetic_reason != why:
            raise DoneOtherwise("complaint.apology_waived", on=complaint.ticket)
        return complaint
    complaint.unapologetic_reason = why
    complaint.save(update_fields=["unapologetic_reason"])
    record("complaint.apology_waived", on=complaint.ticket, actor=actor, reason=complaint.unapologetic_reason)
    return complaint
