"""A birthday, only as the customer gave it, with where they said so. Called by the desk."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.models import Birthday, Person


def _person(person_id: int, actor: Actor) -> Person:
    person: Person | None = Person.objects.visible_to(actor).select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    check(actor, "person.change")
    return person


@transaction.atomic
def note_birthday(person_id: int, *, month: int, day: int, source: str, actor: Actor) -> Birthday:
    """Month and day as told, and where. The same again changes nothing; another day or source replaces it."""
    person = _person(person_id, actor)
    try:
        dt.date(2024, month, day)  # a leap year: 29 February is a birthday
    except ValueError:
        raise BadInput(_("There is no such day. Give month and day."), field="day", code="no_day") from None
    said = kept_text(source, field="source", longest=300)
    known = Birthday.objects.filter(person=person).first()
    if known is not None and (known.month, known.day, known.source) == (month, day, said):
        return known
    at = clock.now()
    birthday, _new = Birthday.objects.update_or_create(
        person=person, defaults={"month": month, "day": day, "source": said, "given_at": at}
    )
    record("person.birthday_given", on=person, actor=actor, at=at, birthday=birthday.pk)
    return birthday


@transaction.atomic
def forget_birthday(person_id: int, *, actor: Actor) -> None:
    """Delete it. Nothing written down is nothing to do."""
    person = _person(person_id, actor)
    gone, _rows = Birthday.objects.filter(person=person).delete()
    if gone:
        record("person.birthday_forgotten", on=person, actor=actor)
