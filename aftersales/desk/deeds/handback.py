"""Refused goods on their way back to the customer: sent, delivered, brought back by the courier, kept in vain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.parcels import CourierFields
from aftersales.desk.deeds.subjects import ReturnDeed
from aftersales.desk.packing import Slip, slip_of_refused
from aftersales.files.fields import PhotosField
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from returns.actions import handback
from returns.models import FreightEntry, Handback, Return


def _back(ret: Return) -> Handback | None:
    """The handback of a return while it is not over."""
    found: Handback | None = getattr(ret, "handback", None)
    return found if found is not None and found.ended_at is None else None


class Sending(CourierFields, ReturnDeed):
    noun, verb, icon, tone = "handback", "return.hand_back", "return", "primary"
    label = pgettext_lazy("deed", "Send the refused goods back")
    done = _("The goods are on their way back to the customer, who has the tracking number.")
    explains = _("Only what was set aside for the customer. Once it came back from the courier, agree on a place and a time"
                 " first.")  # fmt: skip

    number = forms.CharField(
        label=_("Tracking number"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    payer = forms.ChoiceField(label=_("Who pays the freight"), choices=Handback.Payer, widget=forms.RadioSelect)
    photos = PhotosField(label=_("Photos of what is sent"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        legs = FreightEntry.objects.filter(of=self.target, leg=FreightEntry.Leg.REPLACEMENT)
        by_the_rules = legs.values_list("payer", flat=True).first()
        self.fields["payer"].initial = "shop" if by_the_rules == "shop" else "buyer"

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        back = _back(target)
        return back is not None and (back.sent_at is None or back.came_back_at is not None)

    def slip(self) -> Slip | None:
        """What to pack and for whom, above the form."""
        return slip_of_refused(self.target)

    def act(self) -> object:
        return handback.send_handback(self.target.pk, actor=self.actor, **self.cleaned_data)


class CameBack(ReturnDeed):
    noun, verb, icon = "handback-return", "return.hand_back", "warning"
    label = pgettext_lazy("deed", "Could not be delivered…")
    done = _("Written down. The customer is told; we keep the goods for thirty days.")
    warning = _("Only when the goods are in our house again.")

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        back = _back(target)
        return back is not None and back.sent_at is not None and back.came_back_at is None

    def act(self) -> object:
        return handback.handback_came_back(self.target.pk, actor=self.actor)


class Delivered(ReturnDeed):
    noun, verb, icon = "handback-delivery", "return.close", "check-circle"
    label = pgettext_lazy("deed", "Refused goods delivered")
    done = _("The customer has the goods again.")

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return CameBack.is_open(target, actor)

    def act(self) -> object:
        return handback.handback_delivered(self.target.pk, actor=self.actor)


class Unclaimed(ReturnDeed):
    noun, verb, icon, tone = "handback-end", "return.give_up", "lock", "danger"
    label = pgettext_lazy("deed", "Nobody claimed the goods…")
    done = _("Closed. Write down in a note where the goods are.")
    warning = _("They are the customer’s goods. Try once more to reach the customer before you end it.")

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        back = _back(target)
        return back is not None and back.keep_until is not None and back.keep_until <= clock.now()

    def act(self) -> object:
        return handback.give_up_handback(self.target.pk, actor=self.actor)
