"""A person decides about an arrival that no rule could place: onto a ticket, onto a new one, or aside. Called by the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.files.actions.attaching import Taken
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import clean_ref
from aftersales.ledger.record import record
from customers.actions.writers import add_buyer, add_texter, add_writer
from tickets.actions.chat.receiving import BY_CHAT, buyer_of, chatted_before, in_turn, open_chat, running_chat
from tickets.actions.mail import files, threading
from tickets.actions.mail.keeping import is_given_up
from tickets.actions.mail.placing import BY_MAIL, new_ticket, say, write_down
from tickets.actions.sms.placing import heed_stop
from tickets.mail.letter import Letter
from tickets.mail.reading import Unreadable, read
from tickets.models import Arrival, Ticket


class NotHere(Conflict):
    """There is nothing of it that could be put on a ticket."""

    code = "arrival_not_here"
    sentence = _(
        "The mail server has not handed this mail over, so there is nothing to put on a ticket. Look for it there."
    )


@dataclass(frozen=True, slots=True)
class _Original:
    """The mail itself, with the files that are taken of it and what is remarked; empty where there is none to be read."""

    letter: Letter = field(default_factory=Letter)
    taken: list[Taken] = field(default_factory=list)
    remarks: list[files.Remark] = field(default_factory=list)

    def tell(self, arrival: Arrival) -> None:
        """One on which the workers gave up has nothing of it yet."""
        if arrival.state == Arrival.State.RECEIVED and arrival.channel == Arrival.Channel.EMAIL:
            write_down(arrival, self.letter, self.remarks)


def place_on(ref: str, ticket_ref: str, *, actor: Actor) -> Arrival:
    """Put it on that ticket as the customer's message. On the same ticket again changes nothing.

    Raises `BadInput` where the actor sees no such ticket, `Conflict` where somebody has placed it elsewhere.
    """
    original = _read(ref, actor)
    with transaction.atomic():
        arrival = _locked(ref, actor)
        ticket = _named(ticket_ref, actor)
        if ticket is None:
            raise BadInput(
                _("There is no ticket “%(text)s”. Copy its number from its page."), field="ticket", text=ticket_ref[:20]
            )
        if arrival.state == Arrival.State.PLACED and arrival.ticket_id == ticket.pk:
            return arrival
        _must_be_open(arrival)
        original.tell(arrival)
        return _place(arrival, ticket, original, actor)


def open_for(ref: str, *, actor: Actor) -> Arrival:
    """Make a new ticket of it, for the sender, who becomes a person of the archive if they are none yet. Twice is once.

    What a buyer wrote by chat goes on with all of theirs that waits, see `_open_chat`.
    """
    original = _read(ref, actor)
    with transaction.atomic():
        arrival = _locked(ref, actor)
        check(actor, "ticket.open")
        if _is_opened(arrival):
            return arrival
        _must_be_open(arrival)
        original.tell(arrival)
        at = clock.now()
        new = Arrival.Reason.NEW
        if arrival.channel == Arrival.Channel.CHAT:
            return _open_chat(arrival, actor=actor, at=at)
        if arrival.channel == Arrival.Channel.SMS:
            person = add_texter(arrival.sender, actor=actor, at=at)
        else:
            person = add_writer(arrival.sender, name=arrival.sender_name, actor=actor, at=at)
        return _place(arrival, new_ticket(arrival, person, actor=actor, at=at), original, actor, reason=new)


@transaction.atomic
def put_aside(ref: str, *, actor: Actor) -> Arrival:
    """Nobody needs to act on it. It stays where it can be found. Twice is once."""
    arrival = _locked(ref, actor)
    if arrival.state == Arrival.State.IGNORED:
        return arrival
    _must_be_open(arrival)
    arrival.state, arrival.reason = Arrival.State.IGNORED, Arrival.Reason.DECLINED
    arrival.settled_at, arrival.settled_by_id = clock.now(), _staff(actor)
    arrival.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    record("arrival.put_aside", on=arrival, actor=actor)
    return arrival


def _is_opened(arrival: Arrival) -> bool:
    """Whether a ticket was made of it; for what came by chat, or that it went on where its buyer chats."""
    reasons = [Arrival.Reason.NEW, *([Arrival.Reason.THREAD] if arrival.channel == Arrival.Channel.CHAT else ())]
    return arrival.state == Arrival.State.PLACED and arrival.reason in reasons


def _open_chat(asked: Arrival, *, actor: Actor, at: dt.datetime) -> Arrival:
    """Every line of this buyer that waits, the oldest first: on the chat that runs already, else on one new ticket.

    Its customer is whoever the archive knows as that buyer by now. One whose chat runs on a ticket that the actor does not
    see gets another.
    """
    source = in_turn(asked)
    chat = running_chat(source, asked.sender)
    person = chat.person if chat else buyer_of(source, asked.sender) or chatted_before(source, asked.sender)
    person = person or add_buyer(asked.sender, name=asked.sender_name, actor=actor, at=at)
    ticket = chat if chat and Ticket.objects.visible_to(actor).filter(pk=chat.pk).exists() else None
    for line in _lines_of(asked, actor):
        reason = Arrival.Reason.THREAD if ticket else Arrival.Reason.NEW
        ticket = ticket or open_chat(line, person, actor=actor, at=at)
        _place(line, ticket, _Original(), actor, reason=reason)
    return asked


def _lines_of(asked: Arrival, actor: Actor) -> list[Arrival]:
    """This one and what else of its buyer waits. A line that somebody else holds at this moment goes on the chat after us."""
    theirs = Arrival.objects.visible_to(actor).filter(chat=asked.chat_id, sender=asked.sender).exclude(pk=asked.pk)
    waiting = theirs.filter(state=Arrival.State.QUARANTINED).select_for_update(of=("self",), skip_locked=True)
    return sorted([asked, *waiting], key=lambda line: (line.received_at, line.pk))


def _named(ref: str, actor: Actor) -> Ticket | None:
    """Where the conversation of that ticket, or of that return's, goes on. One of a team closed to the actor is as good as none,
    also where a ticket they see was merged into it.
    """
    named = threading.named_in(clean_ref(ref) or "")
    if named is None:
        return None
    ticket = threading.standing(named)
    both = {named.pk, ticket.pk}
    return ticket if Ticket.objects.visible_to(actor).filter(pk__in=both).count() == len(both) else None


def _place(
    arrival: Arrival, ticket: Ticket, original: _Original, actor: Actor, *, reason: str = Arrival.Reason.BY_HAND
) -> Arrival:
    at = clock.now()
    if arrival.reason != Arrival.Reason.STOP:  # else it was heeded when it came, and they may have agreed again since
        heed_stop(arrival, ticket.person, at=at)
    # The words are the customer's, so the message is; who put it there is on the arrival and in its event.
    by = BY_CHAT if arrival.channel == Arrival.Channel.CHAT else BY_MAIL
    say(arrival, ticket, original.taken, actor=by, at=at, copied=original.letter.copied)
    arrival.state, arrival.reason, arrival.ticket = Arrival.State.PLACED, reason, ticket
    arrival.settled_at, arrival.settled_by_id = at, _staff(actor)
    arrival.save()
    record("arrival.placed", on=arrival, actor=actor, at=at, ticket=ticket.ref)
    return arrival


def _locked(ref: str, actor: Actor) -> Arrival:
    seen = Arrival.objects.visible_to(actor).select_for_update(of=("self",)).select_related("source")
    arrival: Arrival | None = seen.filter(ref=ref).first()
    if arrival is None:
        raise NotFound
    check(actor, "mail.place")
    return arrival


def _read(ref: str, actor: Actor) -> _Original:
    """Decoded before anything is locked; a mail that cannot be read says nothing."""
    arrival = Arrival.objects.visible_to(actor).select_related("source").filter(ref=ref).first()
    source = getattr(arrival, "source", None)
    if source is None or arrival is None or arrival.channel != Arrival.Channel.EMAIL:
        return _Original()
    try:
        letter = read(source.content)
        return _Original(letter, *files.files_of(letter))
    except Unreadable:
        return _Original()


def _must_be_open(arrival: Arrival) -> None:
    if arrival.state not in (Arrival.State.QUARANTINED, Arrival.State.IGNORED) and not is_given_up(arrival):
        raise Conflict
    if arrival.reason == Arrival.Reason.NOT_HANDED_OVER:
        raise NotHere


def _staff(actor: Actor) -> int | None:
    return actor.id if actor.kind == "staff" else None
