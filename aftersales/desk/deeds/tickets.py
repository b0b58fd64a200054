"""The ticket itself: who has it, and whether it is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import User
from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Conflict
from aftersales.kernel.policy import GRANTS
from returns.queries import FINAL
from tickets.actions import assignment, opening
from tickets.models import Ticket


class CaseOpen(Conflict):
    """A ticket of a running return closes with the return, never before it."""

    code = "case_open"
    sentence = _("This ticket belongs to a request that is not finished. It closes by itself when the request does.")


class Taking(TicketDeed):
    noun, verb, icon = "taking", "ticket.assign", "user"
    label = pgettext_lazy("deed", "Assign to me")
    done = _("It is yours.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.assignee_id != actor.id and target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        return assignment.assign(self.target.pk, user_id=self.actor.id, actor=self.actor)


class Assignee(TicketDeed):
    noun, verb, icon = "assignee", "ticket.assign", "users"
    label = pgettext_lazy("deed", "Assign to somebody…")
    done = _("Handed over.")

    user = forms.ModelChoiceField(
        label=_("Who takes it"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True, role__in=sorted(GRANTS["ticket.assign"]))
        field.initial = self.target.assignee_id

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        user = self.cleaned_data["user"]
        return assignment.assign(self.target.pk, user_id=user.pk if user else None, actor=self.actor)


def _is_running(ticket: Ticket) -> bool:
    ret = getattr(ticket, "goods_return", None)
    return ret is not None and ret.status not in FINAL


class Closing(TicketDeed):
    noun, verb, icon = "closing", "ticket.close", "check"
    label = pgettext_lazy("deed", "Close the ticket")
    done = _("Closed. It opens again when the customer writes.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != Ticket.Status.CLOSED and not _is_running(target)

    def act(self) -> object:
        if _is_running(self.target):
            raise CaseOpen
        return opening.close_ticket(self.target.pk, actor=self.actor)


class Reopening(TicketDeed):
    noun, verb, icon = "reopening", "ticket.open", "return"
    label = pgettext_lazy("deed", "Reopen the ticket")
    done = _("The ticket is open again.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status == Ticket.Status.CLOSED

    def act(self) -> object:
        return opening.reopen_ticket(self.target.pk, actor=self.actor)
