"""Write down what colleagues should know about an order or a person. Called by the desk and the API."""

from __future__ import annotations

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.actions.words import kept_text
from customers.models import Note, Order, Person

LONGEST = 2000


@transaction.atomic
def note_order(order_id: int, *, text: str, actor: Actor) -> Note:
    """A note on an order; it also shows with the person. Customers never see notes."""
    order: Order | None = Order.objects.visible_to(actor).filter(pk=order_id).first()
    if order is None:
        raise NotFound
    check(actor, "order.note")
    at = clock.now()
    note = Note.objects.create(
        order=order,
        person_id=order.person_id,
        text=kept_text(text, field="text", longest=LONGEST),
        by_id=actor.id if actor.kind == "staff" else None,
        at=at,
    )
    record("order.noted", on=order, actor=actor, at=at, note=note.pk)
    return note


@transaction.atomic
def note_person(person_id: int, *, text: str, actor: Actor) -> Note:
    """A note on a person, whatever the order."""
    person: Person | None = Person.objects.visible_to(actor).filter(pk=person_id).first()
    if person is None:
        raise NotFound
    check(actor, "order.note")
    at = clock.now()
    note = Note.objects.create(
        person=person,
        text=kept_text(text, field="text", longest=LONGEST),
        by_id=actor.id if actor.kind == "staff" else None,
        at=at,
    )
    record("person.noted", on=person, actor=actor, at=at, note=note.pk)
    return note
