"""The workshop: what was repaired, or that it cannot be."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import ReturnDeed
from aftersales.kernel.actor import Actor
from returns.actions import repair
from returns.machine import S
from returns.models import Return


class Repaired(ReturnDeed):
    noun, verb, icon, tone = "repair", "return.repair", "check", "primary"
    label = pgettext_lazy("deed", "Record the repair")
    done = _("Recorded. The goods go back to the customer now.")
    explains = _("The customer reads what was wrong and what was replaced.")

    fault = forms.CharField(
        label=_("Fault found, and what was done"), max_length=repair.LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    parts = forms.CharField(label=_("Parts replaced"), max_length=repair.LONGEST, required=False)

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status == S.REPAIRING

    def act(self) -> object:
        return repair.record_repair(self.target.pk, actor=self.actor, **self.cleaned_data)


class BeyondRepair(ReturnDeed):
    noun, verb, icon = "repair-end", "return.approve", "swap"
    label = pgettext_lazy("deed", "Cannot be repaired…")
    done = _("The repair has ended. The case goes on as the customer chose.")
    warning = _("Do this only with the customer’s consent: a repair that was given up cannot be taken up again.")

    fault = forms.CharField(
        label=_("Why it cannot be repaired"), help_text=_("The customer reads this."), max_length=repair.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    instead = forms.ChoiceField(
        label=_("What the customer gets instead"),
        choices=[("exchange", _("The same article new from the shelf")), ("return", _("The money back"))],
        widget=forms.RadioSelect,
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.kind == Return.Kind.REPAIR and target.status in repair.UNDER_WAY

    def act(self) -> object:
        return repair.give_up_repair(self.target.pk, actor=self.actor, **self.cleaned_data)
