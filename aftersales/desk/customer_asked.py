"""What the page of a customer asks, for one statement (`together`); and the figures that the side of a ticket asks, too."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from aftersales.desk import queue, refusals, told
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import HOW_MANY, Later, prepared
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
from customers.models.promise import PromiseQuerySet
from tickets.models import Arrival, Ticket, Visit
from tickets.models.promised import on_seen_tickets

SHOWN = 20  # rows of each list; more is found by the search
BoughtRow = tuple[str, int, int]  # currency; how many orders, what was paid for them and kept (minor)
CasesRow = tuple[str, str, int, int]  # kind, status; how many cases, how many of them with an objection
PromiseRow = tuple[str, str | None, dt.datetime, dt.datetime | None, dt.datetime | None, dt.datetime | None]
NoteRow = tuple[str, str | None, dt.datetime]


class Asked(NamedTuple):
    """Each in the order in which it is shown, and no more of it than that."""

    bought: Later[BoughtRow]
    cases: Later[CasesRow]
    late: Later[int]
    orders: Later[Order]
    tickets: Later[Ticket]
    complaints: Later[Ticket]
    promises: Later[PromiseRow]
    notes: Later[NoteRow]
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


def ask(person: Person, actor: Actor, now: dt.datetime) -> Asked:
    scope, of = actor.scope, person.pk
    return Asked(
        bought=bought_by.later(scope, person=of),
        cases=cases_of.later(scope, person=of),
        late=late_for.later(scope, person=of, now=now),
        orders=_orders.later(scope, person=of),
        tickets=_tickets.later(scope, person=of),
        complaints=_complaints.later(scope, person=of),
        promises=_promises.later(scope, person=of),
        notes=_notes.later(person=of),
        consents=_consents.later(person=of),
        contacts=_contacts.later(scope, person=of),
        refused=refusals.refused_by.later(person=of),
        merged=_merged.later(person=of),
        alike=_alike.later(person=of),
        parcels=_parcels.later(scope, person=of),
        told=told.told_to.later(scope, person=of),
        texts=_texts.later(scope, person=of),
        reviews=_reviews.later(scope, person=of),
        visits=_visits.later(scope, person=of),
        care=_care.later(person=of),
        gifts=_gifts.later(scope, person=of),
        testimonials=_testimonials.later(scope, person=of),
        copies=_copies.later(scope, person=of),
    )


@prepared
def bought_by(scope: Actor, *, person: int) -> QuerySet[Order, BoughtRow]:
    """All their orders, added up by currency."""
    orders = Order.objects.visible_to(scope).filter(person_id=person).order_by("currency").values("currency")
    summed = orders.annotate(number=Count("pk"), kept=Sum(F("paid_minor") - F("refunded_minor")))
    rows: QuerySet[Order, BoughtRow] = summed.values_list("currency", "number", "kept")
    return rows


@prepared
def cases_of(scope: Actor, *, person: int) -> QuerySet[Ticket, CasesRow]:
    """All their cases, counted by kind and status, in no order: sorting the thousands of a few would be a third of the time."""
    cases = Ticket.objects.visible_to(scope).filter(person_id=person).order_by().values("kind", "status")
    counted = cases.annotate(number=Count("pk"), contested=Count("pk", filter=Q(goods_return__is_contested=True)))
    rows: QuerySet[Ticket, CasesRow] = counted.values_list("kind", "status", "number", "contested")
    return rows


@prepared
def late_for(scope: Actor, *, person: int, now: dt.datetime) -> QuerySet[Promise, int]:
    """How many promises to them are late: neither kept nor given up."""
    return _promised(scope, person).unsettled().filter(due_at__lt=now).order_by().values_list(HOW_MANY, flat=True)


def _bought(scope: Actor, person: int) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.visible_to(scope).filter(person_id=person)
    return rows.order_by("-placed_at", "-pk")


def _promised(scope: Actor, person: int) -> PromiseQuerySet:
    return Promise.objects.filter(on_seen_tickets(scope), person_id=person)


@prepared
def _orders(scope: Actor, *, person: int) -> QuerySet[Order]:
    return _bought(scope, person)[:SHOWN]


@prepared
def _tickets(scope: Actor, *, person: int) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).filter(person_id=person)
    whole = rows.select_related("goods_return", "order", "person").annotate(clock_stands=queue.clock_stands())
    return whole.order_by("-opened_at", "-pk")[:SHOWN]


@prepared
def _complaints(scope: Actor, *, person: int) -> QuerySet[Ticket]:
    """The open ones first, however old."""
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).filter(person_id=person, kind=Ticket.Kind.COMPLAINT)
    return rows.only("ref", "status").order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")[:SHOWN]


@prepared
def _promises(scope: Actor, *, person: int) -> QuerySet[Promise, PromiseRow]:
    rows = _promised(scope, person).order_by("-made_at", "-pk")
    return rows.values_list("text", "made_by__name", "made_at", "due_at", "kept_at", "broken_at")[:SHOWN]


@prepared
def _notes(*, person: int) -> QuerySet[Note, NoteRow]:
    return Note.objects.filter(person_id=person).order_by("-at", "-pk").values_list("text", "by__name", "at")[:SHOWN]


@prepared
def _consents(*, person: int) -> QuerySet[Consent]:
    """Those that stand, one for a purpose at most, and of the others those withdrawn last."""
    rows = Consent.objects.filter(person_id=person)
    return rows.order_by(F("withdrawn_at").desc(nulls_first=True), "-given_at", "-pk")[:SHOWN]


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
