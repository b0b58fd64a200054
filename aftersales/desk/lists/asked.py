"""The filters of a list as a form: read from the address, shown above the list, taken off as chips."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.lists.choices import CHANNELS, NOTHING, Choices
from aftersales.desk.lists.order import ORDERS
from aftersales.kernel.days import DayField
from aftersales.kernel.reader import labelled
from tickets.models import Ticket

Pairs = list[tuple[str, Any]]
NO_TIER = ("none", "new")  # "new" is what addresses said before tiers were rows
PLACES = ("after", "before")  # where one is in the list; never part of what is asked for
# Columns of a wide list that somebody may show or hide; the others are always there.
COLUMNS = (
    ("kind", _("Kind")),
    ("queue", _("Queue")),
    ("team", _("Team")),
    ("tags", _("Tags")),
    ("own", _("Own fields")),
    ("waited", _("Waiting since")),
    ("priority", _("Priority")),
    ("opened", pgettext_lazy("column", "Opened")),
    ("channel", _("Channel")),
)  # fmt: skip


class KeyField(forms.ChoiceField):
    """One of rows that managers add: any key of the right shape is taken, so that a view can be counted without reading them."""

    def __init__(self, *, shape: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._shape = re.compile(shape)

    def valid_value(self, value: Any) -> bool:
        return bool(self._shape.fullmatch(str(value)))


class ListFilter(forms.Form):
    """Filters of a list. A value nobody knows is passed over, so that an old bookmark still opens."""

    status = forms.ChoiceField(label=_("Status"), required=False)
    due = forms.ChoiceField(label=_("Due time"), required=False)
    waiting_on = forms.ChoiceField(label=_("Waiting for"), required=False)
    queue = KeyField(label=_("Queue"), required=False, shape=r"[\w-]{1,50}")
    assignee = KeyField(label=_("Assigned to"), required=False, shape=r"me|none|\d{1,9}")
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    team = KeyField(label=_("Team"), required=False, shape=r"mine|\d{1,9}")
    tag = KeyField(label=_("Tag"), required=False, shape=r"\d{1,9}")
    own = KeyField(label=_("Own field"), required=False, shape=r"[a-z][a-z0-9_]{0,29}:[a-z0-9_]{1,30}")
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    tier = KeyField(label=_("Customer"), required=False, shape=r"[\w-]{1,40}")
    due_before = DayField(label=_("Due before"), required=False)
    opened_from = DayField(label=_("Opened from"), required=False)
    opened_to = DayField(label=_("Opened until"), required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False)
    cols = forms.MultipleChoiceField(
        label=_("Columns"), required=False, choices=COLUMNS, widget=forms.CheckboxSelectMultiple
    )

    FEW = ("status", "due", "waiting_on", "queue", "assignee", "sort")  # in sight; the others are folded away

    def __init__(self, data: QueryDict, *, choices: Choices = NOTHING) -> None:
        if data.get("overdue") and not data.get("due"):  # how the address said it before
            data = data.copy()
            data["due"] = "overdue"
        super().__init__(data, auto_id="filter-%s")
        any_one = ("", pgettext_lazy("filter", "any"))
        status: Pairs = [("", _("open or waiting")), *Ticket.Status.choices, ("any", pgettext_lazy("status", "any"))]
        due: Pairs = [any_one, ("overdue", _("overdue")), ("today", _("due today")), ("none", _("without a due time"))]
        people: Pairs = [any_one, ("me", _("me")), ("none", _("nobody")), *choices.people]
        self._choose("status", status)
        self._choose("due", due)
        self._choose("waiting_on", [any_one, *(choice for choice in Ticket.WaitingOn.choices if choice[0])])
        self._choose("queue", [any_one, *choices.queues])
        self._choose("assignee", people)
        self._choose("kind", [any_one, *Ticket.Kind.choices])
        self._choose("team", [any_one, ("mine", _("my team")), *choices.teams])
        self._choose("tag", [any_one, *choices.tags])
        self._choose("own", [any_one, *choices.own])
        self._choose("priority", [any_one, *((str(value), words) for value, words in Ticket.Priority.choices)])
        self._choose("channel", [any_one, *CHANNELS])
        tiers: Pairs = [(key, _("%(tier)s or higher") % {"tier": name}) for key, name in choices.tiers]
        self._choose("tier", [any_one, *tiers, ("none", _("in no tier"))])
        self._choose("sort", [(order.key, order.label) for order in ORDERS])
        self.is_valid()

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _wish(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def chips(self, query: QueryDict) -> list[dict[str, str]]:
        """What is asked for, each with the address that takes it off again; an empty value says so where a view asks for one."""
        chips = []
        for name in self.fields:
            if name in ("sort", "cols") or not self.cleaned_data.get(name):
                continue
            rest = query.copy()
            rest[name] = ""
            for gone in (*PLACES, "overdue"):
                rest.pop(gone, None)
            chips.append({"label": self._in_words(name), "href": f"?{rest.urlencode()}"})
        return chips

    def _in_words(self, name: str) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return labelled(field.label, _words(field.choices).get(self._wish(name), self._wish(name)))
        return labelled(field.label, self.cleaned_data[name])


def _words(choices: Any) -> dict[str, Any]:
    return {str(value): words for value, words in choices}
