"""What can be done to a case, as forms: each knows its address, its verb, when it is open, and the one action it calls.

Buttons on the ticket page, pages, dialogs and addresses are all made from the same class (`all.DEEDS`). To add one:
a class in the file of its subject, a line in `all.py`, and its words in the catalogue.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, Self, TypeVar

from django import forms
from django.db import models
from django.utils.functional import Promise as Lazy

from aftersales.kernel.actor import Actor
from aftersales.kernel.addresses import address_of
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted, Refusal
from aftersales.kernel.policy import may

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
    names_ticket: ClassVar[str] = ""  # the field in which somebody types which other ticket: it is told while they do
    says: ClassVar[str] = ""  # what its button says of the page it stands on (`AfterReading`, `Assigning`)

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
        return address_of(f"desk:{cls.subject}-{cls.noun}", cls.key_of(target))

    def act(self) -> object:
        """Call the one action, with `cleaned_data`."""
        raise NotImplementedError

    def onward(self) -> str:
        """The page on which the work goes on when it is done; "" for the one it was done from."""
        return ""

    def cautions(self) -> Words:
        """What to think of before sending: by default the same for every target."""
        return self.warning

    def suggestions(self) -> dict[str, dict[str, str]]:
        """By the id of a datalist, what may be typed and whom or what that names; anything else can be typed too."""
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
        field = refusal.field if isinstance(refusal, BadInput) else None
        if field == "due_at" and "due_on" in self.fields:  # a form asks for the day
            field = "due_on"
        self.add_error(field if field in self.fields else None, str(refusal))


class Offer:
    """A deed that is open now, ready for a template: its words, its address, and whether it asks first."""

    def __init__(self, deed: type[Deed[Any]], target: models.Model) -> None:
        self.noun, self.icon, self.tone = deed.noun, deed.icon, deed.tone
        self.id = f"do-{deed.subject}-{deed.key_of(target)}-{deed.noun}"  # where the focus is found again
        self.label, self.href, self.asks = deed.label_of(target), deed.address(target), deed.asks()
        self.says = deed.says

    @classmethod
    def all(cls, deeds: tuple[type[Deed[Any]], ...], target: models.Model | None, actor: Actor) -> list[Self]:
        """The deeds open on a target for this person, in the order of the table."""
        if target is None:
            return []
        return [cls(deed, target) for deed in deeds if deed.is_offered(target, actor)]
