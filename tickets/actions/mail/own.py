"""What a mail says about ourselves: our own ids and addresses, our orders, our mail server's judgement. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.utils import parseaddr

from django.conf import settings

from aftersales.notices import message_ids
from customers.models import Order, Person
from tickets.models import MailAccount

_PREFIX = re.compile(r"^\s*((re|aw|sv|fw|fwd|wg|tr|rv|答复|回复|回覆|转发|轉寄)\s*(\[\d+\])?\s*[:：]\s*)+", re.I)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z][0-9A-Za-z-]{6,30}(?![0-9A-Za-z])")
_FORGED = re.compile(r"\bdmarc=fail\b", re.I)


def is_ours(message_id: str) -> bool:
    """Whether we gave this Message-ID, so that a mail of ours has come back to us."""
    return message_ids.notice_of(message_id) is not None


def is_our_address(address: str) -> bool:
    """Whether it is an address of the desk itself: nobody's mail is taken for a customer's because it says so."""
    return bool(address) and bool(ours_among([address]))


def ours_among(addresses: Iterable[str]) -> set[str]:
    """Those of them that are the desk's own: what it writes from, and every mailbox it reads or has read, with any plus."""
    bare = {each: _without_plus(each) for each in addresses}
    own = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].casefold()}
    own |= set(MailAccount.objects.filter(address__in={*bare, *bare.values()}).values_list("address", flat=True))
    return {each for each, without in bare.items() if each in own or without in own}


def says_forged(auth: str, server: str) -> bool:
    """Whether the line of *our* mail server says that the sender is forged. Anybody else's line counts for nothing."""
    first = auth.partition(";")[0].split(" ")[0].casefold()
    return bool(server) and first == server.casefold() and _FORGED.search(auth) is not None


def _without_plus(address: str) -> str:
    user, _at, host = address.partition("@")
    return f"{user.partition('+')[0]}@{host}"


def bare_subject(subject: str) -> str:
    """Without Re:, 回复: and the like."""
    return _PREFIX.sub("", subject).strip()


def subject_to_answer(subject: str) -> str:
    """What stands behind the Re: of our answer."""
    return bare_subject(subject)[:150]


def order_named(text: str, person: Person) -> Order | None:
    """The order of this person whose number stands in the text, or None. Never somebody else's."""
    numbers = dict.fromkeys(_NUMBER.findall(text[:20_000]))
    if not numbers:
        return None
    return Order.objects.filter(person=person, number__in=list(numbers)[:200]).order_by("-placed_at").first()
