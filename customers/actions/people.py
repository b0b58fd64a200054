"""Keep a person's data right: name, language, contacts; and show a contact in full, for a reason. Called by the desk."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from customers.actions.contacts import canonical
from customers.actions.words import kept_text
from customers.models import ContactPoint, Person


def own_person(*, at: dt.datetime) -> Person:
    """The shop's own entry, made at its first use: tasks that are about no customer stand under it."""
    key = {"source": Person.SHOP, "external_id": "own"}
    found, _created = Person.objects.get_or_create(**key, defaults={"ref": new_ref("P"), "created_at": at})
    return found


def _person(person_id: int, actor: Actor, verb: str) -> Person:
    person: Person | None = Person.objects.visible_to(actor).select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    check(actor, verb)
    return person


@transaction.atomic
def change_person(person_id: int, *, actor: Actor, name: str | None = None, locale: str | None = None) -> Person:
    """Correct a name or the language the person is written to. What is the same already is not recorded."""
    person = _person(person_id, actor, "person.change")
    changed = []
    if name is not None and (plain := kept_text(name, field="name", longest=80)) != person.name:
        person.name = plain
        changed.append("name")
    if locale is not None and locale != person.locale:
        if locale not in dict(settings.LANGUAGES):
            raise BadInput(_("The language “%(text)s” is not known: write zh-hans or en."), field="locale", text=locale)
        person.locale = locale
        changed.append("locale")
    if changed:
        person.save(update_fields=changed)
        record("person.changed", on=person, actor=actor, fields=changed)
    return person


@transaction.atomic
def add_contact(person_id: int, *, text: str, actor: Actor) -> ContactPoint:
    """Keep a phone number or e-mail address. One that is there already is returned as it is."""
    person = _person(person_id, actor, "person.change")
    found = canonical(text)
    if found is None:
        raise BadInput(
            _("“%(text)s” is neither a phone number nor an e-mail address."), field="contact", text=text.strip()[:80]
        )
    kind, value = found
    at = clock.now()
    point, created = ContactPoint.objects.get_or_create(
        person=person,
        kind=kind,
        value=value,
        defaults={"tail": value[-4:] if kind == ContactPoint.Kind.PHONE else "", "created_at": at},
    )
    if created:
        record("contact.added", on=person, actor=actor, at=at, contact=point.masked)
    return point


@transaction.atomic
def remove_contact(contact_id: int, *, actor: Actor) -> None:
    """Forget a way to reach a person. Removing what is gone changes nothing."""
    point = ContactPoint.objects.filter(pk=contact_id).first()
    if point is None:
        return
    person = _person(point.person_id, actor, "person.change")
    masked = point.masked
    point.delete()
    record("contact.removed", on=person, actor=actor, contact=masked)


@transaction.atomic
def reveal_contact(contact_id: int, *, why: str, actor: Actor) -> str:
    """The contact in full, for a stated reason; who saw it and why stays on record (PIPL art. 51)."""
    point = ContactPoint.objects.filter(pk=contact_id).first()
    if point is None:
        raise NotFound
    person = _person(point.person_id, actor, "person.reveal")
    reason = kept_text(why, field="why", longest=200)
    record("contact.revealed", on=person, actor=actor, contact=point.pk, why=reason)
    return point.value
