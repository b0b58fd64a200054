"""What a customer agreed to, written down by staff with where it was said, and taken back as easily."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import PersonDeed
from aftersales.kernel.actor import Actor
from customers.actions import consents
from customers.models import Person, Purpose


def _standing(person: Person) -> set[str]:
    """From the rows the page has read already, where it has."""
    return {each.purpose for each in person.consents.all() if each.withdrawn_at is None}


class ConsentDeed(PersonDeed):
    """Asks for one purpose and for the proof. `wanted` says whether the purposes offered are those that stand."""

    verb, icon = "consent.record", "shield"
    wanted = False

    purpose = forms.ChoiceField(label=_("What for"))
    proof = forms.CharField(label=_("Where it was said"), max_length=consents.LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing, field = _standing(self.target), self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [each for each in Purpose.choices if (each[0] in standing) is self.wanted]
        self.fields["proof"].help_text = _("Such as “chat of 3 March, 14:20” or “call to 0571-…, Ms Chen”.")

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        standing = _standing(target)
        return any((each in standing) is cls.wanted for each in Purpose.values)


class ConsentGiven(ConsentDeed):
    noun = "consent"
    label = pgettext_lazy("deed", "Write down a consent…")
    done = _("Written down.")
    explains = _("Only what the customer said or wrote themselves. Silence is no consent, and an order is none either.")

    def act(self) -> object:
        return consents.give_consent(self.target.pk, **self.cleaned_data, actor=self.actor)


class ConsentWithdrawn(ConsentDeed):
    noun, icon, wanted = "withdrawal", "cross", True
    label = pgettext_lazy("deed", "Consent withdrawn…")
    done = _("Ended. Nothing more of this is sent, what was planned included.")
    explains = _("A customer may take back any consent at any time, without a reason.")

    def act(self) -> object:
        return consents.withdraw_consent(self.target.pk, **self.cleaned_data, actor=self.actor)
