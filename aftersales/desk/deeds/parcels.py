"""Parcels both ways: the customer's tracking number, the carrier's signature, the replacement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Words
from aftersales.desk.deeds.subjects import ParcelDeed, ReturnDeed
from aftersales.desk.packing import Slip, slip_of
from aftersales.kernel.actor import Actor
from aftersales.kernel.couriers import COURIERS, OTHER
from aftersales.kernel.errors import BadInput
from aftersales.kernel.money import Money
from returns.actions import exchange, shipping
from returns.machine import S
from returns.models import Exchange, Return, ReturnParcel


class CourierFields(forms.Form):
    """Which courier: one of ours, or another by its name. `carrier` cleans to the code or to the name as typed."""

    carrier = forms.ChoiceField(label=_("Courier"))
    other_carrier = forms.CharField(label=_("Name of the courier, if it is another one"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["carrier"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", pgettext_lazy("choice", "choose")), *COURIERS.items(), (OTHER, _("Another courier"))]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        other = given.pop("other_carrier", "").strip()
        if given.get("carrier") == OTHER:
            if other:
                given["carrier"] = other
            else:
                self.add_error("other_carrier", _("Enter the name of the courier."))
        return given


class Tracking(CourierFields, ReturnDeed):
    noun, verb, icon, tone = "tracking", "return.ship", "truck", ""
    label = pgettext_lazy("deed", "Enter the tracking number")
    done = _("The parcel is on its way back.")
    explains = _("For a customer who tells the number by phone or chat.")

    number = forms.CharField(
        label=_("Tracking number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    freight = forms.CharField(
        label=_("Freight the customer paid"), max_length=20, required=False,
        help_text=_("Leave it empty if it is not known, or if the shop has paid the courier."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status in (S.AWAITING_RETURN, S.IN_TRANSIT)

    def clean_freight(self) -> int:
        """In minor units of the order's currency; 0 where nothing was said."""
        text = self.cleaned_data["freight"].strip()
        if not text:
            return 0
        try:
            return Money.parse(text, self.target.currency).minor
        except BadInput as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def act(self) -> object:
        given = self.cleaned_data
        return shipping.enter_tracking(
            self.target.pk,
            carrier=given["carrier"],
            number=given["number"],
            freight_told_minor=given["freight"],
            actor=self.actor,
        )


class Arrival(ParcelDeed):
    noun, verb, icon = "arrival", "return.receive", "check"
    label = pgettext_lazy("deed", "Mark as arrived")
    done = _("The parcel has arrived. From today the law counts seven days to the refund.")

    @classmethod
    def is_open(cls, target: ReturnParcel, actor: Actor) -> bool:
        return target.signed_at is None and target.of.status in (S.AWAITING_RETURN, S.IN_TRANSIT, S.DELIVERED)

    def act(self) -> object:
        return shipping.mark_delivered(self.target.pk, actor=self.actor)


class Reshipment(CourierFields, ReturnDeed):
    noun, verb, icon, tone = "reshipment", "return.reship", "truck", "primary"
    label = pgettext_lazy("deed", "Send the replacement")
    done = _("The parcel is on its way. The customer has the tracking number.")

    number = forms.CharField(
        label=_("Tracking number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        """Held back while the customer still owes the price difference."""
        if target.status != S.AWAITING_RESHIP:
            return False
        held: Exchange | None = getattr(target, "exchange", None)  # a repair has none
        return held is None or held.difference_status != Exchange.Difference.CUSTOMER_OWES

    @classmethod
    def label_of(cls, target: Return) -> Words:
        return pgettext_lazy("deed", "Send the repaired goods") if target.kind == Return.Kind.REPAIR else cls.label

    def slip(self) -> Slip | None:
        """What to pack and for whom, above the form."""
        lines = self.target.lines.select_related("wanted_sku__product", "order_line")
        return slip_of(self.target, lines)

    def act(self) -> object:
        return exchange.ship_replacement(self.target.pk, actor=self.actor, **self.cleaned_data)


class Delivery(ReturnDeed):
    noun, verb, icon, tone = "delivery", "return.close", "check-circle", "primary"
    label = pgettext_lazy("deed", "Replacement delivered")
    done = _("The customer has the parcel.")

    @classmethod
    def label_of(cls, target: Return) -> Words:
        return pgettext_lazy("deed", "Repaired goods delivered") if target.kind == Return.Kind.REPAIR else cls.label

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status == S.RESHIPPED and target.reshipment.delivered_at is None

    def act(self) -> object:
        return exchange.replacement_delivered(self.target.pk, actor=self.actor)


class Difference(ReturnDeed):
    noun, verb, icon, tone = "difference", "exchange.settle_difference", "coin", "primary"
    label = pgettext_lazy("deed", "Settle the price difference")
    done = _("The price difference is settled. The replacement may leave.")

    payment_ref = forms.CharField(
        label=_("Number of the customer’s payment"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    waive = forms.BooleanField(label=_("The shop waives it; nothing was paid"), required=False)

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        held: Exchange | None = getattr(target, "exchange", None)
        waits = target.kind == Return.Kind.EXCHANGE and target.status == S.AWAITING_RESHIP
        return waits and held is not None and held.difference_status == Exchange.Difference.CUSTOMER_OWES

    @classmethod
    def label_of(cls, target: Return) -> Words:
        held: Exchange | None = getattr(target, "exchange", None)  # the page is opened by its address, too
        return _("Settle the difference of %(amount)s") % {"amount": held.difference} if held else cls.label

    def act(self) -> object:
        return exchange.settle_difference(self.target.pk, actor=self.actor, **self.cleaned_data)
