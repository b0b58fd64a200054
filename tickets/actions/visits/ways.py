"""How a customer may be visited: by the channel the plan wishes, by another one, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.notices.actions.telling import refuses as refuses_channel
from aftersales.notices.models import Notice, Preference
from aftersales.notices.recipients import recipient
from customers.actions.consents import agrees, refuses
from customers.models import Address, ContactPoint, Order, Person, Purpose
from tickets.models import Visit

C = Visit.Channel


@dataclass(frozen=True, slots=True)
class Way:
    """The channel, or None with the reason why there is none."""

    channel: str | None
    why: str = ""


def way_to(person: Person, wished: str, order: Order | None = None) -> Way:
    """`wished` where it may be; a home visit only with consent for it, a message only where e-mail is not refused.

    A message is answered behind a link, and text messages may carry none: so in writing means by e-mail. A letter is
    of paper and needs the order's full address, else it becomes a message.
    """
    if refuses(person.pk, Purpose.VISITS):
        return Way(None, Visit.Why.CONSENT)
    kinds = set(person.contact_points.values_list("kind", flat=True))
    can_call = ContactPoint.Kind.PHONE in kinds
    can_write = ContactPoint.Kind.EMAIL in kinds and not _refuses_mail(person)
    if wished == C.HOME and agrees(person.pk, Purpose.AT_HOME):
        return Way(C.HOME)
    if wished == C.LETTER and postal_address(order) is not None:
        return Way(C.LETTER)
    spoken, written = (C.CALL if can_call else None), (C.MESSAGE if can_write else None)
    if wished in (C.MESSAGE, C.LETTER):
        channel = written or spoken
    else:
        channel = spoken or written
    return Way(channel) if channel else Way(None, Visit.Why.NO_WAY)


def postal_address(order: Order | None) -> Address | None:
    """Where a letter about this order goes; None without street, and for one that the platform masks."""
    address = order.address if order is not None else None
    return address if address is not None and address.line.strip() and not address.is_masked else None


def _refuses_mail(person: Person) -> bool:
    reach = recipient(person)
    return reach is not None and refuses_channel(
        person, reach, channel=Notice.Channel.EMAIL, kind=Preference.Kind.SERVICE
    )
