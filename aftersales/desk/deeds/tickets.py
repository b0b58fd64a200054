"""The ticket itself: who has it, and whether it is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import User
from aftersales.desk.deeds.reading import AfterReading
from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import GRANTS
from tickets.actions import assignment, closing, distribution, kept_open, promises, reopening
from tickets.actions.complaints.guards import is_bound_by_its_plan
from tickets.models import Closure, Queue, Ticket


class Assigning(TicketDeed):
    """Refused where somebody else has it since the page or the form was drawn, which says whose it was.

    Refused, the form says who, and counts as seen: sent again it is done.
    """

    verb, says = "ticket.assign", "whose"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Not a field of the class: a deed that asks nothing else still acts at once."""
        super().__init__(*args, **kwargs)
        whose = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
        whose.initial = self.target.assignee_id or 0
        self.fields["whose"] = whose

    def give_to(self, user_id: int | None) -> object:
        whose: int | None = self.cleaned_data["whose"]
        seen = assignment.UNSEEN if whose is None else whose or None
        return assignment.assign(self.target.pk, user_id=user_id, actor=self.actor, seen=seen)

    def refuse(self, refusal: Refusal) -> None:
        super().refuse(refusal)
        if isinstance(refusal, assignment.TakenMeanwhile):
            shown = {"whose": [str(refusal.holder)]}
            self.data = MultiValueDict({**dict(self.data.lists()), **shown})  # type: ignore[attr-defined]


class Taking(Assigning):
    noun, icon = "taking", "user"
    label = pgettext_lazy("deed", "Assign to me")
    done = _("It is yours.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.assignee_id != actor.id and target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        return self.give_to(self.actor.id)


class Assignee(Assigning):
    noun, icon = "assignee", "users"
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
        return self.give_to(user.pk if user else None)


class Distribution(TicketDeed):
    noun, verb, icon = "distribution", "ticket.assign", "swap"
    label = pgettext_lazy("deed", "Let the queue assign it")
    done = _("Assigned as the queue says; with nobody on duty it stays where it is.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        by_hand = target.queue.strategy == Queue.Strategy.BY_HAND
        return target.assignee_id is None and not by_hand and target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        return distribution.distribute(self.target.pk, actor=self.actor)


class Closing(AfterReading):
    noun, verb, icon = "closing", "ticket.close", "check"
    label = pgettext_lazy("deed", "Close the ticket")
    done = _("Closed. It opens again when the customer writes.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Asks why only where something is still promised and a reason would count; else its button closes at once."""
        super().__init__(*args, **kwargs)
        if promises.promised_on(self.target).exists() and not is_bound_by_its_plan(self.target):
            self.fields["why"] = forms.CharField(
                label=_("Why it is closed although something is promised"), max_length=300, required=False
            )

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != Ticket.Status.CLOSED and not kept_open.is_held(target)

    def act(self) -> object:
        given = self.cleaned_data
        return closing.close_ticket(self.target.pk, actor=self.actor, why=given.get("why", ""), seen=given["seen"])


class ClosingOtherwise(Closing):
    """Nothing was solved: asks for the reason, which the list of closings and the reports keep apart."""

    noun = "other-closing"
    label = pgettext_lazy("deed", "Close, not solved…")
    explains = _("For a case that was solved, “Close the ticket” is enough.")

    reason = forms.ChoiceField(
        label=_("Why it is closed"), choices=[(each.value, each.label) for each in Closure.BY_HAND[1:]],
        widget=forms.RadioSelect, initial=Closure.Reason.NO_ANSWER,
    )  # fmt: skip

    def act(self) -> object:
        given = self.cleaned_data
        return closing.close_ticket(
            self.target.pk, actor=self.actor, reason=given["reason"], why=given.get("why", ""), seen=given["seen"]
        )


class Reopening(TicketDeed):
    noun, verb, icon = "reopening", "ticket.open", "return"
    label = pgettext_lazy("deed", "Reopen the ticket")
    done = _("The ticket is open again.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status == Ticket.Status.CLOSED

    def act(self) -> object:
        return reopening.reopen_ticket(self.target.pk, actor=self.actor)
