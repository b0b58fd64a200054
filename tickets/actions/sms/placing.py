"""Put a kept SMS where it belongs. Called by `mail.placing`, in its transaction with the arrival locked."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel.actor import Actor, Role
from aftersales.notices.models import Notice
from aftersales.notices.recipients import Point
from aftersales.notices.sms_rules import says_stop
from customers.actions.consents import lock_kin_of
from customers.actions.consents_by_sms import end_by_sms
from customers.actions.writers import texter
from customers.gather.kin import kin
from customers.models import Person
from tickets.actions.conversation import receive_message
from tickets.actions.mail import own, threading
from tickets.actions.opening import open_ticket
from tickets.models import Arrival, Ticket

# The customer wrote; that it is brought by a program is why no order needs to be proven.
BY_SMS = Actor(kind="customer", role=Role.SYSTEM)
ANSWERED_WITHIN = dt.timedelta(hours=48)  # in which carriers ask for answers (Tencent 382/59179)
LONGEST = 20_000
_REACHED = (Notice.State.SENT, Notice.State.SHOWN, Notice.State.UNKNOWN)
_S, _R = Arrival.State, Arrival.Reason


def place_sms(arrival: Arrival, *, at: dt.datetime) -> Arrival:
    """A stop word ends consents and needs nobody; of anybody unknown, or without a number, it waits for a person."""
    person = texter(arrival.sender)
    if person is None:
        arrival.state, arrival.reason = _S.QUARANTINED, _R.UNKNOWN_SENDER if arrival.sender else _R.NO_SENDER
        arrival.save()
        return arrival
    # Two first messages of one number take turns here, so that they make one ticket.
    person = lock_kin_of(person.pk)
    if heed_stop(arrival, person, at=at):
        arrival.state, arrival.reason, arrival.settled_at = _S.IGNORED, _R.STOP, at
        arrival.save()
        return arrival
    ticket, reason = _place_of(arrival, person) or (_open(arrival, person, at), _R.NEW)
    arrival.message = receive_message(
        ticket.pk, text=arrival.text or "–", actor=BY_SMS, at=at, channel=arrival.channel, longest=LONGEST
    )
    arrival.state, arrival.reason, arrival.ticket, arrival.settled_at = _S.PLACED, reason, ticket, at
    arrival.save()
    return arrival


def heed_stop(arrival: Arrival, person: Person, *, at: dt.datetime) -> bool:
    """End what messages of our own accord rest on, if that is what it asks for. Also of one that is placed by hand."""
    if arrival.channel != Arrival.Channel.SMS or not says_stop(arrival.text):
        return False
    said = arrival.text.strip()
    end_by_sms(person, said=said, sender=arrival.sender_masked or "–", arrival=arrival.ref, actor=BY_SMS, at=at)
    return True


def _place_of(arrival: Arrival, person: Person) -> tuple[Ticket, str] | None:
    """A ticket of theirs that it names; what our last SMS to them was about; where they write by SMS already."""
    named = threading.named_in(arrival.text)
    if named is not None and named.person_id in kin(person.pk):
        return threading.standing(named), _R.REFERENCE
    if (answered := _answered(arrival)) is not None:
        return answered, _R.ANSWER
    earlier = Arrival.objects.going_on().filter(channel=Arrival.Channel.SMS, sender=arrival.sender, state=_S.PLACED)
    running = earlier.select_related("ticket__merged_into").order_by("-pk").first()
    return (
        (threading.standing(running.ticket), _R.THREAD) if running is not None and running.ticket is not None else None
    )


def _answered(arrival: Arrival) -> Ticket | None:
    """The open ticket that our newest SMS to this number was about, wherever its work goes on. Codes are about nothing."""
    to = Point("phone", arrival.sender, "").sha256
    within = (arrival.received_at - ANSWERED_WITHIN, arrival.received_at)
    lately = Notice.objects.filter(to_sha256=to, channel=Notice.Channel.SMS, at__range=within)
    reached = lately.filter(state__in=_REACHED).exclude(template="proof.code")
    newest = reached.order_by("-at", "-pk").values_list("pk", flat=True).first()
    ticket = threading.ticket_of_notice(newest) if newest is not None else None
    if ticket is None:
        return None
    ticket = threading.standing(ticket)
    return ticket if ticket.status != Ticket.Status.CLOSED else None


def _open(arrival: Arrival, person: Person, at: dt.datetime) -> Ticket:
    """A question by SMS, about the order that it names, if it is this person's."""
    return open_ticket(
        kind=Ticket.Kind.QUESTION, title=next(iter(arrival.text.splitlines()), arrival.ref), person=person,
        order=own.order_named(arrival.text, person), actor=BY_SMS, at=at, queue_key="questions", channel=arrival.channel,
    )  # fmt: skip
