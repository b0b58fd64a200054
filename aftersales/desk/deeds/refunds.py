"""Money going back: release by one or two people, proof of payment, and what to do when the provider said no or nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Words
from aftersales.desk.deeds.subjects import RefundDeed
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import may
from returns import providers
from returns.actions import payment
from returns.models import Refund

_St = Refund.Status
_LIVE = (_St.DUE, _St.SENDING, _St.PAID, _St.UNKNOWN)


class Release(RefundDeed):
    noun, verb, icon, tone = "release", "refund.pay", "coin", "primary"
    label = pgettext_lazy("deed", "Release the refund")
    done = _("Released.")

    @classmethod
    def is_open(cls, target: Refund, actor: Actor) -> bool:
        """Above the limit the second person must be another one, and a lead or a manager."""
        if target.status != _St.DUE:
            return False
        if not target.needs_second or target.first_by_id is None:
            return True
        return target.first_by_id != actor.id and may(actor, "refund.pay_large")

    @classmethod
    def label_of(cls, target: Refund) -> Words:
        if target.needs_second and target.first_by_id:
            return _("Release %(amount)s as the second person") % {"amount": target.total}
        return _("Release %(amount)s") % {"amount": target.total}

    def act(self) -> object:
        refund = payment.release_refund(self.target.pk, actor=self.actor)
        # What is said afterwards depends on whether the money has left or waits for a second person.
        if refund.status == _St.DUE:
            self.said = _("Released by you. Above the shop’s limit a lead or a manager must release it too.")
        elif refund.provider == providers.MANUAL:
            self.said = _("Released. Now pay it and enter the number of the payment.")
        else:
            self.said = _("Released. The payment provider has it; the outcome appears here.")
        return refund


class PaymentProof(RefundDeed):
    noun, verb, icon, tone = "payment", "refund.pay", "check", "primary"
    label = pgettext_lazy("deed", "Record the payment")
    done = _("Paid. The customer is told.")
    explains = _("Pay the sum first, the way the customer paid; then enter the number of the payment as proof.")

    payment_ref = forms.CharField(
        label=_("Number of the payment"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    @classmethod
    def is_open(cls, target: Refund, actor: Actor) -> bool:
        return target.status == _St.SENDING and target.provider == providers.MANUAL

    @classmethod
    def label_of(cls, target: Refund) -> Words:
        return _("Record the payment of %(amount)s") % {"amount": target.total}

    def act(self) -> object:
        return payment.record_payment(self.target.pk, actor=self.actor, **self.cleaned_data)


class Finding(RefundDeed):
    noun, verb, icon, tone = "finding", "refund.record_proof", "search", "primary"
    label = pgettext_lazy("deed", "Say whether it was paid…")
    done = _("Settled. The case goes on from here.")
    warning = _("Look the payment up at the provider first. A refund said to be unpaid can be paid a second time.")

    was_paid = forms.TypedChoiceField(
        label=_("What the provider’s records say"),
        choices=[("yes", _("It was paid")), ("no", _("It was not paid"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    payment_ref = forms.CharField(
        label=_("Number of the payment, if it was paid"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    @classmethod
    def is_open(cls, target: Refund, actor: Actor) -> bool:
        return target.status == _St.UNKNOWN

    def act(self) -> object:
        return payment.settle_unknown(self.target.pk, actor=self.actor, **self.cleaned_data)


class Retry(RefundDeed):
    noun, verb, icon = "retry", "refund.pay", "return"
    label = pgettext_lazy("deed", "Try again")
    done = _("A new refund of the same sum is due. It needs releasing again.")

    @classmethod
    def is_open(cls, target: Refund, actor: Actor) -> bool:
        if target.status != _St.FAILED:
            return False
        return not Refund.objects.filter(of_id=target.of_id, purpose=target.purpose, status__in=_LIVE).exists()

    def act(self) -> Any:
        return payment.retry_refund(self.target.pk, actor=self.actor)
