"""How a reply leaves by mail: to which address, continuing which mail, and where its answer will arrive. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from aftersales.files.models import Attachment
from aftersales.notices.envelope import Box, Envelope
from customers.models import ContactPoint, Shop
from tickets.actions.chat import replying
from tickets.actions.mail.own import subject_to_answer
from tickets.actions.mail.threading import plus_address, ticket_of
from tickets.models import Arrival, MailAccount, Message, Ticket

_ID = re.compile(r"^<[^<>\s]{1,240}>$")
_MOST_IDS = 12  # of a thread that are named; mail programs look at the last ones


@dataclass(frozen=True, slots=True)
class Letter:
    """What the notice of a reply needs besides the words; `copy` is the envelope of what goes to whoever is in Cc.

    The customer's mail names them in its Cc. A copy names nobody else, and its answers come to the bare mailbox: what is
    written there is nobody's word but its writer's.
    """

    subject: str
    envelope: Envelope
    copy: Envelope


def sends_words(ticket: Ticket, *, last: str | None = None) -> bool:
    """Whether the reply's own words are mailed: the customer wrote by mail, or has no page to read them on, or the shop
    mails them to everybody.

    `last` is the channel of the customer's last word in this conversation, "" where there is none; None where the caller does
    not know it.
    """
    if ticket.channel == Message.Channel.EMAIL or not ticket.has_page:
        return True
    if last is None:
        theirs = Message.objects.in_conversation(ticket.pk).filter(by=Message.By.CUSTOMER)
        last = theirs.order_by("-at", "-pk").values_list("channel", flat=True).first()
    return last == Message.Channel.EMAIL or _is_of_mailing_shop(ticket)


def reaches(ticket: Ticket) -> bool:
    """Whether the customer can read a reply at all: on their page, in the chat they write in, or by mail."""
    if ticket.has_page or replying.way_of(ticket) is not None:
        return True
    return ContactPoint.objects.filter(person_id=ticket.person_id, kind=ContactPoint.Kind.EMAIL).exists()


def _is_of_mailing_shop(ticket: Ticket) -> bool:
    """Whether its order's shop mails the words of replies to everybody; asks nothing of one read `with_mailing_shop`."""
    known: bool | None = getattr(ticket, "of_mailing_shop", None)
    if known is None:
        return ticket.order is not None and ticket.order.shop.mails_words
    return known


def with_mailing_shop(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """For a page that reads neither order nor shop."""
    shops = Shop.objects.filter(mails_words=True, orders=OuterRef("order_id"))
    return tickets.annotate(of_mailing_shop=Exists(shops))


def letter(ticket: Ticket, message: Message) -> Letter:
    """Subject and envelope of a reply: it continues the newest mail of the customer, and their answer comes back here."""
    came = Arrival.objects.in_conversation(ticket.pk)
    theirs = came.filter(channel=Arrival.Channel.EMAIL, message__isnull=False)
    newest = theirs.filter(message__by=Message.By.CUSTOMER).order_by("-received_at", "-pk").first()
    known = list(
        theirs.exclude(external_id="").order_by("-received_at", "-pk").values_list("external_id", flat=True)[:_MOST_IDS]
    )
    ids = [each for each in reversed(known) if _ID.match(each)]
    headers = {"In-Reply-To": ids[-1], "References": " ".join(ids)} if ids else {}
    to_copies = dict(headers)
    if cc := [each.address for each in message.ccs.all()]:
        headers["Cc"] = ", ".join(cc)
    account = account_of(ticket)
    if account is not None:
        to_copies["Reply-To"] = account.address
        plus = account.has_plus_addresses
        headers["Reply-To"] = plus_address(account.address, ticket) if plus else account.address
    attached = Attachment.objects.of(message).filter(hidden_at=None).values_list("ref", flat=True)
    by_hand = message.author_id is not None
    return Letter(
        subject=subject_to_answer(newest.subject) if newest else "",
        copy=Envelope(headers=to_copies, files=tuple(attached), by_hand=by_hand),
        envelope=Envelope(
            prefer=newest.sender if newest else "",
            headers=headers,
            files=tuple(attached),
            by_hand=by_hand,
        ),
    )


def account_of(ticket: Ticket | None) -> MailAccount | None:
    """The mailbox that speaks for a ticket: that of the customer's newest mail, else that of its queue, else the first."""
    standing = MailAccount.standing().order_by("pk")
    if ticket is None:
        return standing.first()
    came = Arrival.objects.in_conversation(ticket.pk)
    mails = came.filter(message__by=Message.By.CUSTOMER, account__ended_at=None)
    newest: Arrival | None = (
        mails.exclude(account=None).select_related("account").order_by("-received_at", "-pk").first()
    )
    if newest is not None:
        return newest.account
    return standing.filter(queue=ticket.queue_id).first() or standing.first()


def box_for(about: Any) -> Box:
    """For any notice: where its answers are read, and from whom it is if it is about a ticket."""
    ticket = ticket_of(about)
    account = account_of(ticket)
    if account is None:
        return Box()
    return Box(account.address, account.sender if ticket is not None else "")
