"""A customer whole: what they bought and are worth, their parcels and cases, what was promised and agreed, what to mind.

Facts and figures, no labels on character. The page of a customer shows all of it, the side of a ticket its summary.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.desk import customer_asked
from aftersales.desk.customer_asked import SHOWN
from aftersales.desk.deeds.all import ON_CONTACT, ON_GIFT, ON_OWN_DATA, ON_TESTIMONIAL
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.packlinks import address_of
from aftersales.desk.refusals import refused_among, words_of
from aftersales.desk.told import Told, told_in
from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from aftersales.kernel.policy import may
from aftersales.kernel.prepared import lay_under
from aftersales.kernel.together import together
from customers.models import (
    CareMessage,
    ContactPoint,
    Gift,
    Order,
    Person,
    PersonCopy,
    Review,
    Shipment,
    Testimonial,
)
from tickets.models import Arrival, Ticket, Visit

_OFTEN = 3  # returns from which on their share is worth a word
_SHARE = 0.3


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
    """In one statement, whatever there is."""
    asked = customer_asked.ask(person, actor)
    together(*asked)
    lay_under([person], "consents", asked.consents.rows, by="person_id")
    orders, tickets, said = asked.orders.rows, asked.tickets.rows, _said(asked.said.rows)
    theirs: tuple[Gift | Testimonial | PersonCopy, ...] = (
        *asked.gifts.rows, *asked.testimonials.rows, *asked.copies.rows,
    )  # fmt: skip
    for each in theirs:
        each.person = person
    complaints = [ticket for ticket in tickets if ticket.kind == Ticket.Kind.COMPLAINT]
    return Customer(
        person=person,
        contacts=[(each, Offer.all(ON_CONTACT, each, actor)) for each in asked.contacts.rows],
        refused=words_of(refused_among(asked.refused.rows)),
        merged=asked.merged.rows,
        alike=asked.alike.rows,
        orders=orders[:SHOWN],
        parcels=asked.parcels.rows,
        tickets=tickets[:SHOWN],
        complaints=complaints[:SHOWN],
        promises=said["promise"][:SHOWN],
        notes=said["note"][:SHOWN],
        consents=said["consent"][:SHOWN],
        told=told_in(asked.told.rows, now),
        texts=asked.texts.rows,
        reviews=asked.reviews.rows,
        visits=asked.visits.rows,
        care=asked.care.rows,
        gifts=[(each, Offer.all(ON_GIFT, each, actor)) for each in asked.gifts.rows],
        testimonials=[(each, Offer.all(ON_TESTIMONIAL, each, actor)) for each in asked.testimonials.rows],
        summary=summary_of(orders, tickets, late=_late(said["promise"], now)),
        own=_own(person, asked.copies.rows, actor),
    )


def _own(person: Person, copies: Iterable[PersonCopy], actor: Actor) -> OwnData | None:
    """For whoever may hand a copy out."""
    if not may(actor, "person.export"):
        return None
    return OwnData([(copy, address_of(copy)) for copy in copies], Offer.all(ON_OWN_DATA, person, actor))


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
    if any(ticket.goods_return.is_contested for ticket in tickets if hasattr(ticket, "goods_return")):
        yield _("The customer objects to a refusal.")
    if late:
        yield ngettext("%(number)s promise is overdue.", "%(number)s promises are overdue.", late) % {"number": late}
    if returns >= _OFTEN and orders and returns / len(orders) >= _SHARE:
        yield _("%(returns)s returns or exchanges on %(orders)s orders.") % {"returns": returns, "orders": len(orders)}


def _late(promises: list[Said], now: dt.datetime) -> int:
    return sum(bool(each.due_at and each.due_at < now and not each.kept_at and not each.ended_at) for each in promises)


def _said(rows: Iterable[customer_asked.SaidRow]) -> dict[str, list[Said]]:
    """Promises, notes and consents, the newest first."""
    said: dict[str, list[Said]] = {"promise": [], "note": [], "consent": []}
    for row in sorted(rows, key=lambda row: row[3], reverse=True):
        said[row[0]].append(Said(row[0], row[1], row[2] or "", *row[3:]))
    return said
