"""The link in every message that needs a consent: who holds it may end the consent at once, without an account.

The signature is the permit. It never grows old, because a message may be read years later, and it opens nothing but
the consents of one person.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.actions.consents import give, withdraw
from customers.models import Consent, Person, Purpose

_SIGNER = Signer(salt="customers.consents")


def token_of(person: Person, purpose: Purpose) -> str:
    """What stands in the link of a message that was sent to this person for this purpose."""
    return _SIGNER.sign(f"{person.ref}:{purpose}")


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
    with translation.override("zh-hans"):  # kept in the shop's own language, as staff write it
        proof = gettext("Pressed in the mail program") if one_click else gettext("Pressed behind the link of a message")
        proof = f"{proof} ({purpose.label})"
    withdraw(person, list(Purpose) if everything else [purpose], proof=proof, actor=actor, at=clock.now())
    return purpose


@transaction.atomic
def give_by_link(token: str, *, actor: Actor) -> Purpose:
    """Agree again to what the message was for, e.g. after a slip of the finger. Raises `NotFound`."""
    person, purpose = _read(token, locked=True)
    with translation.override("zh-hans"):
        proof = gettext("Agreed again behind the link of a message")
        proof = f"{proof} ({purpose.label})"
    give(person, purpose, proof=proof, actor=actor, at=clock.now())
    return purpose


def _read(token: str, *, locked: bool = False) -> tuple[Person, Purpose]:
    try:
        ref, _colon, purpose = _SIGNER.unsign(token[:200]).partition(":")
    except BadSignature:
        raise NotFound from None
    people = Person.objects.select_for_update() if locked else Person.objects.all()
    person: Person | None = people.filter(ref=ref).first()
    if person is None or purpose not in Purpose.values:
        raise NotFound
    return person, Purpose(purpose)
