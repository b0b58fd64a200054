"""What can be done to a case, as forms: each knows its address, its verb, when it is open, and the one action it calls.

Buttons on the ticket page, pages, dialogs and addresses are all made from the same class (`all.DEEDS`). To add one:
a class in the file of its subject, a line in `all.py`, and its words in the catalogue.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, Self, TypeVar

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise as Lazy

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted, Refusal
from aftersales.kernel.policy import may
from customers.models import Order, Person, Promise
from returns.models import Refund, Return, ReturnParcel
from tickets.models import Ticket

T = TypeVar("T", bound=models.Model)
Words = str | Lazy


class Deed(forms.Form, Generic[T]):
    """One thing to do. Without fields and without a `warning` its button acts at once; else it opens a form.

    `tone` is that of its button: primary (what usually comes next), danger (in the menu, with a second look), or plain.
    """

    subject: ClassVar[str]  # first part of the address: returns, refunds, parcels, tickets, orders, promises
    noun: ClassVar[str]  # last part of the address
    verb: ClassVar[str]  # asked at the door, and again by the action
    label: ClassVar[Words]
    done: ClassVar[Words]  # said when it is done
    icon: ClassVar[str] = ""
    tone: ClassVar[str] = ""
    explains: ClassVar[Words] = ""  # a line above the form
    warning: ClassVar[Words] = ""  # what cannot be taken back

    def __init__(self, *args: Any, target: T, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.noun}-%s")
        super().__init__(*args, **kwargs)
        self.target, self.actor, self.status = target, actor, 200

    @classmethod
    def is_open(cls, target: T, actor: Actor) -> bool:
        """Whether it makes sense now. Only what to offer: the action itself decides, with the row locked."""
        raise NotImplementedError

    @classmethod
    def find(cls, key: str, actor: Actor) -> T:
        """The target by the key in the address, within scope. Raises `NotFound`."""
        raise NotImplementedError

    @classmethod
    def key_of(cls, target: T) -> str:
        """The key in the address."""
        raise NotImplementedError

    @classmethod
    def back(cls, target: T) -> str:
        """The address of the page it is done from, where one returns to afterwards."""
        raise NotImplementedError

    @classmethod
    def label_of(cls, target: T) -> Words:
        """The words on the button."""
        return cls.label

    @classmethod
    def asks(cls) -> bool:
        """Whether its button opens a form instead of acting at once."""
        return bool(cls.base_fields or cls.warning)

    @classmethod
    def is_offered(cls, target: T, actor: Actor) -> bool:
        return may(actor, cls.verb) and cls.is_open(target, actor)

    @classmethod
    def address(cls, target: T) -> str:
        return reverse(f"desk:{cls.subject}-{cls.noun}", args=[cls.key_of(target)])

    def act(self) -> object:
        """Call the one action, with `cleaned_data`."""
        raise NotImplementedError

    def suggestions(self) -> dict[str, list[str]]:
        """What may be typed, by field: shown as a datalist, so that anything else can be typed too."""
        return {}

    def carry_out(self) -> bool:
        """Act on what was sent; if the domain says no, its sentence becomes an error of the form and nothing is lost."""
        if not self.is_valid():
            self.status = 422
            return False
        try:
            self.act()
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self.refuse(refusal)
            return False
        return True

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the field it is about, or above the form."""
        self.status = refusal.status
        field = refusal.field if isinstance(refusal, BadInput) and refusal.field in self.fields else None
        self.add_error(field, str(refusal))


class ReturnDeed(Deed[Return]):
    """Something done to a return; addressed by its reference."""

    subject = "returns"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Return:
        found: Return | None = (
            Return.objects.visible_to(actor)
            .select_related("ticket", "order__shop", "exchange", "reshipment", "approval")
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
            Ticket.objects.visible_to(actor).select_related("assignee", "goods_return").filter(ref=key).first()
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
        seen = Promise.objects.filter(person__in=Person.objects.visible_to(actor))
        found: Promise | None = seen.select_related("person", "order").filter(pk=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Promise) -> str:
        return str(target.pk)

    @classmethod
    def back(cls, target: Promise) -> str:
        return reverse("desk:person", args=[target.person.ref])

    @classmethod
    def is_open(cls, target: Promise, actor: Actor) -> bool:
        return target.kept_at is None and target.broken_at is None


class Offer:
    """A deed that is open now, ready for a template: its words, its address, and whether it asks first."""

    def __init__(self, deed: type[Deed[Any]], target: models.Model) -> None:
        self.noun, self.icon, self.tone = deed.noun, deed.icon, deed.tone
        self.label, self.href, self.asks = deed.label_of(target), deed.address(target), deed.asks()

    @classmethod
    def all(cls, deeds: tuple[type[Deed[Any]], ...], target: models.Model | None, actor: Actor) -> list[Self]:
        """The deeds open on a target for this person, in the order of the table."""
        if target is None:
            return []
        return [cls(deed, target) for deed in deeds if deed.is_offered(target, actor)]
