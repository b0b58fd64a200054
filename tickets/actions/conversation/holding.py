"""The undo window of a reply: written, not yet sent. A timer sends it, browser open or not; until then one can undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger import timers
from aftersales.ledger.record import record
from tickets.actions.complaints.first_answer import went_out
from tickets.actions.conversation.drafts import give_back
from tickets.actions.conversation.turns import shop_spoke
from tickets.actions.phrases.bringing import Brought
from tickets.actions.phrases.following import follow
from tickets.actions.waits import unanswered_since
from tickets.models import Message, Ticket

Steps = Sequence[Sequence[str]]  # of a phrase: name and value
SENDS = "ticket.reply_due"  # the kind of timer
DEFAULT_WINDOW = dt.timedelta(seconds=10)  # where a ticket has no order, so no shop


class AlreadySent(Conflict):
    code = "already_sent"
    sentence = _("It has already been sent. Write to the customer again to put it right.")


def window_of(ticket: Ticket) -> dt.timedelta:
    """How long a reply on this ticket waits, as its shop has set it. Zero sends at once."""
    return dt.timedelta(seconds=ticket.order.shop.undo_seconds) if ticket.order else DEFAULT_WINDOW


def hold(message: Message, *, actor: Actor, at: dt.datetime, phrase: str, steps: Steps) -> None:
    """Set the timer that sends it and then does the steps. In the caller's transaction, with the ticket locked."""
    assert message.send_at is not None
    given: dict[str, Any] = {"phrase": phrase, "steps": [list(step) for step in steps]}
    timers.set_first(SENDS, [(message, message.send_at)], at=at, **given)
    record("ticket.reply_written", on=message.ticket, actor=actor, at=at, message=message.pk)


def sent(
    message: Message, *, actor: Actor, at: dt.datetime, phrase: str = "", steps: Steps = (),
    unread: dt.datetime | None = None,
) -> None:  # fmt: skip
    """From now on the customer sees it and notices are due. In the caller's transaction, with the ticket locked.

    `unread` is since when words of the customer wait that came after it was written.
    """
    event = record("ticket.replied", on=message.ticket, actor=actor, at=at, message=message.pk)
    shop_spoke(message.ticket, actor, event, at, unread=unread)
    went_out(message, actor=actor, at=at)
    follow(message.ticket, phrase=phrase, steps=steps, actor=actor, at=at, unread=unread is not None)


def send_early(ticket: Ticket, *, at: dt.datetime) -> bool:
    """What is in its window on this ticket goes out now, and its author can no longer undo it. Returns whether there was any.

    In the caller's transaction, with the ticket locked; steps may have changed the row. Asked before a ticket ends: a clock
    that has ended without an answer can be given none afterwards.
    """
    held = list(ticket.messages.filter(sent=False).order_by("pk"))
    for message in held:
        given = timers.given(SENDS, on=message)
        timers.cancel(SENDS, on=message)
        send_held(message.pk, at=at, phrase=given.get("phrase", ""), steps=given.get("steps", ()))
    return bool(held)


@transaction.atomic
def send_held(message_id: int, *, at: dt.datetime, phrase: str = "", steps: Steps = ()) -> None:
    """The window is over: the message counts from now. Sent twice is sent once; one that was taken back is gone.

    What the customer wrote meanwhile its author had not read, so it answers only what came before.
    """
    ticket: Ticket | None = Ticket.objects.select_for_update().filter(messages__pk=message_id).first()
    if ticket is None:
        return
    message = ticket.messages.select_related("author").get(pk=message_id)
    if message.sent:
        return
    message.ticket, message.sent, message.at, ticket.updated_at = ticket, True, at, at
    message.save(update_fields=["sent", "at"])
    ticket.save(update_fields=["updated_at"])
    assert message.author is not None
    unread = unanswered_since(ticket)  # by the order of writing: this message stands before what came in its window
    sent(message, actor=message.author.as_actor(), at=at, phrase=phrase, steps=steps, unread=unread)


@transaction.atomic
def undo(message_id: int, *, actor: Actor) -> None:
    """Take a reply back before it is sent: its words, photos and steps are a draft again. Twice changes nothing.

    Only its author may. Raises `AlreadySent`.
    """
    seen = Ticket.objects.visible_to(actor)
    ticket: Ticket | None = seen.select_for_update().filter(messages__pk=message_id).first()
    check(actor, "ticket.reply")
    message = ticket.messages.filter(pk=message_id, author_id=actor.id).first() if ticket else None
    if ticket is None or message is None or actor.kind != "staff":
        if Message.objects.filter(pk=message_id).exists():
            raise NotFound  # somebody else's
        return
    if message.sent:
        raise AlreadySent
    at = clock.now()
    message.ticket = ticket
    held = timers.given(SENDS, on=message)
    give_back(message, Brought(held.get("phrase", ""), held.get("steps", ())), actor, at)
    timers.cancel(SENDS, on=message)
    record("ticket.reply_undone", on=ticket, actor=actor, at=at, message=message.pk)
    message.delete()
    ticket.updated_at = at
    ticket.save(update_fields=["updated_at"])
