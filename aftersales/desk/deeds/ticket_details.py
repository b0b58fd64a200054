"""What a ticket is about and where it lies, and whom it waits for."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import Team
from aftersales.desk.deeds.reading import AfterReading
from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import shop_zone
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import Refusal
from tickets.actions import details, kept_open, waiting
from tickets.actions.by_staff import OPENED_BY_HAND
from tickets.models import Queue, Tag, Ticket

_MORNING = dt.time(9)


class Details(TicketDeed):
    noun, verb, icon = "details", "ticket.change", "edit"
    label = pgettext_lazy("deed", "Change the ticket…")
    done = _("Changed.")

    title = forms.CharField(label=_("Title"), max_length=details.LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("Kind"))
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Ticket.Priority.choices, coerce=int)
    queue = forms.ModelChoiceField(
        label=_("Queue"), queryset=Queue.objects.none(), empty_label=None, to_field_name="key"
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.all(), required=False, empty_label=_("No team")
    )
    tags = forms.ModelMultipleChoiceField(
        label=_("Tags"), queryset=Tag.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.JSONField(required=False, widget=forms.HiddenInput)  # how the ticket stood when this was opened

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticket = self.target
        kind, queue, tags = (self.fields[name] for name in ("kind", "queue", "tags"))
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(queue, forms.ModelChoiceField)
        assert isinstance(tags, forms.ModelMultipleChoiceField)
        kinds = list(OPENED_BY_HAND) if ticket.kind in OPENED_BY_HAND else [Ticket.Kind(ticket.kind)]
        kind.choices = [(each.value, each.label) for each in kinds]
        carried = [tag.pk for tag in ticket.tags.all()]
        tags.queryset = Tag.objects.filter(retired_at=None) | Tag.objects.filter(pk__in=carried)
        queue.queryset, queue.initial = Queue.objects.offered(beside=ticket.queue_id), ticket.queue.key
        for name in ("title", "kind", "priority", "team"):
            self.fields[name].initial = getattr(ticket, name)
        tags.initial = carried
        self.fields["seen"].initial = details.as_it_stands(ticket)
        if not tags.queryset:
            del self.fields["tags"]

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        given = self.cleaned_data
        return details.change_ticket(
            self.target.pk,
            actor=self.actor,
            title=given["title"],
            kind=given["kind"],
            priority=given["priority"],
            queue_id=given["queue"].pk,
            team_id=given["team"].pk if given["team"] else None,
            tags=[tag.pk for tag in given["tags"]] if "tags" in given else details.UNCHANGED,
            seen=given["seen"] if isinstance(given["seen"], dict) else None,
        )

    def refuse(self, refusal: Refusal) -> None:
        super().refuse(refusal)
        if isinstance(refusal, details.ChangedMeanwhile):
            self._catch_up()

    def _catch_up(self) -> None:
        """Show the ticket as it is now, with what this person chose; sent once more it is a decision."""
        shown, ticket = self.cleaned_data["seen"], Ticket.objects.select_related("queue").get(pk=self.target.pk)
        now, data = details.as_it_stands(ticket), QueryDict(mutable=True)
        data.update(self.data)
        fields = {
            "kind": "kind",
            "title": "title",
            "priority": "priority",
            "queue": "queue_id",
            "team": "team_id",
            "tags": "tags",
        }
        for name, column in fields.items():
            chosen = self.cleaned_data.get(name)
            if _plain(chosen) == shown.get(column):
                value = ticket.queue.key if name == "queue" else now[column]
                data.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value or ""])])
        data["seen"] = json.dumps(now)
        self.data = data


def _plain(chosen: Any) -> Any:
    """A chosen value as `as_it_stands` has it."""
    if isinstance(chosen, QuerySet):
        return sorted(each.pk for each in chosen)
    return chosen.pk if isinstance(chosen, Model) else chosen


class Waiting(AfterReading):
    noun, verb, icon = "waiting", "ticket.wait", "pause"
    label = pgettext_lazy("deed", "Wait for somebody…")
    done = _("The ticket waits.")
    explains = _("Waiting for the customer stops the customer’s clocks; the other waits, and putting off, do not.")

    waiting_on = forms.ChoiceField(
        label=_("Waiting for"), choices=[each for each in Ticket.WaitingOn.choices if each[0]],
        widget=forms.RadioSelect, initial=Ticket.WaitingOn.CUSTOMER,
    )  # fmt: skip
    why = forms.CharField(label=_("What is awaited"), max_length=waiting.LONGEST_WHY, required=False)
    until = DayField(
        label=_("Look again on"), required=False,
        help_text=_("Left empty, it waits until somebody moves it on; what is put off needs a day."),
    )  # fmt: skip
    hour = forms.TimeField(
        label=_("At"), required=False, initial=_MORNING, help_text=_("Nine in the morning unless you say otherwise."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.target.waiting_on:
            self.fields["waiting_on"].initial = self.target.waiting_on
            self.fields["why"].initial = self.target.waiting_why

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != Ticket.Status.CLOSED and not kept_open.is_held(target)

    def clean_why(self) -> str:
        """Who is waited for is waited for something; what is put off needs no reason."""
        why: str = self.cleaned_data["why"]
        if not why.strip() and self.cleaned_data.get("waiting_on") != Ticket.WaitingOn.LATER:
            raise forms.ValidationError(self.fields["waiting_on"].error_messages["required"], code="required")
        return why

    def act(self) -> object:
        given = self.cleaned_data
        day: dt.date | None = given["until"]
        at: dt.time = given["hour"] or _MORNING
        until = dt.datetime.combine(day, at, shop_zone()).astimezone(dt.UTC) if day else None
        return waiting.set_waiting(
            self.target.pk, given["waiting_on"], actor=self.actor, until=until, why=given["why"], seen=given["seen"]
        )


class Resumption(TicketDeed):
    noun, verb, icon = "resumption", "ticket.wait", "arrow-right"
    label = pgettext_lazy("deed", "Take it up again")
    done = _("Taken up again. It is due now.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status == Ticket.Status.WAITING and not kept_open.is_held(target)

    def act(self) -> object:
        return waiting.resume(self.target.pk, actor=self.actor)
