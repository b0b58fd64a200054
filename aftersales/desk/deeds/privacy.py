"""A person's own data: a copy of it for them, and their erasure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import PersonDeed
from aftersales.kernel.actor import Actor
from customers.actions import copying, erasing
from customers.models import Erasure, Person


def _is_a_customer(person: Person) -> bool:
    return person.source != Person.SHOP and not hasattr(person, "erasure")


class CopyAsked(PersonDeed):
    noun, verb, icon = "copy", "person.export", "download"
    label = pgettext_lazy("deed", "Copy of their data…")
    done = _("It is being made. The link appears here in a moment.")
    explains = _("A ZIP for the customer, in their language: everything that is held of them, to read and for programs, and their"
                 " photos. No notes among colleagues. Hand it over only to whoever has shown that they are this customer. It is"
                 " deleted after seven days.")  # fmt: skip
    warning = _(
        "It holds names, addresses and contacts in full. That it was made, and each time it is taken, is recorded."
    )

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        return _is_a_customer(target)

    def act(self) -> object:
        return copying.export_person(self.target.pk, actor=self.actor)


class PersonErased(PersonDeed):
    noun, verb, icon, tone = "erasure", "person.erase", "cross", "danger"
    label = pgettext_lazy("deed", "Erase the customer…")
    done = _("Erased.")
    explains = _("Name, contacts, addresses, notes, messages, photos and all that was said go, also from what was sent. What"
                 " stays, without a name: orders and money, as tax and accounting law ask, the grounds of decisions in codes, and"
                 " what stands in public on a platform. A later import of their orders does not bring them back.")  # fmt: skip
    warning = _("This cannot be taken back, by nobody. If the customer wants a copy of their data, make it first.")

    ground = forms.ChoiceField(label=_("Ground"), choices=Erasure.Ground.choices)
    ref = forms.CharField(
        label=_("The customer's number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ref"].help_text = _("To be sure that it is this one, type %(ref)s.") % {"ref": self.target.ref}

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        return _is_a_customer(target)

    def act(self) -> object:
        return erasing.erase_person(self.target.pk, **self.cleaned_data, actor=self.actor)
