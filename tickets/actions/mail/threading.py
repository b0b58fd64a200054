"""Which ticket a mail belongs to, from the surest sign to the weakest. Reads only; `placing` acts on it.

Never by the subject alone, and never by an empty or foreign id: a Message-ID counts where a keyed hash proves that we
gave it, or where the same sender continues a conversation of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from aftersales.kernel.refs import clean_ref
from aftersales.notices import message_ids
from aftersales.notices.models import Notice
from customers.models import ContactPoint
from tickets.mail.letter import Letter
from tickets.models import Arrival, Ticket

COPIED = "ticket.copied"  # the kind of notice that is a reply's copy
_REF = re.compile(r"(?<![0-9A-Za-z])[TRtr][-‐–—－]?[0-9A-Za-z]{9}(?![0-9A-Za-z])")
_TOKEN = re.compile(r"\+(t-[0-9a-z]{9})\.([0-9a-f]{24})@")


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket and the sign that leads to it (`Arrival.Reason`). `of_copy`: it answers what went to somebody in Cc."""

    ticket: Ticket
    reason: str
    of_copy: bool = False


def place_of(letter: Letter) -> Place | None:
    """Where it surely belongs, or None."""
    if (found := _by_address(letter)) is not None:
        return Place(standing(found), Arrival.Reason.ANSWER)
    for notice in _our_mails(letter):
        if (found := ticket_of(notice.about)) is not None:
            return Place(standing(found), Arrival.Reason.ANSWER, of_copy=notice.template == COPIED)
    if (found := _by_their_ids(letter)) is not None:
        return Place(standing(found), Arrival.Reason.THREAD)
    if (found := named_in(letter.subject)) is not None and writes_for(letter.sender, found):
        return Place(standing(found), Arrival.Reason.REFERENCE)
    return None


def named_in(subject: str) -> Ticket | None:
    """The ticket whose reference, or whose return's, stands in the subject: a suggestion, no more."""
    for text in _REF.findall(subject)[:5]:
        ref = clean_ref(text)
        if ref is not None and (ticket := _ticket_of_ref(ref)) is not None:
            return ticket
    return None


def writes_for(address: str, ticket: Ticket) -> bool:
    """Whether the address is one of the ticket's customer."""
    return (
        bool(address)
        and ContactPoint.objects.filter(
            person_id=ticket.person_id, kind=ContactPoint.Kind.EMAIL, value=address
        ).exists()
    )


def ticket_of_notice(number: int) -> Ticket | None:
    """The ticket that one of our notices was about."""
    notice = Notice.objects.filter(pk=number).first()
    return ticket_of(notice.about) if notice else None


def ticket_of(about: Any) -> Ticket | None:
    """The ticket that a notice about this row is about, or None."""
    if about is not None and not isinstance(about, Ticket):
        about = getattr(about, "ticket", None)
    return about if isinstance(about, Ticket) else None


def standing(ticket: Ticket) -> Ticket:
    """Where the conversation goes on: a merged ticket's messages belong to the one it was merged into."""
    for _step in range(20):
        into = getattr(ticket, "merged_into", None)
        if into is None:
            break
        ticket = into
    return ticket


def plus_address(address: str, ticket: Ticket) -> str:
    """`service+t-….…@shop.example`: an answer to it finds its ticket even where a mail program drops all ids."""
    user, _at, host = address.partition("@")
    return f"{user}+{ticket.ref.lower()}.{_proof(ticket.ref)}@{host}"


def _proof(ref: str) -> str:
    return hmac.new(settings.LINK_KEY.encode(), f"reply-address:{ref}".encode(), hashlib.sha256).hexdigest()[:24]


def _by_address(letter: Letter) -> Ticket | None:
    for address in letter.recipients:
        if (found := _TOKEN.search(address)) is not None:
            ref = found[1].upper()
            if hmac.compare_digest(found[2], _proof(ref)):
                return Ticket.objects.filter(ref=ref).first()
    return None


def _our_mails(letter: Letter) -> Iterator[Notice]:
    for each in letter.answers:
        number = message_ids.notice_of(each)
        if number is not None and (notice := Notice.objects.filter(pk=number).first()) is not None:
            yield notice


def _by_their_ids(letter: Letter) -> Ticket | None:
    """A mail that goes on from one the same address sent before, as when somebody adds what they forgot, or got in copy."""
    if not letter.sender or not letter.answers:
        return None
    knew = Q(sender=letter.sender) | Q(message__ccs__address=letter.sender)
    earlier = Arrival.objects.filter(
        knew, external_id__in=letter.answers, state=Arrival.State.PLACED, channel=Arrival.Channel.EMAIL
    ).select_related("ticket")
    found = {arrival.external_id: arrival.ticket for arrival in earlier.order_by("pk")}
    return next((found[each] for each in letter.answers if found.get(each)), None)


def _ticket_of_ref(ref: str) -> Ticket | None:
    if ref.startswith("T"):
        return Ticket.objects.filter(ref=ref).first()
    # The returns lie one floor up; their model is asked for by name, as events ask for their subjects.
    ret = apps.get_model("returns", "Return")._base_manager.select_related("ticket").filter(ref=ref).first()
    return getattr(ret, "ticket", None)
