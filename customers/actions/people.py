"""Keep a person's data right: name, language, contacts, addresses; and show a contact in full, for a reason.

Called by the desk, the office and the API.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

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
from customers.models import Address, ContactPoint, Person, Shop


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


@transaction.atomic
def add_address(person_id: int, *, actor: Actor, line: str, **parts: Any) -> Address:
    """Keep where a parcel can go. The same address again is the one that is there.

    `parts`: recipient, phone, country (ISO 3166; the shop's own where none is given), province, city, district, postcode.
    """
    person = _person(person_id, actor, "person.change")
    lengths = {"recipient": 60, "phone": 30, "country": 2, "province": 40, "city": 60, "district": 60, "postcode": 12}
    values = {
        name: kept_text(parts.get(name, ""), field=name, longest=longest, required=False)
        for name, longest in lengths.items()
    }
    values["country"] = values["country"].upper() or _country_of_shop(person)
    values["line"] = kept_text(line, field="line", longest=200)
    same: dict[str, Any] = {"person": person, "is_masked": False, **values}
    address, created = Address.objects.get_or_create(**same)
    if created:
        record("address.added", on=person, actor=actor, address=address.pk)
    return address


def _country_of_shop(person: Person) -> str:
    """Where the shop is that the person bought at last; for whoever bought nothing, the shop's there is."""
    bought_at = Shop.objects.filter(orders__person=person).order_by("-orders__placed_at", "-orders__pk")
    shop = bought_at.first() or Shop.objects.order_by("pk").first() or Shop()
    return shop.country
