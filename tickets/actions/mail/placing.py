"""Put a kept mail where it belongs: on its ticket, on a new one, aside, or in front of a person. Called by the sweep.

Each mail is a step of its own, in one transaction with its mark: a mail that fails does not hold up the next, and a
worker killed in the middle leaves it as it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import structlog
from django.conf import settings
from django.db import OperationalError, transaction

from aftersales.files.actions.attaching import Taken, move_to
from aftersales.files.models import Attachment
from aftersales.kernel.actor import Actor, Role
from customers.actions.writers import add_writer, writer
from customers.models import Person
from tickets.actions.chat.receiving import place_chat
from tickets.actions.conversation import hear_in_cc, receive_message
from tickets.actions.mail import blocking, copies, files, own, threading, turns
from tickets.actions.mail.bounces import report
from tickets.actions.opening import open_ticket
from tickets.actions.sms.placing import place_sms
from tickets.mail.letter import Letter
from tickets.mail.reading import Unreadable, read
from tickets.models import Arrival, MailAccount, Ticket

log = structlog.get_logger()

# The customer wrote; that it is brought by a program is why no order needs to be proven.
BY_MAIL = Actor(kind="customer", role=Role.SYSTEM)
FLOOD = 20  # mails of one sender within an hour; what is above waits for a person
_HOUR = dt.timedelta(hours=1)
LONGEST = 20_000  # characters of one mail shown in the conversation; the rest is on the arrival's own page
_R, _S = Arrival.Reason, Arrival.State


def place(arrival_id: int, *, at: dt.datetime) -> Arrival:
    """Decide about one kept mail, in the caller's transaction. One that is settled already stays as it is."""
    arrival = Arrival.objects.select_for_update(of=("self",)).select_related("source", "account").get(pk=arrival_id)
    if arrival.state != _S.RECEIVED:
        return arrival
    if arrival.channel == Arrival.Channel.CHAT:
        return place_chat(arrival, at=at)
    if arrival.channel == Arrival.Channel.SMS:
        return place_sms(arrival, at=at)
    try:
        letter = read(arrival.source.content)
        taken, remarks = files.files_of(letter)
    except Unreadable as failure:
        return _wait(arrival, _R.UNREADABLE, remarks=[["unreadable", {"why": str(failure)}]])
    write_down(arrival, letter, remarks)
    try:
        with transaction.atomic():
            return _decide(arrival, letter, taken, at)
    except OperationalError:
        raise  # the database is busy or away: the sweep comes back to it
    except Exception as failure:
        log.exception("mail.not_placed", arrival=arrival.pk, why=type(failure).__name__)
        arrival.ticket = arrival.message = arrival.settled_at = None
        return _wait_whatever_it_says(arrival, [*remarks, ["unreadable", {"why": type(failure).__name__}]])


def write_down(arrival: Arrival, letter: Letter, remarks: list[files.Remark]) -> None:
    """What the mail says of itself, on the arrival, which the caller saves."""
    arrival.external_id, arrival.sender, arrival.sender_name = letter.message_id, letter.sender, letter.sender_name
    arrival.subject, arrival.text, arrival.quoted, arrival.auth = (
        letter.subject,
        letter.text,
        letter.quoted,
        letter.auth,
    )
    arrival.remarks = [*remarks, *([each, {}] for each in letter.problems)]
    told = [letter.sender, letter.subject, letter.text, letter.quoted]
    told += [hashlib.sha256(part.body or b"").hexdigest() for part in letter.parts]
    arrival.content_sha256 = hashlib.sha256("\x00".join(told).encode("utf-8", "replace")).hexdigest()


def _decide(arrival: Arrival, letter: Letter, taken: list[Taken], at: dt.datetime) -> Arrival:
    turns.take()
    account = MailAccount.objects.get(arrivals=arrival)
    found = threading.place_of(letter)
    arrival.suggested = found.ticket if found else threading.named_in(letter.subject)
    if own.is_ours(letter.message_id):
        return _aside(arrival, _R.OWN_MAIL, at)
    if letter.bounce is not None:
        about = report(letter.bounce, at=at)
        if about is None:
            return _wait(arrival, _R.STRAY_BOUNCE)
        return _settle(arrival, about.ticket, _R.BOUNCE, at) if about.ticket else _aside(arrival, _R.BOUNCE, at)
    if letter.sender and blocking.is_blocked(letter.sender):
        return _aside(arrival, _R.BLOCKED, at)
    if letter.automatic:
        arrival.remarks.append(["automatic", {"sign": letter.automatic}])
        return _aside(arrival, _R.AUTOMATIC, at)
    if (same := _same_mail(arrival)) is not None:
        arrival.same_as = same
        return _aside(arrival, _R.DUPLICATE, at)
    if arrival.size > settings.MAIL_MAX_BYTES:
        return _wait(arrival, _R.TOO_LARGE)
    if own.is_our_address(letter.sender):
        return _wait(arrival, _R.OWN_ADDRESS)
    if letter.sender and _lately(arrival) >= FLOOD:
        return _wait(arrival, _R.FLOOD)
    is_forged = own.says_forged(letter.auth, account.auth_server)
    if found is not None and not (is_forged and found.reason != _R.ANSWER):
        return _say(arrival, found.ticket, found.reason, letter, taken, at, of_copy=found.of_copy)
    if not letter.sender:
        return _wait(arrival, _R.NO_SENDER)
    if is_forged:
        return _wait(arrival, _R.FORGED)
    person = writer(letter.sender)
    if person is None and not account.takes_strangers:
        return _wait(arrival, _R.UNKNOWN_SENDER)
    person = person or add_writer(letter.sender, name=letter.sender_name, actor=BY_MAIL, at=at)
    return _say(arrival, new_ticket(arrival, person, actor=BY_MAIL, at=at), _R.NEW, letter, taken, at)


def new_ticket(arrival: Arrival, person: Person, *, actor: Actor, at: dt.datetime) -> Ticket:
    """A question by mail, titled with the subject, about the order that it names, if it is this person's.

    In the queue of its mailbox, whose team it becomes.
    """
    order = own.order_named(f"{arrival.subject}\n{arrival.text}", person)
    title = own.bare_subject(arrival.subject) or next(iter(arrival.text.splitlines()), "") or arrival.ref
    return open_ticket(
        kind=Ticket.Kind.QUESTION, title=title, person=person, order=order, actor=actor, at=at,
        queue_key="questions", into=arrival.account.queue if arrival.account else None, channel=arrival.channel,
    )  # fmt: skip


def say(
    arrival: Arrival, ticket: Ticket, taken: list[Taken], *, actor: Actor, at: dt.datetime,
    copied: Sequence[str] = (), of_copy: bool = False,
) -> None:  # fmt: skip
    """The words and files as the customer's message. What there is more of stays on the arrival's page, and is remarked.

    `copied` is its Cc. What was written by whoever is in Cc of this ticket, or answers a copy (`of_copy`), is their own.
    """
    text = arrival.text.strip()
    if len(text) > LONGEST:
        text = text[:LONGEST].rstrip()
        arrival.remarks.append(["shortened", {"most": LONGEST}])
    words, by_mail = text or arrival.subject or "–", arrival.channel == Arrival.Channel.EMAIL
    elsewhere = by_mail and not threading.writes_for(arrival.sender, ticket)
    in_cc = elsewhere and (of_copy or copies.is_copied(arrival.sender, ticket))
    if in_cc:
        who = arrival.sender_name or arrival.sender_masked
        message = hear_in_cc(ticket.pk, text=words, writer=who, actor=actor, at=at, longest=LONGEST)
    else:
        message = receive_message(ticket.pk, text=words, actor=actor, at=at, channel=arrival.channel, longest=LONGEST)
    arrival.message = message
    copies.keep_theirs(message, ticket, copied)
    arrival.remarks += files.attach(taken, on=message, actor=actor)
    if arrival.channel == Arrival.Channel.CHAT:
        move_to(Attachment.objects.of(arrival), on=message, actor=actor)
    if elsewhere:
        arrival.remarks.append(["in_cc" if in_cc else "other_address", {"address": arrival.sender_masked}])


def _say(
    arrival: Arrival, ticket: Ticket, reason: str, letter: Letter, taken: list[Taken], at: dt.datetime, *,
    of_copy: bool = False,
) -> Arrival:  # fmt: skip
    say(arrival, ticket, taken, actor=BY_MAIL, at=at, copied=letter.copied, of_copy=of_copy)
    return _settle(arrival, ticket, reason, at)


def _settle(arrival: Arrival, ticket: Ticket, reason: str, at: dt.datetime) -> Arrival:
    arrival.state, arrival.reason, arrival.ticket, arrival.settled_at = _S.PLACED, reason, ticket, at
    arrival.save()
    return arrival


def _aside(arrival: Arrival, reason: str, at: dt.datetime) -> Arrival:
    arrival.state, arrival.reason, arrival.settled_at = _S.IGNORED, reason, at
    arrival.save()
    return arrival


def _wait(arrival: Arrival, reason: str, *, remarks: list[files.Remark] | None = None) -> Arrival:
    arrival.state, arrival.reason = _S.QUARANTINED, reason
    if remarks is not None:
        arrival.remarks = remarks
    arrival.save()
    return arrival


def _wait_whatever_it_says(arrival: Arrival, remarks: list[files.Remark]) -> Arrival:
    """It waits with what was written down; where the database does not take that, without: a person must see it all the same."""
    try:
        with transaction.atomic():
            return _wait(arrival, _R.UNREADABLE, remarks=remarks)
    except OperationalError:
        raise
    except Exception as failure:
        log.exception("mail.not_written_down", arrival=arrival.pk, why=type(failure).__name__)
        write_down(arrival, Letter(), [])
        return _wait(arrival, _R.UNREADABLE, remarks=remarks[-1:])


def _same_mail(arrival: Arrival) -> Arrival | None:
    """The same mail that came another way: same Message-ID and same content. An id alone, or none, makes nothing the same."""
    if not arrival.external_id:
        return None
    same = Arrival.objects.filter(external_id=arrival.external_id, content_sha256=arrival.content_sha256)
    return same.exclude(pk=arrival.pk).exclude(state=_S.RECEIVED).order_by("pk").first()


def _lately(arrival: Arrival) -> int:
    lately = Arrival.objects.filter(sender=arrival.sender, received_at__gt=arrival.received_at - _HOUR)
    return lately.filter(received_at__lte=arrival.received_at).exclude(pk=arrival.pk).exclude(state=_S.RECEIVED).count()
