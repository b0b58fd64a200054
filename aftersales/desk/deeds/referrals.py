"""Who recommended the shop to a customer: written down as they said it, and taken back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import PersonDeed
from aftersales.kernel.actor import Actor
from customers.actions import referrals
from customers.models import Person, Referral


class ReferralNoted(PersonDeed):
    noun, verb, icon = "referral", "referral.note", "user"
    label = pgettext_lazy("deed", "Recommended by…")
    done = _("Written down. Who recommended us is thanked once, if they agreed to that.")
    explains = _("Only as this customer said it themselves, and only if who recommended us has agreed to greetings and thanks."
                 " They never hear the name of who came.")  # fmt: skip

    by_ref = forms.CharField(
        label=_("Customer number of who recommended us"), max_length=20, help_text=_("Such as P-7K2MQX94D.")
    )
    how = forms.ChoiceField(label=_("How we know"), choices=Referral.How.choices)
    source = forms.CharField(label=_("Where they said it"), max_length=300)

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        return not hasattr(target, "referral")

    def act(self) -> object:
        return referrals.note_referral(self.target.pk, **self.cleaned_data, actor=self.actor)


class ReferralTakenBack(PersonDeed):
    noun, verb, icon, tone = "referral-deletion", "referral.note", "cross", "danger"
    label = pgettext_lazy("deed", "Take the recommendation back…")
    done = _("Taken back.")
    warning = _(
        "It is deleted, with where they said it, and thanks that are planned for it are not sent. That it was written down, with"
        " the other's customer number, and that it was taken back stay in the history."
    )

    @classmethod
    def is_open(cls, target: Person, actor: Actor) -> bool:
        return hasattr(target, "referral")

    def act(self) -> object:
        return referrals.take_back_referral(self.target.pk, actor=self.actor)
