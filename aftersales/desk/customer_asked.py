"""What the page of a customer asks, for one statement (`together`); and the two lists that the side of a ticket asks, too."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db.models import Case, CharField, DateTimeField, QuerySet, Value, When
from django.db.models.functions import Concat

from aftersales.desk import queue, refusals, told
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import Later, prepared
from aftersales.notices.models import Notice
from customers.gather.kin import alike
from customers.models import (
    CareMessage,
    Consent,
    ContactPoint,
    Gift,
    Note,
    Order,
    Person,
    PersonCopy,
    Promise,
    Review,
    Shipment,
    Testimonial,
)
from tickets.models import Arrival, Ticket, Visit
from tickets.models.promised import on_seen_tickets

READ = 200  # orders and cases that are read and counted; nobody at this desk has more
SHOWN = 20  # rows of each list; more is found by the search
SaidRow = tuple[str, str, str | None, dt.datetime, dt.datetime | None, dt.datetime | None, dt.datetime | None]
# Where the yes was said, and behind the arrow where it was taken back.
_PROOF = Case(When(withdrawal="", then="proof"), default=Concat("proof", Value(" → "), "withdrawal"))


class Asked(NamedTuple):
    """Each in the order in which it is shown, and no more of it than that."""

    orders: Later[Order]
    tickets: Later[Ticket]
    said: Later[SaidRow]
    consents: Later[Consent]
    contacts: Later[ContactPoint]
    refused: Later[refusals.Row]
    merged: Later[str]
    alike: Later[ContactPoint]
    parcels: Later[Shipment]
    told: Later[Notice]
    texts: Later[Arrival]
    reviews: Later[Review]
    visits: Later[Visit]
    care: Later[CareMessage]
    gifts: Later[Gift]
    testimonials: Later[Testimonial]
    copies: Later[PersonCopy]


def ask(person: Person, actor: Actor) -> Asked:
    scope, of = actor.scope, person.pk
    return Asked(
        orders=_orders.later(scope, person=of),
        tickets=_tickets.later(scope, person=of),
        said=_said.later(scope, person=of),
        consents=_consents.later(person=of),
        contacts=_contacts.later(scope, person=of),
        refused=refusals.refused_by.later(person=of),
        merged=_merged.later(person=of),
        alike=_alike.later(person=of),
        parcels=_parcels.later(scope, person=of),
        told=told.told_to.later(person=of),
        texts=_texts.later(scope, person=of),
        reviews=_reviews.later(scope, person=of),
        visits=_visits.later(scope, person=of),
        care=_care.later(person=of),
        gifts=_gifts.later(scope, person=of),
        testimonials=_testimonials.later(scope, person=of),
        copies=_copies.later(scope, person=of),
    )


@prepared
def bought_by(scope: Actor, *, person: int) -> QuerySet[Order]:
    """Their orders with no more of them than the figures are made from, the newest first."""
    rows: QuerySet[Order] = _bought(scope, person).only("currency", "paid_minor", "refunded_minor", "placed_at")
    return rows[:READ]


@prepared
def asked_by(scope: Actor, *, person: int) -> QuerySet[Ticket]:
    """Their cases, the newest first, with what a line of one says."""
    rows: QuerySet[Ticket] = (
        _asked(scope, person)
        .select_related("goods_return")
        .only("ref", "kind", "status", "goods_return__status", "goods_return__is_contested")
    )
    return rows[:READ]


def _bought(scope: Actor, person: int) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.visible_to(scope).filter(person_id=person)
    return rows.order_by("-placed_at", "-pk")


def _asked(scope: Actor, person: int) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).filter(person_id=person)
    return rows.order_by("-opened_at", "-pk")


@prepared
def _orders(scope: Actor, *, person: int) -> QuerySet[Order]:
    return _bought(scope, person)[:READ]


@prepared
def _tickets(scope: Actor, *, person: int) -> QuerySet[Ticket]:
    cases = _asked(scope, person).select_related("goods_return", "order", "person")
    return cases.annotate(clock_stands=queue.clock_stands())[:READ]


@prepared
def _said(scope: Actor, *, person: int) -> QuerySet[Promise, SaidRow]:
    """Promises, notes and consents, in no order."""
    none = Value(None, DateTimeField())
    promises = Promise.objects.filter(on_seen_tickets(scope), person_id=person).values_list(
        Value("promise", CharField()), "text", "made_by__name", "made_at", "due_at", "kept_at", "broken_at"
    )
    notes = Note.objects.filter(person_id=person).values_list(
        Value("note", CharField()), "text", "by__name", "at", none, none, none
    )
    consents = Consent.objects.filter(person_id=person).values_list(
        Value("consent", CharField()), "purpose", _PROOF, "given_at", none, none, "withdrawn_at"
    )
    return promises.order_by().union(notes.order_by(), consents.order_by(), all=True)


@prepared
def _consents(*, person: int) -> QuerySet[Consent]:
    return Consent.objects.filter(person_id=person)


@prepared
def _contacts(scope: Actor, *, person: int) -> QuerySet[ContactPoint]:
    rows: QuerySet[ContactPoint] = ContactPoint.objects.visible_to(scope).filter(person_id=person)
    return rows.order_by("kind", "pk")


@prepared
def _merged(*, person: int) -> QuerySet[Person, str]:
    return Person.objects.filter(merged_into_id=person).order_by("pk").values_list("ref", flat=True)[:SHOWN]


@prepared
def _alike(*, person: int) -> QuerySet[ContactPoint]:
    return alike(person)[:SHOWN]


@prepared
def _parcels(scope: Actor, *, person: int) -> QuerySet[Shipment]:
    """Of the orders that are shown."""
    rows = Shipment.objects.filter(order__in=_bought(scope, person).values("pk")[:SHOWN])
    return rows.order_by("-shipped_at", "-pk")[:SHOWN]


@prepared
def _texts(scope: Actor, *, person: int) -> QuerySet[Arrival]:
    """What came by SMS from their phones, wherever it was put."""
    phones = ContactPoint.objects.filter(person_id=person, kind=ContactPoint.Kind.PHONE).values("value")
    rows: QuerySet[Arrival] = Arrival.objects.visible_to(scope).filter(channel="sms", sender__in=phones)
    return rows.select_related("ticket").order_by("-received_at", "-pk")[:SHOWN]


@prepared
def _reviews(scope: Actor, *, person: int) -> QuerySet[Review]:
    rows: QuerySet[Review] = Review.objects.visible_to(scope).filter(person_id=person)
    return rows.order_by("-at", "-pk")[:SHOWN]


@prepared
def _visits(scope: Actor, *, person: int) -> QuerySet[Visit]:
    rows: QuerySet[Visit] = Visit.objects.visible_to(scope).filter(person_id=person).preloaded()
    return rows.order_by("-due_at", "-pk")[:SHOWN]


@prepared
def _care(*, person: int) -> QuerySet[CareMessage]:
    return CareMessage.objects.filter(person_id=person).select_related("plan", "notice")[:SHOWN]


@prepared
def _gifts(scope: Actor, *, person: int) -> QuerySet[Gift]:
    rows: QuerySet[Gift] = Gift.objects.visible_to(scope).filter(person_id=person)
    return rows[:SHOWN]


@prepared
def _testimonials(scope: Actor, *, person: int) -> QuerySet[Testimonial]:
    rows: QuerySet[Testimonial] = Testimonial.objects.visible_to(scope).filter(person_id=person)
    return rows[:SHOWN]


@prepared
def _copies(scope: Actor, *, person: int) -> QuerySet[PersonCopy]:
    rows: QuerySet[PersonCopy] = PersonCopy.objects.visible_to(scope).filter(person_id=person)
    return rows[:3]
