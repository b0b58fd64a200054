"""How a case ends without goods or money moving, and how an expired one comes back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.subjects import ReturnDeed
from aftersales.kernel.actor import Actor
from returns.actions import ending, refusals
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
    label = pgettext_lazy("deed", "Refusal accepted by the customer…")
    done = _("The refusal is final.")
    warning = _(
        "Only when the customer has accepted the refusal; else it becomes final by itself when the time to object is over."
        " Goods set aside for the customer are then due to go back."
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        refusal = target.standing_refusal
        return (
            not target.is_contested and refusal is not None and refusal.final_at is None and target.status != S.CLOSED
        )

    def act(self) -> object:
        return refusals.make_final(self.target.pk, actor=self.actor)


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
