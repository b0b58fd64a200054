"""A customer whole: what they bought and are worth, their parcels and cases, what was promised and agreed, what to mind.

Facts and figures, no labels on character. The page of a customer shows all of it, the side of a ticket its summary.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.desk import customer_asked
from aftersales.desk.customer_asked import BoughtRow, CasesRow
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
    Consent,
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
    cases: int
    open_cases: int
    returns: int
    complaints: int
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A promise, note or consent. `due_at`, `kept_at`, `ended_at` where it has them (UTC)."""

    text: str
    by: str
    at: dt.datetime
    due_at: dt.datetime | None = None
    kept_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


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
    asked = customer_asked.ask(person, actor, now)
    together(*asked)
    lay_under([person], "consents", asked.consents.rows, by="person_id")
    theirs: tuple[Gift | Testimonial | PersonCopy, ...] = (
        *asked.gifts.rows, *asked.testimonials.rows, *asked.copies.rows,
    )  # fmt: skip
    for each in theirs:
        each.person = person
    return Customer(
        person=person,
        contacts=[(each, Offer.all(ON_CONTACT, each, actor)) for each in asked.contacts.rows],
        refused=words_of(refused_among(asked.refused.rows)),
        merged=asked.merged.rows,
        alike=asked.alike.rows,
        orders=asked.orders.rows,
        parcels=asked.parcels.rows,
        tickets=asked.tickets.rows,
        complaints=asked.complaints.rows,
        promises=[Said(text, by or "", at, *ends) for text, by, at, *ends in asked.promises.rows],
        notes=[Said(text, by or "", at) for text, by, at in asked.notes.rows],
        consents=_agreed(asked.consents.rows),
        told=told_in(asked.told.rows, now),
        texts=asked.texts.rows,
        reviews=asked.reviews.rows,
        visits=asked.visits.rows,
        care=asked.care.rows,
        gifts=[(each, Offer.all(ON_GIFT, each, actor)) for each in asked.gifts.rows],
        testimonials=[(each, Offer.all(ON_TESTIMONIAL, each, actor)) for each in asked.testimonials.rows],
        summary=summary_of(asked.bought.rows, asked.cases.rows, late=asked.late.rows[0]),
        own=_own(person, asked.copies.rows, actor),
    )


def _own(person: Person, copies: Iterable[PersonCopy], actor: Actor) -> OwnData | None:
    """For whoever may hand a copy out."""
    if not may(actor, "person.export"):
        return None
    return OwnData([(copy, address_of(copy)) for copy in copies], Offer.all(ON_OWN_DATA, person, actor))


def summary_of(bought: list[BoughtRow], cases: list[CasesRow], *, late: int) -> Summary:
    """The figures from what was counted; `late` promises are neither kept nor given up."""
    of_kind, still_open = Counter[str](), Counter[str]()
    for kind, status, number, _contested in cases:
        of_kind[kind] += number
        if status != Ticket.Status.CLOSED:
            still_open[kind] += number
    orders = sum(number for _currency, number, _kept in bought)
    returns = of_kind[Ticket.Kind.RETURN] + of_kind[Ticket.Kind.EXCHANGE]
    warnings = _warnings(
        complains=still_open[Ticket.Kind.COMPLAINT] > 0,
        objects=any(contested for *_rest, contested in cases),
        late=late, orders=orders, returns=returns,
    )  # fmt: skip
    return Summary(
        orders=orders,
        spent=[Money(kept, currency) for currency, _number, kept in bought],
        cases=of_kind.total(),
        open_cases=still_open.total(),
        returns=returns,
        complaints=of_kind[Ticket.Kind.COMPLAINT],
        warnings=list(warnings),
    )


def _warnings(*, complains: bool, objects: bool, late: int, orders: int, returns: int) -> Iterator[str]:
    if complains:
        yield _("A complaint is open.")
    if objects:
        yield _("The customer objects to a refusal.")
    if late:
        yield ngettext("%(number)s promise is overdue.", "%(number)s promises are overdue.", late) % {"number": late}
    if returns >= _OFTEN and orders and returns / orders >= _SHARE:
        yield _("%(returns)s returns or exchanges on %(orders)s orders.") % {"returns": returns, "orders": orders}


def _agreed(consents: list[Consent]) -> list[Said]:
    """The newest first."""
    newest = sorted(consents, key=lambda each: each.given_at, reverse=True)
    return [Said(each.purpose, _proof(each), each.given_at, ended_at=each.withdrawn_at) for each in newest]


def _proof(consent: Consent) -> str:
    """Where the yes was said, and behind the arrow where it was taken back."""
    return " → ".join(filter(None, (consent.proof, consent.withdrawal)))
