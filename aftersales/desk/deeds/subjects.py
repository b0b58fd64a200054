"""What deeds are done to: how each kind of thing is found within scope, how it is addressed, and where one goes back to."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar

from django.urls import reverse

from aftersales.desk.deeds.deed import Deed, T
from aftersales.desk.promised import place_of, promises_seen
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.models import Order, Person, Promise
from returns.models import CarrierClaim, Refund, Return, ReturnParcel
from tickets.models import Complaint, Escalation, Improvement, Ticket


class ReturnDeed(Deed[Return]):
    """Something done to a return; addressed by its reference."""

    subject = "returns"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Return:
        found: Return | None = (
            Return.objects.visible_to(actor)
            .select_related(
                "ticket",
                "order__shop",
                "order__address",
                "exchange",
                "reshipment",
                "approval",
                "handback",
                "repair__by",
            )
            .filter(ref=key)
            .first()
        )
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Return) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Return) -> str:
        return reverse("desk:ticket", args=[target.ticket.ref])


class RefundDeed(Deed[Refund]):
    """Something done to one refund; addressed by its reference."""

    subject = "refunds"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Refund:
        seen = Refund.objects.filter(of__in=Return.objects.visible_to(actor))
        found = seen.select_related("of__ticket", "first_by").filter(ref=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Refund) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Refund) -> str:
        return reverse("desk:ticket", args=[target.of.ticket.ref])


class ParcelDeed(Deed[ReturnParcel]):
    """Something done to one parcel on its way back; addressed by its primary key."""

    subject = "parcels"

    @classmethod
    def find(cls, key: str, actor: Actor) -> ReturnParcel:
        seen = ReturnParcel.objects.filter(of__in=Return.objects.visible_to(actor))
        found = seen.select_related("of__ticket").filter(pk=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: ReturnParcel) -> str:
        return str(target.pk)

    @classmethod
    def back(cls, target: ReturnParcel) -> str:
        return reverse("desk:ticket", args=[target.of.ticket.ref])


class TicketDeed(Deed[Ticket]):
    """Something done to a ticket; addressed by its reference."""

    subject = "tickets"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Ticket:
        found: Ticket | None = (
            Ticket.objects.visible_to(actor).select_related("assignee", "queue", "goods_return").filter(ref=key).first()
        )
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Ticket) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Ticket) -> str:
        return reverse("desk:ticket", args=[target.ref])


class OrderDeed(Deed[Order]):
    """Something written about an order; addressed by its primary key, because numbers are unique within a platform only."""

    subject = "orders"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Order:
        found: Order | None = Order.objects.visible_to(actor).select_related("person").filter(pk=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Order) -> str:
        return str(target.pk)

    @classmethod
    def back(cls, target: Order) -> str:
        return reverse("desk:order", args=[target.pk])

    @classmethod
    def is_open(cls, target: Order, actor: Actor) -> bool:
        return True


class PromiseDeed(Deed[Promise]):
    """Something done to a promise; addressed by its primary key."""

    subject = "promises"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Promise:
        found: Promise | None = (
            promises_seen(actor).select_related("person", "order", "on_ticket__ticket").filter(pk=key).first()
        )
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Promise) -> str:
        return str(target.pk)

    @classmethod
    def back(cls, target: Promise) -> str:
        return place_of(target)

    @classmethod
    def is_open(cls, target: Promise, actor: Actor) -> bool:
        return target.kept_at is None and target.broken_at is None


class PersonDeed(Deed[Person]):
    """Something written about a customer; addressed by their reference."""

    subject = "people"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Person:
        found: Person | None = Person.objects.visible_to(actor).called(key)
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Person) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Person) -> str:
        return reverse("desk:person", args=[target.ref])

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        return True


class KeepingDeed(Deed[T]):
    """Something done to a row of a customer's page that keeps the customer; addressed by its primary key, open in `states`."""

    rows: ClassVar[Any]  # the set of rows, which knows `visible_to`
    states: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def find(cls, key: str, actor: Actor) -> T:
        found: T | None = cls.rows.visible_to(actor).select_related("person").filter(pk=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Any) -> str:
        return str(target.pk)

    @classmethod
    def back(cls, target: Any) -> str:
        return reverse("desk:person", args=[target.person.ref])

    @classmethod
    def is_open(cls, target: Any, actor: Actor) -> bool:
        return target.state in cls.states


class ComplaintDeed(Deed[Complaint]):
    """One step of a complaint; addressed by the reference of its ticket."""

    subject = "complaints"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Complaint:
        found: Complaint | None = Complaint.objects.visible_to(actor).preloaded().filter(ticket__ref=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Complaint) -> str:
        return target.ticket.ref

    @classmethod
    def back(cls, target: Complaint) -> str:
        return reverse("desk:ticket", args=[target.ticket.ref])


class HangingDeed(Deed[T]):
    """Something done to a row that hangs on a ticket; addressed by its primary key."""

    rows: ClassVar[Any]  # the set of rows, which knows `visible_to`
    ticket: ClassVar[str]  # the way to the ticket, as sets of rows spell it

    @classmethod
    def find(cls, key: str, actor: Actor) -> T:
        found: T | None = cls.rows.visible_to(actor).select_related(cls.ticket).filter(pk=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: T) -> str:
        return str(target.pk)

    @classmethod
    def back(cls, target: T) -> str:
        return reverse("desk:ticket", args=[attrgetter(cls.ticket.replace("__", "."))(target).ref])


class ClaimDeed(HangingDeed[CarrierClaim]):
    """Something done to a claim on a carrier."""

    subject, rows, ticket = "claims", CarrierClaim.objects, "of__ticket"


class EscalationDeed(HangingDeed[Escalation]):
    """Something done to an escalation."""

    subject, rows, ticket = "escalations", Escalation.objects, "complaint__ticket"

    @classmethod
    def is_open(cls, target: Escalation, actor: Actor) -> bool:
        return target.settled_at is None


class ImprovementDeed(HangingDeed[Improvement]):
    """Something done to an improvement."""

    subject, rows, ticket = "improvements", Improvement.objects, "complaint__ticket"

    @classmethod
    def is_open(cls, target: Improvement, actor: Actor) -> bool:
        return target.done_at is None
