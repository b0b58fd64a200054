"""Say something on a ticket: the customer's message, the shop's reply, an internal note. Called by portal, desk, API."""

from __future__ import annotations

import datetime as dt
import unicodedata

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from tickets.models import Draft, Message, Ticket

LONGEST_MESSAGE = 5000


def clean_text(text: str, *, field: str = "text", longest: int = LONGEST_MESSAGE) -> str:
    """Text as it is kept: NFC, no control characters but newline and tab, not empty, not too long."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in plain):
        raise BadInput(_("The text holds characters that cannot be shown. Please type it again."), field=field)
    if not plain:
        raise BadInput(_("Please write something first."), field=field, code="empty")
    if len(plain) > longest:
        raise BadInput(
            _("The text has %(length)s characters; %(longest)s are the most."),
            field=field,
            code="too_long",
            length=len(plain),
            longest=longest,
        )
    return plain


def _locked(ticket_id: int, actor: Actor) -> Ticket:
    ticket: Ticket | None = Ticket.objects.visible_to(actor).select_for_update().filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound
    return ticket


@transaction.atomic
def receive_message(ticket_id: int, *, text: str, actor: Actor, at: dt.datetime | None = None) -> Message:
    """The customer wrote. A closed ticket opens again, because nobody reads a closed one."""
    ticket = _locked(ticket_id, actor)
    check(actor, "ticket.reply")
    at = at or clock.now()
    message = Message.objects.create(ticket=ticket, by=Message.By.CUSTOMER, text=clean_text(text), at=at)
    if ticket.status == Ticket.Status.CLOSED:
        ticket.status, ticket.closed_at = Ticket.Status.OPEN, None
        record("ticket.reopened", on=ticket, actor=actor, at=at)
    ticket.updated_at = at
    ticket.save(update_fields=["status", "closed_at", "updated_at"])
    record("ticket.message_received", on=ticket, actor=actor, at=at, message=message.pk)
    return message


@transaction.atomic
def reply(ticket_id: int, *, text: str, actor: Actor, at: dt.datetime | None = None) -> Message:
    """The shop answers the customer."""
    ticket = _locked(ticket_id, actor)
    check(actor, "ticket.reply")
    return _say(ticket, text, internal=False, event="ticket.replied", actor=actor, at=at)


@transaction.atomic
def note(ticket_id: int, *, text: str, actor: Actor, at: dt.datetime | None = None) -> Message:
    """Something for colleagues only."""
    ticket = _locked(ticket_id, actor)
    check(actor, "ticket.note")
    return _say(ticket, text, internal=True, event="ticket.noted", actor=actor, at=at)


def _say(ticket: Ticket, text: str, *, internal: bool, event: str, actor: Actor, at: dt.datetime | None) -> Message:
    at = at or clock.now()
    author_id = actor.id if actor.kind == "staff" else None
    message = Message.objects.create(
        ticket=ticket, by=Message.By.STAFF, author_id=author_id, internal=internal, text=clean_text(text), at=at
    )
    ticket.updated_at = at
    ticket.save(update_fields=["updated_at"])
    if author_id is not None:
        Draft.objects.filter(ticket=ticket, user_id=author_id, internal=internal).delete()
    record(event, on=ticket, actor=actor, at=at, message=message.pk)
    return message


@transaction.atomic
def save_draft(ticket_id: int, *, text: str, internal: bool, actor: Actor) -> None:
    """Keep what somebody has typed so far. Empty text forgets it."""
    ticket = Ticket.objects.visible_to(actor).filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound
    check(actor, "ticket.note" if internal else "ticket.reply")
    if actor.kind != "staff" or actor.id is None:
        return
    text = text.replace("\x00", "")  # Postgres keeps none; a draft is kept as far as it can be
    if text.strip():
        Draft.objects.update_or_create(
            ticket=ticket,
            user_id=actor.id,
            internal=internal,
            defaults={"text": text[:LONGEST_MESSAGE], "saved_at": clock.now()},
        )
    else:
        Draft.objects.filter(ticket=ticket, user_id=actor.id, internal=internal).delete()
