"""What the carrier answers to the shop's claim, and asking it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import ClaimDeed
from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from returns.actions import claims
from returns.models import CarrierClaim


class Answer(ClaimDeed):
    noun, verb, icon = "answer", "claim.answer", "check"
    label = pgettext_lazy("deed", "The carrier has answered…")
    done = _("Entered.")

    paid = forms.CharField(
        label=_("What it pays"), max_length=30, help_text=_("0 where it refuses; say then why."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("The carrier’s words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid"].initial = Money(self.target.amount_minor, self.target.currency).plain()

    @classmethod
    def is_open(cls, target: CarrierClaim, actor: Actor) -> bool:
        return target.status == CarrierClaim.Status.OPEN

    def act(self) -> object:
        said = self.cleaned_data
        paid = Money.parse(said["paid"], self.target.currency)
        return claims.answer_claim(self.target.pk, paid_minor=paid.minor, answer=said["answer"], actor=self.actor)


class AskedAgain(ClaimDeed):
    noun, verb, icon = "asking-again", "claim.answer", "return"
    label = pgettext_lazy("deed", "Ask the carrier again")
    done = _("Open again; the carrier has seven days.")
    warning = _("Its answer stays in the history; the claim is open as if it had not been given.")

    @classmethod
    def is_open(cls, target: CarrierClaim, actor: Actor) -> bool:
        return target.status != CarrierClaim.Status.OPEN

    def act(self) -> object:
        return claims.ask_carrier_again(self.target.pk, actor=self.actor)
