"""Keep what a person agreed to, with the proof, and take it back as easily (PIPL art. 15). Called by the desk.

What the customer does by the link of a message is `consents_by_link`; both end in `give` and `withdraw` here.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.otherwise import DoneOtherwise
from aftersales.ledger.record import record
from customers.actions.care.stopping import stop_care
from customers.actions.gifts import stop_gifts
from customers.actions.testimonials import stop_quoting
from customers.actions.words import kept_text
from customers.gather.kin import kin, locked_kin
from customers.gather.obstacles import agreed, refusing
from customers.models import Consent, Person, Purpose

LONGEST = 300  # characters of a proof


class PurposeUnknown(BadInput):
    code = "purpose_unknown"
    sentence = _("Nobody is asked for a consent to “%(purpose)s”. Choose one of: %(known)s.")


def _person(person_id: int, actor: Actor) -> Person:
    """The row lock lets of two consents for one purpose the second find the first."""
    if not Person.objects.visible_to(actor).filter(pk=person_id).exists():
        raise NotFound
    check(actor, "consent.record")
    return lock_kin_of(person_id)


def lock_kin_of(person_id: int) -> Person:
    """The person, with everybody who shares a contact point with them locked, too: a no ends the yes of all of them."""
    return next(each for each in locked_kin(person_id) if each.pk == person_id)


@transaction.atomic
def give_consent(person_id: int, *, purpose: str, proof: str, actor: Actor) -> Consent:
    """Record a consent with where it was given (message, form, call). The same again changes nothing.

    Raises `PurposeUnknown`, `BadInput` without a proof, and `DoneOtherwise` where one with another proof stands.
    """
    person = _person(person_id, actor)
    consent = give(person, known_purpose(purpose), proof=proof, actor=actor, at=clock.now())
    if consent.proof != kept_text(proof, field="proof", longest=LONGEST):
        raise DoneOtherwise("consent.given", on=person, consent=consent.pk)
    return consent


@transaction.atomic
def withdraw_consent(person_id: int, *, purpose: str, proof: str, actor: Actor) -> None:
    """End a consent; the row stays as proof of the time it stood. Nothing standing is nothing to do."""
    person = _person(person_id, actor)
    withdraw(person, [known_purpose(purpose)], proof=proof, actor=actor, at=clock.now())


def known_purpose(purpose: str) -> Purpose:
    """The purpose of that name. Raises `PurposeUnknown`."""
    if purpose not in Purpose.values:
        raise PurposeUnknown(field="purpose", purpose=purpose[:40], known=", ".join(Purpose.values))
    return Purpose(purpose)


def give(person: Person, purpose: Purpose, *, proof: str, actor: Actor, at: dt.datetime) -> Consent:
    """In the caller's transaction, with the person locked."""
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).first()
    if standing is not None:
        return standing
    kept = kept_text(proof, field="proof", longest=LONGEST)
    consent = Consent.objects.create(person=person, purpose=purpose, given_at=at, proof=kept)
    record("consent.given", on=person, actor=actor, at=at, purpose=str(purpose), consent=consent.pk)
    return consent


def withdraw(person: Person, purposes: list[Purpose], *, proof: str, actor: Actor, at: dt.datetime) -> list[Purpose]:
    """In the caller's transaction, with `lock_kin_of` them. Returns the purposes whose consent stood until now.

    Entries that share a contact point with them may be the same human being: their yes to it ends with it.
    """
    kept = kept_text(proof, field="proof", longest=LONGEST)
    ended = [purpose for purpose in purposes if _end(person, purpose, kept, actor, at)]
    for other in Person.objects.filter(pk__in=kin(person.pk) - {person.pk}).order_by("pk"):
        for purpose in purposes:
            _end(other, purpose, f"{person.ref}: {kept}"[:LONGEST], actor, at)
    return ended


def _end(person: Person, purpose: Purpose, kept: str, actor: Actor, at: dt.datetime) -> bool:
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None)
    if not standing.update(withdrawn_at=at, withdrawal=kept):
        return False
    stop_care(person, purpose, at=at)
    stop_gifts(person, purpose, at=at)
    stop_quoting(person, purpose, at=at)
    record("consent.withdrawn", on=person, actor=actor, at=at, purpose=str(purpose))
    return True


@transaction.atomic
def refuse(person_id: int, *, purpose: str, proof: str, actor: Actor) -> None:
    """A person says no to a purpose, asked before or not. A refusal that stands already stays as it is.

    Where there never was a consent, the row that says no is one withdrawn at the moment it was written.
    """
    say_no(_person(person_id, actor), known_purpose(purpose), proof=proof, actor=actor, at=clock.now())


def say_no(person: Person, purpose: Purpose, *, proof: str, actor: Actor, at: dt.datetime) -> None:
    """In the caller's transaction, with `lock_kin_of` them: as `refuse`."""
    if _has_said_no(person, purpose):
        return
    if not withdraw(person, [purpose], proof=proof, actor=actor, at=at):
        kept = kept_text(proof, field="proof", longest=LONGEST)
        Consent.objects.create(
            person=person, purpose=purpose, given_at=at, withdrawn_at=at, proof=kept, withdrawal=kept
        )
        record("consent.withdrawn", on=person, actor=actor, at=at, purpose=str(purpose))


def _has_said_no(person: Person, purpose: Purpose) -> bool:
    """In their own row, whatever others with the same contact point have said."""
    rows = Consent.objects.filter(person=person, purpose=purpose)
    return rows.exists() and not rows.filter(withdrawn_at=None).exists()


def agrees(person_id: int, purpose: Purpose) -> bool:
    """Whether a consent for the purpose stands, and nobody with the same contact point has said no since."""
    return bool(agreed([person_id], purpose))


def refuses(person_id: int, purpose: Purpose) -> bool:
    """Whether the person, or one with the same contact point, has said no and not yes since. Nobody asked is no refusal."""
    return bool(refusing([person_id], purpose))
