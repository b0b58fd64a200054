"""One conversation about two things: chosen messages move to a ticket of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from tickets.actions import waits
from tickets.actions.by import user_id_of
from tickets.actions.clockwork import keep_due
from tickets.actions.conversation.turns import have_read
from tickets.actions.details import clean_title
from tickets.actions.opening import open_ticket
from tickets.actions.scope import locked, must_be_open
from tickets.models import Arrival, Link, Message, Ticket


@transaction.atomic
def split_ticket(ticket_id: int, message_ids: Collection[int], *, title: str, actor: Actor) -> Ticket:
    """Move sent messages and notes to a new question of the same customer, order and team, due as the old one is: its own, and
    those of the tickets merged into it, from where they lie.

    The same again: the ticket they are in; under another title it is refused (`DoneOtherwise`). At least one
    message must be left, else it would be the same ticket.
    """
    ticket = locked(ticket_id, actor)
    check(actor, "ticket.merge")
    chosen = set(message_ids)
    split_off = Ticket.objects.filter(links__other=ticket, links__kind=Link.Kind.SPLIT)
    # One that was merged back into it is a part of it again.
    done: Ticket | None = split_off.filter(messages__in=chosen).exclude(merged_into=ticket).first()
    title = clean_title(title)
    if done is not None and set(done.messages.filter(pk__in=chosen).values_list("pk", flat=True)) == chosen:
        if done.title != title:
            raise DoneOtherwise("ticket.split", on=ticket, into=done.ref)
        return done
    must_be_open(ticket)
    readable = Message.objects.visible_to(actor).in_conversation(ticket.pk)
    here = set(readable.filter(sent=True).values_list("pk", flat=True))
    if not chosen:
        raise BadInput(_("Choose the messages that go to the new ticket."), field="messages", code="empty")
    if not chosen <= here:
        raise BadInput(_("Some of these messages are no longer here. Look at the ticket again."), field="messages")
    if chosen == here:
        raise BadInput(_("Leave at least one message here; otherwise just change the title."), field="messages")
    at = clock.now()
    new = open_ticket(
        kind=Ticket.Kind.QUESTION, title=title, person=ticket.person, order=ticket.order, actor=actor, at=at,
        due_at=ticket.process_due_at, queue_key="questions", channel=ticket.channel, team=ticket.team,
        begin=partial(waits.split_off, of=ticket, chosen=chosen),
    )  # fmt: skip
    moved = Message.objects.filter(pk__in=chosen)
    places = {ticket.pk, *moved.values_list("ticket", flat=True)}
    due = ticket.process_due_at
    in_cc = due is not None and moved.filter(by=Message.By.OTHER, at=due).exists()
    moved.update(ticket=new)
    # So that a reply there leaves through the chat, or in the thread of the mails, by which they came.
    Arrival.objects.filter(message__in=chosen).update(ticket=new)
    if in_cc:
        _read_on_both(ticket, at)
    for place in places:
        Link.objects.create(one=new, other_id=place, kind=Link.Kind.SPLIT, by_id=user_id_of(actor), at=at)
    ticket.updated_at = at
    ticket.save(update_fields=["updated_at"])
    record("ticket.split", on=ticket, actor=actor, at=at, into=new.ref, messages=len(chosen))
    return new


def _read_on_both(ticket: Ticket, at: dt.datetime) -> None:
    """What somebody in Cc wrote last is read on the new ticket; this one is due for what they wrote before, if anything."""
    here = Message.objects.in_conversation(ticket.pk)
    answered = here.filter(by=Message.By.STAFF).aggregate(at=Max("at"))["at"]
    unread = here.filter(by=Message.By.OTHER, **({"at__gt": answered} if answered else {})).order_by("-at").first()
    if unread is None:
        have_read(ticket, at)
    else:
        ticket.process_due_at = unread.at
        ticket.save(update_fields=["process_due_at"])
        keep_due(ticket)
