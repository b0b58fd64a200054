"""Who gets a copy of a reply: suggested, chosen, checked, kept. Called by the reply, its draft and its form.

Pages show addresses masked, so what is ticked there is named by a keyed hash and found again among the ticket's own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput
from customers.actions.contacts import canonical_email
from customers.models import ContactPoint
from tickets.actions.mail import own
from tickets.actions.mail.answering import sends_words
from tickets.models import Arrival, Cc, Message, Ticket

MOST = 10  # copies of one reply
LONGEST = 2_000  # characters typed into the field
_BETWEEN = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a draft keeps: `ticked` addresses of the ticket, and the text `typed` beside them."""

    ticked: list[str] = field(default_factory=list)
    typed: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"ticked": self.ticked, "typed": self.typed[:LONGEST]}

    @property
    def addresses(self) -> list[str]:
        return [*self.ticked, *typed_in(self.typed)]


def typed_in(text: str) -> list[str]:
    """The pieces of what was typed, addresses or not."""
    return [each for each in _BETWEEN.split(text.strip()) if each]


def clean(ticket: Ticket, addresses: Sequence[str]) -> list[str]:
    """Canonical and each once, without the customer's own: they get the reply itself. Raises `BadInput` at `cc`."""
    found: dict[str, None] = {}
    for text in addresses:
        value = canonical_email(text)
        if value is None or not value.isascii():
            raise BadInput(_("“%(text)s” is no e-mail address."), field="cc", text=text[:80])
        found[value] = None
    if found and not sends_words(ticket):
        raise BadInput(_("Only a reply that leaves by mail can go to others in Cc."), field="cc")
    if found and (ours := own.ours_among(found)):
        raise BadInput(
            _("%(address)s is a mailbox of ours. What is said here need not be sent to it."), field="cc",
            address=min(ours),
        )  # fmt: skip
    own_ones = _of_customer(ticket, found) if found else set()
    left = [each for each in found if each not in own_ones]
    if len(left) > MOST:
        raise BadInput(
            _("A reply can go to %(most)s addresses in Cc at most; these are %(number)s."), field="cc", most=MOST,
            number=len(left),
        )  # fmt: skip
    return left


def keep(message: Message, addresses: Iterable[str]) -> None:
    """In the caller's transaction; the same again changes nothing."""
    Cc.objects.bulk_create([Cc(message=message, address=each) for each in addresses], ignore_conflicts=True)


def keep_theirs(message: Message, ticket: Ticket, addresses: Sequence[str]) -> None:
    """Those of a mail that came in, without our own and the customer's. In the caller's transaction."""
    keep(message, _others(ticket, addresses))


def suggested(ticket: Ticket) -> list[str]:
    """Who was in Cc of the last mail from an address of the customer's. A mailbox that has become ours since is left out.

    An answer to a forwarded mail of ours is the customer's word by its proof; whom it names in Cc is chosen by nobody else.
    """
    last = _customers_mails(ticket).order_by("-at", "-pk").values("pk")[:1]
    return _others(ticket, list(Cc.objects.filter(message__in=last).values_list("address", flat=True)))


def brought_in(ticket: Ticket, subject: str) -> set[str]:
    """Whom the customer wrote to in Cc under this very subject, in a mail from an address of theirs."""
    theirs = Cc.objects.filter(message__in=_customers_mails(ticket)).values_list("address", "message__arrival__subject")
    return {address for address, written in theirs if own.subject_to_answer(written) == subject}


def are_copied(ticket: Ticket) -> QuerySet[Cc]:
    """All that was sent in copy on this ticket and on those merged into it."""
    return Cc.objects.filter(message__in=Message.objects.in_conversation(ticket.pk))


def is_copied(address: str, ticket: Ticket) -> bool:
    """Whether a mail of this ticket, theirs or ours, went to this address in copy; or to somebody who passed it on to them.

    Of the latter nothing is known but what they wrote before, which was not the customer's word either.
    """
    if not address:
        return False
    before = Arrival.objects.in_conversation(ticket.pk).filter(sender=address, message__by=Message.By.OTHER)
    return are_copied(ticket).filter(address=address).exists() or before.exists()


def key_of(address: str) -> str:
    """What names an address on a page that shows it masked."""
    return hmac.new(settings.LOOKUP_KEY.encode(), f"cc:{address}".encode(), hashlib.sha256).hexdigest()[:16]


def chosen_in(ticket: Ticket, sent: Any) -> Chosen | None:
    """What a page sent: keys of addresses of this ticket under `copied`, text under `cc`. None where the page asked nobody.

    A key that names nothing here is left out: it was never an address of this ticket.
    """
    if "cc" not in sent:
        return None
    keys = dict.fromkeys(sent.getlist("copied")) if hasattr(sent, "getlist") else {}
    known = {key_of(each): each for each in are_copied(ticket).values_list("address", flat=True)} if keys else {}
    return Chosen([known[key] for key in keys if key in known], str(sent["cc"])[:LONGEST])


def chosen_of(message: Message) -> Chosen:
    """The choice behind a reply that is taken back: what the page can show to be ticked, and the rest as typed."""
    mine = [each.address for each in message.ccs.all()]
    there = set(are_copied(message.ticket).exclude(message=message).values_list("address", flat=True))
    return Chosen([each for each in mine if each in there], ", ".join(each for each in mine if each not in there))


def _customers_mails(ticket: Ticket) -> QuerySet[Message]:
    """Those they sent from an address that is known as theirs."""
    own_ones = ContactPoint.objects.filter(person_id=ticket.person_id, kind=ContactPoint.Kind.EMAIL).values("value")
    said = Message.objects.in_conversation(ticket.pk)
    theirs = said.filter(by=Message.By.CUSTOMER, channel=Message.Channel.EMAIL)
    return theirs.filter(arrival__sender__in=own_ones)


def _others(ticket: Ticket, addresses: Sequence[str]) -> list[str]:
    if not addresses:
        return []
    not_to = own.ours_among(addresses) | _of_customer(ticket, addresses)
    return [each for each in dict.fromkeys(addresses) if each not in not_to]


def _of_customer(ticket: Ticket, addresses: Iterable[str]) -> set[str]:
    points = ContactPoint.objects.filter(person_id=ticket.person_id, kind=ContactPoint.Kind.EMAIL)
    return set(points.filter(value__in=list(addresses)).values_list("value", flat=True))
