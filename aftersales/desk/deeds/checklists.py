"""Checklists at the desk: put one on the ticket, tick an item, take the tick back, leave a list out with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.deeds.deed import Words
from aftersales.desk.deeds.subjects import HangingDeed, TicketDeed
from aftersales.kernel.actor import Actor
from tickets.actions import checklists
from tickets.models import Checklist, Ticket, TicketCheck, TicketChecklist

_CLOSED = Ticket.Status.CLOSED


class Adding(TicketDeed):
    noun, verb, icon = "checklist", "ticket.change", "plus"
    label = pgettext_lazy("deed", "Add a checklist…")
    done = _("Added.")

    checklist = forms.ModelChoiceField(label=_("checklist"), queryset=Checklist.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = self.target.checklists.values("checklist")
        offered = Checklist.objects.filter(retired_at=None).exclude(pk__in=there)
        self.fields["checklist"].queryset = offered  # type: ignore[attr-defined]

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != _CLOSED

    def act(self) -> object:
        return checklists.add_checklist(self.target.pk, self.cleaned_data["checklist"].pk, actor=self.actor)


class CheckDeed(HangingDeed[TicketCheck]):
    """Something done to one item."""

    subject, rows, ticket = "checks", TicketCheck.objects, "of__ticket"

    @classmethod
    def label_of(cls, target: TicketCheck) -> Words:
        return str(target)


class Ticking(CheckDeed):
    noun, verb, icon = "tick", "ticket.change", "circle"
    label = _("Tick")
    done = pgettext_lazy("checklist", "Ticked.")

    @classmethod
    def is_open(cls, target: TicketCheck, actor: Actor) -> bool:
        return target.ticked_at is None and target.of.left_out_at is None and target.of.ticket.status != _CLOSED

    def act(self) -> object:
        return checklists.tick(self.target.pk, actor=self.actor)


class Unticking(CheckDeed):
    noun, verb, icon = "untick", "ticket.change", "check-circle"
    label = _("Take the tick back")
    done = _("The tick is taken back.")

    @classmethod
    def is_open(cls, target: TicketCheck, actor: Actor) -> bool:
        return target.ticked_at is not None and target.of.left_out_at is None and target.of.ticket.status != _CLOSED

    def act(self) -> object:
        return checklists.untick(self.target.pk, actor=self.actor)


class LeavingOut(HangingDeed[TicketChecklist]):
    """A list that does not matter on this ticket."""

    subject, rows, ticket = "checklists", TicketChecklist.objects, "ticket"
    noun, verb, icon = "omission", "ticket.change", "cross"
    label = pgettext_lazy("deed", "Leave out…")
    done = _("Left out.")
    explains = _("Its items no longer prevent closing. The reason stays on the ticket.")

    why = forms.CharField(label=_("Why it does not matter here"), max_length=checklists.LONGEST_WHY)

    @classmethod
    def is_open(cls, target: TicketChecklist, actor: Actor) -> bool:
        return target.left_out_at is None and target.ticket.status != _CLOSED

    def act(self) -> object:
        return checklists.leave_out(self.target.pk, why=self.cleaned_data["why"], actor=self.actor)
