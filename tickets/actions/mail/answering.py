"""How a reply leaves by mail: to which address, continuing which mail, and where its answer will arrive. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aftersales.files.models import Attachment
from aftersales.notices.envelope import Envelope
from tickets.actions.mail.own import bare_subject
from tickets.actions.mail.threading import plus_address
from tickets.models import Arrival, MailAccount, Message, Ticket

_ID = re.compile(r"^<[^<>\s]{1,240}>$")
_MOST_IDS = 12  # of a thread that are named; mail programs look at the last ones


@dataclass(frozen=True, slots=True)
class Letter:
    """What the notice of a reply needs besides the words."""

    subject: str
    envelope: Envelope


def sends_words(ticket: Ticket) -> bool:
    """Whether the reply's own words are mailed: the customer wrote by mail, or the shop mails them to everybody."""
    theirs = ticket.messages.filter(by=Message.By.CUSTOMER).order_by("-at", "-pk").values_list("channel", flat=True)
    if Message.Channel.EMAIL in (ticket.channel, theirs.first()):
        return True
    return ticket.order is not None and ticket.order.shop.mails_words


def letter(ticket: Ticket, message: Message) -> Letter:
    """Subject and envelope of a reply: it continues the newest mail of the customer, and their answer comes back here."""
    theirs = Arrival.objects.filter(ticket=ticket, channel=Arrival.Channel.EMAIL, message__isnull=False)
    newest = theirs.select_related("account").order_by("-received_at", "-pk").first()
    known = list(
        theirs.exclude(external_id="").order_by("-received_at", "-pk").values_list("external_id", flat=True)[:_MOST_IDS]
    )
    ids = [each for each in reversed(known) if _ID.match(each)]
    headers = {"In-Reply-To": ids[-1], "References": " ".join(ids)} if ids else {}
    account = newest.account if newest and newest.account and newest.account.ended_at is None else _standing()
    if account is not None:
        plus = account.has_plus_addresses
        headers["Reply-To"] = plus_address(account.address, ticket) if plus else account.address
    attached = Attachment.objects.of(message).filter(hidden_at=None).values_list("ref", flat=True)
    return Letter(
        subject=bare_subject(newest.subject)[:150] if newest else "",
        envelope=Envelope(
            prefer=newest.sender if newest else "",
            headers=headers,
            files=tuple(attached),
            by_hand=message.author_id is not None,
        ),
    )


def mailbox() -> str:
    """The address whose mail is read, for the answers to any notice; "" where there is none."""
    account = _standing()
    return account.address if account else ""


def _standing() -> MailAccount | None:
    return MailAccount.standing().order_by("pk").first()
