"""Who writes to the shop: the person behind an e-mail address or a phone, and a new one where nobody is.

Called when mail and SMS are placed.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from customers.actions.contacts import canonical_email, canonical_phone
from customers.models import ContactPoint, Person


def writer(address: str) -> Person | None:
    """The person with this e-mail address; of several (imports make one per masked order) the one who bought last."""
    return _known(ContactPoint.Kind.EMAIL, address)


def texter(phone: str) -> Person | None:
    """The person with this phone number; of several the one who bought last."""
    return _known(ContactPoint.Kind.PHONE, phone)


def _known(kind: ContactPoint.Kind, value: str) -> Person | None:
    people = Person.objects.filter(contact_points__kind=kind, contact_points__value=value)
    # Who never bought comes last, whom Postgres by itself would put first.
    last = F("bought").desc(nulls_last=True)
    return people.annotate(bought=Max("orders__placed_at")).order_by(last, "-pk").first() if value else None


@transaction.atomic
def add_writer(address: str, *, name: str, actor: Actor, at: dt.datetime) -> Person:
    """A person known by this address only. One who has it already is returned as they are. Raises `BadInput`."""
    check(actor, "person.add")
    value = canonical_email(address)
    if value is None:
        raise BadInput(_("“%(text)s” is no e-mail address."), field="sender", text=address[:80])
    if (known := writer(value)) is not None:
        return known
    return _add(ContactPoint.Kind.EMAIL, value, name=name, source="mail", actor=actor, at=at)


@transaction.atomic
def add_texter(phone: str, *, actor: Actor, at: dt.datetime) -> Person:
    """A person known by this phone only. One who has it already is returned as they are. Raises `BadInput`."""
    check(actor, "person.add")
    value = canonical_phone(phone)
    if value is None:
        raise BadInput(_("“%(text)s” is no phone number."), field="sender", text=phone[:80])
    return texter(value) or _add(ContactPoint.Kind.PHONE, value, name="", source="sms", actor=actor, at=at)


def _add(kind: ContactPoint.Kind, value: str, *, name: str, source: str, actor: Actor, at: dt.datetime) -> Person:
    person = Person.objects.create(ref=new_ref("P"), name=name[:80], source=source, created_at=at)
    tail = value[-4:] if kind == ContactPoint.Kind.PHONE else ""
    point = ContactPoint.objects.create(person=person, kind=kind, value=value, tail=tail, created_at=at)
    record("person.added", on=person, actor=actor, at=at, contact=point.masked)
    return person


@transaction.atomic
def add_buyer(nick: str, *, name: str, actor: Actor, at: dt.datetime) -> Person:
    """A person known only by what a platform calls them; the caller has looked whether the archive knows that buyer.

    Their orders, once imported, are another row until staff say so.
    """
    check(actor, "person.add")
    person = Person.objects.create(ref=new_ref("P"), name=name[:80], nick=nick[:80], source="chat", created_at=at)
    record("person.added", on=person, actor=actor, at=at)
    return person
