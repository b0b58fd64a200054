"""Who writes to the shop: the person behind an e-mail address, and a new one where nobody is. Called when mail is placed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.kernel.refs import new_ref
from aftersales.ledger.record import record
from customers.actions.contacts import canonical_email
from customers.models import ContactPoint, Person


def writer(address: str) -> Person | None:
    """The person with this e-mail address; of several (imports make one per masked order) the one who bought last."""
    people = Person.objects.filter(contact_points__kind=ContactPoint.Kind.EMAIL, contact_points__value=address)
    return people.annotate(bought=Max("orders__placed_at")).order_by("-bought", "-pk").first() if address else None


@transaction.atomic
def add_writer(address: str, *, name: str, actor: Actor, at: dt.datetime) -> Person:
    """A person known by this address only. One who has it already is returned as they are. Raises `BadInput`."""
    check(actor, "person.add")
    value = canonical_email(address)
    if value is None:
        raise BadInput(_("“%(text)s” is no e-mail address."), field="sender", text=address[:80])
    if (known := writer(value)) is not None:
        return known
    person = Person.objects.create(ref=new_ref("P"), name=name[:80], source="mail", created_at=at)
    point = ContactPoint.objects.create(person=person, kind=ContactPoint.Kind.EMAIL, value=value, created_at=at)
    record("person.added", on=person, actor=actor, at=at, contact=point.masked)
    return person


@transaction.atomic
def add_buyer(nick: str, *, name: str, actor: Actor, at: dt.datetime) -> Person:
    """A person known only by what a platform calls them. Their orders, once imported, are another row until staff say so."""
    check(actor, "person.add")
    person = Person.objects.create(ref=new_ref("P"), name=name[:80], nick=nick[:80], source="chat", created_at=at)
    record("person.added", on=person, actor=actor, at=at)
    return person
