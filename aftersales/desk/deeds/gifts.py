"""A gift as thanks: thought of on a customer's page, approved by a lead where it costs much, sent, or dropped."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import KeepingDeed, PersonDeed
from aftersales.kernel.money import Money
from customers.actions import gifts
from customers.models import Gift


class GiftGiven(PersonDeed):
    noun, verb, icon = "gift", "gift.give", "star"
    label = pgettext_lazy("deed", "Give something as thanks…")
    done = _("Written down. What costs more than your limit waits for a lead.")
    explains = _("For what the customer did or went through: a long wait, a good idea, years of trust. Never for a review, and"
                 " never so that one is changed.")  # fmt: skip

    what = forms.CharField(label=_("What they get"), max_length=200)
    why = forms.CharField(label=pgettext_lazy("gift", "For what"), max_length=300)
    cost = forms.CharField(label=_("What it costs us"), max_length=30)
    way = forms.ChoiceField(label=_("How it gets there"), choices=Gift.Way.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = gifts.gift_limit(self.target)
        self.fields["cost"].help_text = _("Up to %(limit)s without asking.") % {"limit": self.limit}
        self.fields["way"].help_text = _("By itself only where the customer agreed to greetings and thanks.")

    def act(self) -> object:
        said = self.cleaned_data
        cost = Money.parse(said["cost"], self.limit.currency)
        return gifts.give_gift(
            self.target.pk, what=said["what"], why=said["why"], cost=cost, way=said["way"], actor=self.actor
        )


class GiftDeed(KeepingDeed[Gift]):
    subject = "gifts"
    rows = Gift.objects


class GiftApproved(GiftDeed):
    noun, verb, icon = "approval", "gift.approve", "check"
    states = (Gift.State.ASKED,)
    label = pgettext_lazy("deed", "Approve the gift")
    done = _("Approved.")

    def act(self) -> object:
        return gifts.approve_gift(self.target.pk, actor=self.actor)


class GiftSent(GiftDeed):
    noun, verb, icon = "sending", "gift.give", "send"
    states = (Gift.State.APPROVED,)
    label = pgettext_lazy("deed", "The gift is on its way")
    done = _("Written down as sent.")

    def act(self) -> object:
        return gifts.send_gift(self.target.pk, actor=self.actor)


class GiftDropped(GiftDeed):
    noun, verb, icon, tone = "dropping", "gift.give", "cross", "danger"
    states = Gift.OPEN
    label = pgettext_lazy("deed", "Drop the gift…")
    done = _("Dropped.")

    why = forms.CharField(label=_("Why"), max_length=200)

    def act(self) -> object:
        return gifts.drop_gift(self.target.pk, why=self.cleaned_data["why"], actor=self.actor)
