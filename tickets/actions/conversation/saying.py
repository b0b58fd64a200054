"""The ways to say something: the customer's message, the shop's reply, an internal note, and what somebody in Cc wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.rowwrite import update_row
from aftersales.ledger.models import Event
from aftersales.ledger.record import record
from tickets.actions.clockwork import keep_due
from tickets.actions.complaints.first_answer import must_apologise, spoke, written
from tickets.actions.conversation import holding
from tickets.actions.conversation.drafts import use_up
from tickets.actions.conversation.mentions import mentioned_in
from tickets.actions.conversation.texts import LONGEST_MESSAGE, clean_text
from tickets.actions.conversation.turns import customer_spoke, have_read, shop_spoke
from tickets.actions.mail import copies
from tickets.actions.phrases.following import follow
from tickets.actions.reopening import open_again
from tickets.actions.scope import TicketMerged, locked
from tickets.actions.stale import Seen, must_have_seen
from tickets.actions.waiting import due_to_read, taken_up
from tickets.models import Message, Reopening, Ticket

_AT_ONCE = dt.timedelta(0)


def _locked(ticket_id: int, actor: Actor) -> Ticket:
    ticket = locked(ticket_id, actor)
    if ticket.merged_into is not None:
        raise TicketMerged(ref=ticket.merged_into.ref)
    return ticket


def where_words_arrive(ticket_id: int, actor: Actor) -> Ticket:
    """The ticket on which a customer's words arrive, locked: of a merged one that is where the work goes on."""
    known = Ticket.objects.visible_to(actor).filter(pk=ticket_id).values_list("pk", "merged_into").first()
    if known is None:
        raise NotFound
    ticket: Ticket = Ticket.objects.select_for_update().get(pk=known[1] or known[0])
    return ticket if ticket.merged_into_id is None else where_words_arrive(ticket.pk, SYSTEM)


@transaction.atomic
def receive_message(
    ticket_id: int, *, text: str, actor: Actor, at: dt.datetime | None = None,
    channel: str = Message.Channel.PORTAL, longest: int = LONGEST_MESSAGE,
) -> Message:  # fmt: skip
    """The customer wrote. A closed ticket opens again, because nobody reads a closed one."""
    ticket = where_words_arrive(ticket_id, actor)
    check(actor, "ticket.reply")
    at = at or clock.now()
    text = clean_text(text, longest=longest)
    message = Message.objects.create(ticket=ticket, by=Message.By.CUSTOMER, channel=channel, text=text, at=at)
    open_again(ticket, cause=Reopening.Cause.CUSTOMER, actor=actor, at=at)
    ticket.updated_at = at
    ticket.save(update_fields=["status", "closed_at", "updated_at", *taken_up(ticket, at=at)])
    event = record("ticket.message_received", on=ticket, actor=actor, at=at, message=message.pk)
    customer_spoke(ticket, event, at)
    return message


@transaction.atomic
def hear_in_cc(
    ticket_id: int, *, text: str, writer: str, actor: Actor, at: dt.datetime | None = None,
    channel: str = Message.Channel.EMAIL, longest: int = LONGEST_MESSAGE,
) -> Message:  # fmt: skip
    """Somebody in Cc wrote. The customer has said nothing by it: no running clock hears of it, and their days of silence go on.

    But somebody must read it: a ticket that waits is due now until a colleague writes on it, a closed one opens again, and
    with it the clock of its resolution.
    """
    ticket = where_words_arrive(ticket_id, actor)
    check(actor, "ticket.reply")
    at = at or clock.now()
    due = [] if ticket.status == Ticket.Status.OPEN else due_to_read(ticket, at=at)
    message = Message.objects.create(
        ticket=ticket, by=Message.By.OTHER, writer=writer[:120], channel=channel, at=at,
        text=clean_text(text, longest=longest),
    )  # fmt: skip
    open_again(ticket, cause=Reopening.Cause.CC, actor=actor, at=at)
    ticket.updated_at = at
    ticket.save(update_fields=["status", "closed_at", "updated_at", *due])
    record("ticket.cc_received", on=ticket, actor=actor, at=at, message=message.pk)
    keep_due(ticket)
    return message


@transaction.atomic
def reply(
    ticket_id: int, *, text: str, actor: Actor, at: dt.datetime | None = None,
    seen: Seen | int | None = None, hold: dt.timedelta = _AT_ONCE, channel: str = Message.Channel.DESK,
    phrase: str = "", steps: holding.Steps = (), cc: Sequence[str] = (), from_draft: bool = False,
) -> Message:  # fmt: skip
    """The shop answers the customer; whoever is in `cc` gets the words in a mail of their own.

    `seen` is what the author has read, or the newest message of it (primary key); raises `StaleThread` when there is more.
    `hold` is the undo window: until it is over neither the customer nor any notice knows of the message.
    `steps` are those of the phrase it was written with: they are done when it is sent, and not at all when it is undone.
    `from_draft` says that its author sends what they had begun here, files and all; other words leave that as it is.
    """
    ticket = _locked(ticket_id, actor)
    check(actor, "ticket.reply")
    must_have_seen(ticket, seen, actor)
    must_apologise(ticket, text)
    copied = copies.clean(ticket, cc)
    at = at or clock.now()
    held = hold > _AT_ONCE and actor.kind == "staff"
    message = _say(
        ticket, text, internal=False, channel=channel, actor=actor, at=at, send_at=at + hold if held else None
    )
    if from_draft:
        use_up(ticket, message, actor)
    written(message, at=at)
    copies.keep(message, copied)
    if held:
        holding.hold(message, actor=actor, at=at, phrase=phrase, steps=steps)
    else:
        holding.sent(message, actor=actor, at=at, phrase=phrase, steps=steps)
    return message


@transaction.atomic
def note(
    ticket_id: int, *, text: str, actor: Actor, at: dt.datetime | None = None,
    channel: str = Message.Channel.DESK, contact: bool = False, seen: Seen | int | None = None, phrase: str = "",
    steps: holding.Steps = (), from_draft: bool = False,
) -> Message:  # fmt: skip
    """Something for colleagues only. `contact` says that it reports a talk with the customer, by phone or at a visit.

    Who is named in it with @ and may see the ticket hears of it. `seen` and `from_draft` are those of `reply`: a note that
    does more than note, since it answers the customer or has steps, does so to what its author has read.
    """
    ticket = _locked(ticket_id, actor)
    if contact or steps:
        must_have_seen(ticket, seen, actor)
    message = note_on(
        ticket, text=text, actor=actor, at=at, channel=channel, contact=contact, phrase=phrase, steps=steps
    )
    if from_draft:
        use_up(ticket, message, actor)
    return message


def note_on(
    ticket: Ticket, *, text: str, actor: Actor, at: dt.datetime | None = None,
    channel: str = Message.Channel.DESK, contact: bool = False, phrase: str = "", steps: holding.Steps = (),
    opened: Event | None = None,
) -> Message:  # fmt: skip
    """The same on a ticket that the caller's transaction has locked, or has just made; what was begun stays begun.

    A talk that the ticket begins with has `opened`, the event of its opening: its clocks begin here.
    """
    check(actor, "ticket.note")
    at = at or clock.now()
    message = _say(ticket, text, internal=True, channel=channel, actor=actor, at=at, contact=contact)
    event = record("ticket.noted", on=ticket, actor=actor, at=at, message=message.pk)
    if named := mentioned_in(message.text, of=ticket, but=actor).told:
        names = ", ".join(str(user) for user in named)
        record("ticket.mentioned", on=ticket, actor=actor, at=at, names=names, users=[user.pk for user in named])
    if contact:
        shop_spoke(ticket, actor, event, at, opened=opened)
        if actor.kind == "staff":
            spoke(ticket, actor=actor, at=at)
    elif actor.kind == "staff":
        have_read(ticket, at)
    follow(ticket, phrase=phrase, steps=steps, actor=actor, at=at)
    return message


def begin_with_talk(
    ticket: Ticket, at: dt.datetime, event: Event, *, text: str, actor: Actor, channel: str
) -> None:  # fmt: skip
    """How a ticket begins (`opening.Begin`) that somebody opens while they talk with the customer: `text` is what was said."""
    note_on(ticket, text=text, actor=actor, at=at, channel=channel, contact=True, opened=event)


def _say(
    ticket: Ticket, text: str, *, internal: bool, channel: str, actor: Actor, at: dt.datetime,
    send_at: dt.datetime | None = None, contact: bool = False,
) -> Message:  # fmt: skip
    author_id = actor.id if actor.kind == "staff" else None
    message = Message.objects.create(
        ticket=ticket, by=Message.By.STAFF, author_id=author_id, internal=internal, channel=channel, contact=contact,
        text=clean_text(text), at=at, send_at=send_at, sent=send_at is None,
    )  # fmt: skip
    if ticket.updated_at != at:
        ticket.updated_at = at
        update_row(ticket, ["updated_at"])
    return message
