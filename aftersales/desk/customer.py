"""A customer whole: what they bought and are worth, their parcels and cases, what was promised and agreed, what to mind.

Facts and figures, no labels on character. The page of a customer shows all of it, the side of a ticket its summary.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, CharField, DateTimeField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.desk import queue
from aftersales.desk.deeds.all import ON_CONTACT, ON_GIFT, ON_OWN_DATA, ON_TESTIMONIAL
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.packlinks import address_of
from aftersales.desk.refusals import refused_by, words_of
from aftersales.desk.told import Told, told_to
from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may
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

READ = 200  # orders and cases that are read and counted; nobody at this desk has more
SHOWN = 20  # rows of each list; more is found by the search
_OFTEN = 3  # returns from which on their share is worth a word
_SHARE = 0.3
# Where the yes was said, and behind the arrow where it was taken back.
_PROOF = Case(When(withdrawal="", then="proof"), default=Concat("proof", Value(" → "), "withdrawal"))


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a customer. `spent` is what they paid and kept, one amount for each currency."""

    orders: int
    spent: list[Money]
    last_order_at: dt.datetime | None
    cases: int
    open_cases: int
    returns: int
    complaints: int
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A promise, note or consent. `due_at`, `kept_at`, `ended_at` where it has them (UTC)."""

    kind: str
    text: str
    by: str
    at: dt.datetime
    due_at: dt.datetime | None
    kept_at: dt.datetime | None
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OwnData:
    """Copies of what is held of them, each with its address while it can be taken, and what may be done about it."""

    copies: list[tuple[PersonCopy, str]]
    offers: list[Offer]


@dataclass(frozen=True, slots=True)
class Customer:
    """Everything the page of a customer shows."""

    person: Person
    contacts: list[tuple[ContactPoint, list[Offer]]]
    refused: list[str]
    merged: list[str]
    alike: list[ContactPoint]
    orders: list[Order]
    parcels: list[Shipment]
    tickets: list[Ticket]
    complaints: list[Ticket]
    promises: list[Said]
    notes: list[Said]
    consents: list[Said]
    told: list[Told]
    texts: list[Arrival]
    reviews: list[Review]
    visits: list[Visit]
    care: list[CareMessage]
    gifts: list[tuple[Gift, list[Offer]]]
    testimonials: list[tuple[Testimonial, list[Offer]]]
    summary: Summary
    own: OwnData | None


def customer_of(person: Person, actor: Actor, now: dt.datetime) -> Customer:
    """Fifteen statements, whatever there is."""
    orders, tickets = read_of(person, actor)
    said = _said(person)
    parcels = Shipment.objects.filter(order__in=[order.pk for order in orders[:SHOWN]]).order_by("-shipped_at", "-pk")
    complaints = [ticket for ticket in tickets if ticket.kind == Ticket.Kind.COMPLAINT]
    return Customer(
        person=person,
        contacts=_contacts(person, actor),
        refused=words_of(refused_by(person)),
        merged=list(person.merged.order_by("pk").values_list("ref", flat=True)[:SHOWN]),
        alike=list(alike(person)[:SHOWN]),
        orders=orders[:SHOWN],
        parcels=list(parcels[:SHOWN]),
        tickets=tickets[:SHOWN],
        complaints=complaints[:SHOWN],
        promises=said["promise"][:SHOWN],
        notes=said["note"][:SHOWN],
        consents=said["consent"][:SHOWN],
        told=told_to(person, now),
        texts=_texts(person, actor),
        reviews=list(Review.objects.visible_to(actor).filter(person=person).order_by("-at", "-pk")[:SHOWN]),
        visits=list(
            Visit.objects.visible_to(actor).filter(person=person).preloaded().order_by("-due_at", "-pk")[:SHOWN]
        ),
        care=list(person.care.select_related("plan", "notice")[:SHOWN]),
        gifts=_gifts(person, actor),
        testimonials=_testimonials(person, actor),
        summary=summary_of(orders, tickets, late=_late(said["promise"], now)),
        own=_own(person, actor),
    )


def _texts(person: Person, actor: Actor) -> list[Arrival]:
    """What came by SMS from their phones, wherever it was put."""
    phones = ContactPoint.objects.filter(person=person, kind=ContactPoint.Kind.PHONE).values("value")
    rows = Arrival.objects.visible_to(actor).filter(channel=Arrival.Channel.SMS, sender__in=phones)
    return list(rows.select_related("ticket").order_by("-received_at", "-pk")[:SHOWN])


def _contacts(person: Person, actor: Actor) -> list[tuple[ContactPoint, list[Offer]]]:
    """Each with what can be done to it now."""
    rows = ContactPoint.objects.visible_to(actor).filter(person=person).order_by("kind", "pk")
    return [(point, Offer.all(ON_CONTACT, point, actor)) for point in rows]


def _own(person: Person, actor: Actor) -> OwnData | None:
    """For whoever may hand a copy out; one statement more."""
    if not may(actor, "person.export"):
        return None
    copies = PersonCopy.objects.visible_to(actor).filter(person=person).select_related("person")[:3]
    return OwnData([(copy, address_of(copy)) for copy in copies], Offer.all(ON_OWN_DATA, person, actor))


def _gifts(person: Person, actor: Actor) -> list[tuple[Gift, list[Offer]]]:
    """Each with what can be done to it now."""
    rows = Gift.objects.visible_to(actor).filter(person=person).select_related("person")[:SHOWN]
    return [(gift, Offer.all(ON_GIFT, gift, actor)) for gift in rows]


def _testimonials(person: Person, actor: Actor) -> list[tuple[Testimonial, list[Offer]]]:
    """Each with what can be done to it now."""
    rows = Testimonial.objects.visible_to(actor).filter(person=person).select_related("person")[:SHOWN]
    return [(each, Offer.all(ON_TESTIMONIAL, each, actor)) for each in rows]


def read_of(person: Person, actor: Actor) -> tuple[list[Order], list[Ticket]]:
    """Orders and cases of a customer, the newest first: what the figures are made from."""
    orders = Order.objects.visible_to(actor).filter(person=person).order_by("-placed_at", "-pk")
    tickets = Ticket.objects.visible_to(actor).filter(person=person).order_by("-opened_at", "-pk")
    told = tickets.select_related("goods_return", "order", "person").annotate(clock_stands=queue.clock_stands())
    return list(orders[:READ]), list(told[:READ])


def figures_of(person: Person, actor: Actor) -> tuple[list[Order], list[Ticket]]:
    """The same rows with no more of them than the figures are made from, and what a line of one case says."""
    orders = Order.objects.visible_to(actor).filter(person=person).order_by("-placed_at", "-pk")
    tickets = Ticket.objects.visible_to(actor).filter(person=person).order_by("-opened_at", "-pk")
    told = tickets.select_related("goods_return").only(
        "ref", "kind", "status", "goods_return__status", "goods_return__is_contested"
    )
    bought = orders.only("currency", "paid_minor", "refunded_minor", "placed_at")
    return list(bought[:READ]), list(told[:READ])


def summary_of(orders: list[Order], tickets: list[Ticket], *, late: int) -> Summary:
    """The figures from rows that were read already; `late` promises are neither kept nor given up."""
    spent: dict[str, int] = defaultdict(int)
    for order in orders:
        spent[order.currency] += order.paid_minor - order.refunded_minor
    returns = sum(ticket.kind in (Ticket.Kind.RETURN, Ticket.Kind.EXCHANGE) for ticket in tickets)
    complaints = [ticket for ticket in tickets if ticket.kind == Ticket.Kind.COMPLAINT]
    return Summary(
        orders=len(orders),
        spent=[Money(minor, currency) for currency, minor in sorted(spent.items())],
        last_order_at=orders[0].placed_at if orders else None,
        cases=len(tickets),
        open_cases=sum(ticket.status != Ticket.Status.CLOSED for ticket in tickets),
        returns=returns,
        complaints=len(complaints),
        warnings=list(_warnings(orders, tickets, complaints, returns, late)),
    )


def _warnings(
    orders: list[Order], tickets: list[Ticket], complaints: list[Ticket], returns: int, late: int
) -> Iterable[str]:
    if any(ticket.status != Ticket.Status.CLOSED for ticket in complaints):
        yield _("A complaint is open.")
    if any(queue.state_of(ticket)[0] == "contested" for ticket in tickets):
        yield _("The customer objects to a refusal.")
    if late:
        yield ngettext("%(number)s promise is overdue.", "%(number)s promises are overdue.", late) % {"number": late}
    if returns >= _OFTEN and orders and returns / len(orders) >= _SHARE:
        yield _("%(returns)s returns or exchanges on %(orders)s orders.") % {"returns": returns, "orders": len(orders)}


def _late(promises: list[Said], now: dt.datetime) -> int:
    return sum(bool(each.due_at and each.due_at < now and not each.kept_at and not each.ended_at) for each in promises)


def _said(person: Person) -> dict[str, list[Said]]:
    """Promises, notes and consents in one statement, the newest first."""
    none = Value(None, DateTimeField())
    promises = Promise.objects.filter(person=person).values_list(
        Value("promise", CharField()), "text", "made_by__name", "made_at", "due_at", "kept_at", "broken_at"
    )
    notes = Note.objects.filter(person=person).values_list(
        Value("note", CharField()), "text", "by__name", "at", none, none, none
    )
    consents = Consent.objects.filter(person=person).values_list(
        Value("consent", CharField()), "purpose", _PROOF, "given_at", none, none, "withdrawn_at"
    )
    rows = promises.order_by().union(notes.order_by(), consents.order_by(), all=True)
    said: dict[str, list[Said]] = {"promise": [], "note": [], "consent": []}
    for row in sorted(rows, key=lambda row: row[3], reverse=True):
        said[row[0]].append(Said(row[0], row[1], row[2] or "", *row[3:]))
    return said
