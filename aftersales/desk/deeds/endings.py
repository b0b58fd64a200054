"""How a case ends without goods or money moving, and how an expired one comes back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import ReturnDeed
from aftersales.kernel.actor import Actor
from returns.actions import ending
from returns.machine import WITHDRAWABLE, S
from returns.models import Return


class Withdrawal(ReturnDeed):
    noun, verb, icon, tone = "withdrawal", "return.withdraw", "return", "danger"
    label = pgettext_lazy("deed", "Withdraw for the customer…")
    done = _("Withdrawn. The items can be asked for again.")
    warning = _(
        "Only with the customer’s word. A withdrawn request cannot be reopened; the customer can make a new one."
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status in {*WITHDRAWABLE, S.IN_TRANSIT}

    def act(self) -> object:
        return ending.withdraw_return(self.target.pk, actor=self.actor)


class FinalRefusal(ReturnDeed):
    noun, verb, icon, tone = "closing", "return.close", "lock", "danger"
    label = pgettext_lazy("deed", "Close as refused…")
    done = _("Closed. The refusal is final.")
    warning = _(
        "Only when the customer has accepted the refusal; else it closes by itself when the time to object is over."
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status in (S.REJECTED, S.RETURN_REFUSED) and not target.is_contested

    def act(self) -> object:
        return ending.close_refused(self.target.pk, actor=self.actor)


class Reopening(ReturnDeed):
    noun, verb, icon, tone = "reopening", "return.submit", "return", "primary"
    label = pgettext_lazy("deed", "Reopen…")
    done = _("Reopened. It is back in the queue.")
    warning = _("An expired request can be reopened once, if its items are not in another request by now.")

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status == S.EXPIRED and not target.reopened_count

    def act(self) -> object:
        return ending.reopen_return(self.target.pk, actor=self.actor)
