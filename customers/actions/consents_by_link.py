"""The link in every message that needs a consent: who holds it may end the consent at once, without an account.

The signature is the permit. It never grows old, because a message may be read years later, and it opens nothing but
the consents of one person. Mails are forwarded, so whoever holds the link may take consents away, but give back only what was
ended behind this very link a moment ago: a slip of the finger.
"""

from __future__ import annotations

import datetime as dt

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict, NotFound
from aftersales.notices.actions.telling import status_url
from aftersales.notices.opening import Opens
from customers.actions.consents import agrees, give, lock_kin_of, withdraw
from customers.models import Consent, Person, Purpose

PAGE = "consents"  # the name under which a notice keeps it
_SIGNER = Signer(salt="customers.consents")
SLIP = dt.timedelta(minutes=30)
MOST_SLIPS = 3  # within a day
_DAY = dt.timedelta(days=1)


class LinkTooLate(Conflict):
    code = "consent_link_late"
    sentence = _("Behind this link you can only take back a press of just now. If you want to hear from us again, tell us so"
                 " when you next write.")  # fmt: skip


class AgreeingByStaff(Conflict):
    code = "consent_by_staff"
    sentence = _("You are signed in as staff, and only the customer can agree. Write their consent down on their page, with"
                 " where they said it.")  # fmt: skip


def way_out(person: Person, purpose: Purpose) -> Opens:
    """What a message to this person for this purpose keeps of its link; `address_of` makes the link of it."""
    return Opens(PAGE, f"{person.ref}:{purpose}")


def address_of(of: str) -> str:
    """The link itself, as `Opens.address` asks for it."""
    return status_url(f"/messages/{_SIGNER.sign(of)}/")


def standing_of(token: str) -> tuple[Person, Purpose, list[Purpose]]:
    """Whose link it is, what the message was for, and the purposes they agree to now. Raises `NotFound`."""
    person, purpose = _read(token)
    standing = Consent.objects.filter(person=person, withdrawn_at=None).values_list("purpose", flat=True)
    return person, purpose, [each for each in Purpose if each in set(standing)]


@transaction.atomic
def withdraw_by_link(token: str, *, everything: bool = False, one_click: bool = False, actor: Actor) -> Purpose:
    """End the consent that the message rested on, or every consent. Pressed twice is pressed once.

    `one_click` is the mail program's own button (RFC 8058). Returns the purpose of the message; raises `NotFound`.
    """
    person, purpose = _read(token, locked=True)
    pressed = _press(purpose, one_click=one_click)
    withdraw(person, list(Purpose) if everything else [purpose], proof=pressed, actor=actor, at=clock.now())
    return purpose


@transaction.atomic
def give_by_link(token: str, *, actor: Actor) -> Purpose:
    """Agree again to what the message was for, right after a slip of the finger. A consent that stands stays as it is.

    Raises `NotFound`, `AgreeingByStaff`, and `LinkTooLate` where it was not ended behind this link within `SLIP`, or was
    given back so `MOST_SLIPS` times within a day.
    """
    person, purpose = _read(token, locked=True)
    if actor.is_staff:
        raise AgreeingByStaff
    if agrees(person.pk, purpose):
        return purpose
    at = clock.now()
    if not _slipped(person, purpose, at):
        raise LinkTooLate
    give(person, purpose, proof=_again(purpose), actor=actor, at=at)
    return purpose


def may_give_again(token: str, *, actor: Actor) -> bool:
    """Whether the page behind the link offers to agree again."""
    person, purpose = _read(token)
    return not actor.is_staff and _slipped(person, purpose, clock.now())


def _slipped(person: Person, purpose: Purpose, at: dt.datetime) -> bool:
    """Whether the last word on it was a press behind this link, a moment ago, and not one of many to and fro."""
    rows = Consent.objects.filter(person=person, purpose=purpose)
    last = rows.order_by("-given_at", "-pk").first()
    pressed = {_press(purpose, one_click=one_click) for one_click in (False, True)}
    if last is None or last.withdrawn_at is None or last.withdrawal not in pressed or at - last.withdrawn_at > SLIP:
        return False
    return rows.filter(proof=_again(purpose), given_at__gt=at - _DAY).count() < MOST_SLIPS


def _press(purpose: Purpose, *, one_click: bool) -> str:
    with translation.override("zh-hans"):  # kept in the shop's own language, as staff write it
        proof = gettext("Pressed in the mail program") if one_click else gettext("Pressed behind the link of a message")
        return f"{proof} ({purpose.label})"


def _again(purpose: Purpose) -> str:
    with translation.override("zh-hans"):
        return f"{gettext('Agreed again behind the link of a message')} ({purpose.label})"


def _read(token: str, *, locked: bool = False) -> tuple[Person, Purpose]:
    try:
        ref, _colon, purpose = _SIGNER.unsign(token[:200]).partition(":")
    except BadSignature:
        raise NotFound from None
    person: Person | None = Person.objects.all().called(ref)
    if person is None or purpose not in Purpose.values:
        raise NotFound
    return lock_kin_of(person.pk) if locked else person, Purpose(purpose)
