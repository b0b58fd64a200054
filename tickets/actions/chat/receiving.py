"""A message from a chat tool: kept once, placed on the buyer's open chat, on a new ticket, or in front of a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from aftersales.files.actions.attaching import Taken, move_to
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor, Role
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger import timers
from aftersales.ledger.models import Inbox
from customers.models import Order, Person
from tickets.actions.conversation import receive_message
from tickets.actions.mail import files, threading
from tickets.actions.mail.keeping import PLACES
from tickets.actions.opening import open_ticket
from tickets.mail.letter import Part
from tickets.models import Arrival, ChatSource, Ticket
from tickets.queries import ArrivalQuerySet

BY_CHAT = Actor(kind="customer", role=Role.SYSTEM)
_S, _R = Arrival.State, Arrival.Reason


@dataclass(frozen=True, slots=True)
class Said:
    """What a chat tool handed over: `id` is the tool's own, unique; `buyer` the platform's name or number of the buyer.

    There are words, files, or both.
    """

    id: str
    buyer: str
    text: str
    at: dt.datetime  # UTC
    buyer_name: str = ""
    order_number: str = ""
    files: tuple[Part, ...] = ()


def keep_chat(source: ChatSource, said: Said, *, actor: Actor) -> Arrival | None:
    """Keep one message and have it placed. The same id again is None: it is here, whatever it says now.

    Files we do not take are remarked, and the message is kept without them.
    """
    check(actor, "mail.fetch")
    if Inbox.objects.filter(source=f"chat:{source.key}", external_id=said.id).exists():
        return None
    return _keep(source, said, *files.take(said.files))


@transaction.atomic
def _keep(source: ChatSource, said: Said, taken: list[Taken], remarks: list[files.Remark]) -> Arrival | None:
    """With its files decoded already, before anything is locked."""
    now = clock.now()
    _row, fresh = Inbox.objects.get_or_create(
        source=f"chat:{source.key}",
        external_id=said.id,
        defaults={"received_at": now},  # who says what stands in the arrival
    )
    if not fresh:
        return None
    arrival = Arrival.objects.create(
        ref=new_ref("M"), channel=Arrival.Channel.CHAT, chat=source, external_id=said.id, sender=said.buyer,
        sender_name=said.buyer_name, text=said.text, remarks=[*_named(said.order_number), *remarks],
        size=len(said.text.encode()) + sum(len(part.body or b"") for part in said.files),
        received_at=said.at, kept_at=now, is_marked=True,
    )  # fmt: skip
    if not_kept := files.attach(taken, on=arrival, actor=BY_CHAT):
        arrival.remarks += not_kept
        arrival.save(update_fields=["remarks"])
    timers.set_timer(PLACES, on=arrival, due_at=now, at=now)
    return arrival


def place_chat(arrival: Arrival, *, at: dt.datetime) -> Arrival:
    """Decide about one kept chat message, in the caller's transaction with the arrival locked."""
    source = in_turn(arrival)
    running = running_chat(source, arrival.sender)
    person = running.person if running else buyer_of(source, arrival.sender)
    if person is None:
        arrival.state, arrival.reason = _S.QUARANTINED, _R.UNKNOWN_SENDER
        arrival.save()
        return arrival
    ticket = running or open_chat(arrival, person, actor=BY_CHAT, at=at)
    arrival.message = receive_message(
        ticket.pk, text=arrival.text or "–", actor=BY_CHAT, at=at, channel=arrival.channel, longest=20_000
    )
    move_to(Attachment.objects.of(arrival), on=arrival.message, actor=BY_CHAT)
    arrival.state, arrival.ticket, arrival.settled_at = _S.PLACED, ticket, at
    arrival.reason = _R.THREAD if running else _R.NEW
    arrival.save()
    return arrival


def in_turn(arrival: Arrival) -> ChatSource:
    """Its source, locked: messages of one source take turns, so that two first ones of a buyer make one ticket."""
    return ChatSource.objects.select_for_update().get(pk=arrival.chat_id or 0)


def buyer_of(source: ChatSource, buyer: str) -> Person | None:
    """The person whose orders at that platform carry this buyer's number or nickname; of several the one who bought last."""
    if not buyer:
        return None
    numbers = (buyer, f"id:{buyer}", f"nick:{buyer}")
    named = Q(nick=buyer) | Q(external_id__in=numbers) | Q(merged__nick=buyer) | Q(merged__external_id__in=numbers)
    people = Person.objects.filter(named, orders__platform=source.platform)
    return people.order_by("-orders__placed_at").first()


def running_chat(source: ChatSource, buyer: str) -> Ticket | None:
    """The open ticket on which this buyer chats already; of a merged one that is where the work goes on."""
    newest = _chats(source, buyer).going_on().first()
    return threading.standing(newest.ticket) if newest is not None and newest.ticket is not None else None


def chatted_before(source: ChatSource, buyer: str) -> Person | None:
    """The customer of the ticket, closed or not, on which this buyer chatted last."""
    newest = _chats(source, buyer).first()
    return newest.ticket.person if newest and newest.ticket else None


def _chats(source: ChatSource, buyer: str) -> ArrivalQuerySet:
    earlier: ArrivalQuerySet = Arrival.objects.filter(chat=source, sender=buyer, state=_S.PLACED, ticket__isnull=False)
    return earlier.select_related("ticket__person", "ticket__merged_into").order_by("-pk")


def open_chat(arrival: Arrival, person: Person, *, actor: Actor, at: dt.datetime) -> Ticket:
    """A question by chat, about the order it names, if that is this person's. Never somebody else's."""
    number = next((params["number"] for code, params in arrival.remarks if code == "order_named"), "")
    order = Order.objects.filter(person=person, number=number).first() if number else None
    title = next(iter(arrival.text.splitlines()), arrival.ref)
    return open_ticket(
        kind=Ticket.Kind.QUESTION, title=title, person=person, order=order, actor=actor, at=at,
        queue_key="questions", channel=arrival.channel,
    )  # fmt: skip


def _named(order_number: str) -> list[list[object]]:
    return [["order_named", {"number": order_number}]] if order_number else []
