"""Keep what a person agreed to, with the proof, and take it back as easily (PIPL art. 15). Called by desk and portal."""

from __future__ import annotations

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.models import Consent, Person


def _person(person_id: int, actor: Actor) -> Person:
    """The row lock lets of two consents for one purpose the second find the first."""
    person: Person | None = Person.objects.visible_to(actor).select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    check(actor, "consent.record")
    return person


@transaction.atomic
def give_consent(person_id: int, *, purpose: str, proof: str, actor: Actor) -> Consent:
    """Record a consent with where it was given (message, form, call). A standing one for the purpose stays as it is."""
    person = _person(person_id, actor)
    purpose = kept_text(purpose, field="purpose", longest=40)
    standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).first()
    if standing is not None:
        return standing
    at = clock.now()
    consent = Consent.objects.create(
        person=person, purpose=purpose, given_at=at, proof=kept_text(proof, field="proof", longest=300)
    )
    record("consent.given", on=person, actor=actor, at=at, purpose=purpose)
    return consent


@transaction.atomic
def withdraw_consent(person_id: int, *, purpose: str, actor: Actor) -> None:
    """End a consent; the row stays as proof of the time it stood. Nothing standing is nothing to do."""
    person = _person(person_id, actor)
    at = clock.now()
    if Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).update(withdrawn_at=at):
        record("consent.withdrawn", on=person, actor=actor, at=at, purpose=purpose)
