"""Forms of a policy. They turn what is typed into what the action takes; what is wrong is said by the policy's own reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import of_two
from aftersales.kernel.templatetags.fields import target_of, wrong_fields
from tickets.models import Clock, Ticket
from tickets.models.sla_policy import known_kinds
from tickets.models.sla_settings import DEEDS, METRICS, SAME_DAY, BadPolicy, read_length, read_policy

_SEPARATORS = re.compile(r"[,，、;；\s]+")
_ANY = [("", pgettext_lazy("policy", "any"))]
_SAME_DAY = {SAME_DAY, "same day", "the same day", "当天"}
_ADDED = {"ORDER": _("place"), "DELETE": _("leave out")}  # what a list of rows adds to each
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Wrong:
    """What must be mended: in which cell, in words and as the id it has on the page; neither where it is the whole."""

    what: str
    where: str = ""
    target: str = ""


class TargetForm(forms.Form):
    """One row of targets. All but the length and the calendar may be left open."""

    metric = forms.ChoiceField(label=_("metric"), choices=[("", "–"), *Clock.Metric.choices])
    kind = forms.ChoiceField(label=_("kind"), required=False, choices=[*_ANY, *Ticket.Kind.choices])
    priority = forms.TypedChoiceField(
        label=_("priority"), required=False, choices=[*_ANY, *Ticket.Priority.choices], coerce=int, empty_value=None
    )
    tier = forms.ChoiceField(label=_("customers"), required=False)
    target = forms.CharField(label=_("target"), max_length=20, widget=forms.TextInput(attrs={"size": 8}))
    calendar = forms.ChoiceField(label=_("calendar"), required=False)

    def __init__(self, *args: Any, calendars: dict[str, str], tiers: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.calendars = calendars
        self.fields["tier"].choices = [*_ANY, *tiers.items()]  # type: ignore[attr-defined]
        self.fields["calendar"].choices = [("", "–"), *calendars.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and self.has_changed():
            try:
                read_policy({"targets": [self.row()]}, kinds=known_kinds(), calendars=set(self.calendars))
            except BadPolicy as no:
                self.add_error("calendar" if no.code == "policy_no_calendar" else "target", str(no))
        return data

    def row(self) -> dict[str, Any]:
        """As settings keep it: what is left open is left out."""
        named = ("metric", "kind", "priority", "tier", "target", "calendar")
        row = {name: self.cleaned_data[name] for name in named if self.cleaned_data[name] not in ("", None)}
        return row | ({"target": SAME_DAY} if str(row["target"]).strip().lower() in _SAME_DAY else {})


class StepForm(forms.Form):
    """What is done so long after a deadline was missed."""

    metric = forms.ChoiceField(label=_("metric"), choices=[("", "–"), *Clock.Metric.choices])
    after = forms.CharField(label=_("after"), max_length=20, widget=forms.TextInput(attrs={"size": 8}))
    do = forms.ChoiceField(label=_("then"), choices=[("", "–"), *DEEDS.items()])

    def clean_after(self) -> str:
        after = str(self.cleaned_data["after"]).strip()
        try:
            read_length(after, "steps", zero=True)
        except BadPolicy as no:
            raise forms.ValidationError(str(no)) from None
        return after


Targets = forms.formset_factory(
    TargetForm, extra=2, can_order=True, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10
)
Steps = forms.formset_factory(StepForm, extra=1, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 10)


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    """A row of targets as it is typed: the code of the same day is nothing anybody writes."""
    return row | {"target": of_two("当天", "same day")} if row.get("target") == SAME_DAY else row


class PolicyForm(forms.Form):
    """A whole policy: this form and its two lists of rows."""

    continue_within = forms.CharField(label=_("opened again within, the old clock goes on"), max_length=20)
    note = forms.CharField(label=_("what changes and why"), required=False, max_length=200)

    def __init__(
        self, data: Any = None, *, settings: dict[str, Any], calendars: dict[str, str], tiers: dict[str, str]
    ) -> None:
        super().__init__(data, initial={"continue_within": settings.get("continue_within", "60m")})
        for metric, name in Clock.Metric.choices:
            self.fields[f"warnings_{metric}"] = forms.CharField(
                label=_("%(metric)s: warnings") % {"metric": name}, required=False, max_length=200,
                initial=", ".join(settings.get("warnings", {}).get(metric, [])),
                help_text=_("Such as 50%, 80%, 30m: used, or so long before the end."),
            )  # fmt: skip
            self.fields[f"pauses_{metric}"] = forms.MultipleChoiceField(
                label=_("%(metric)s stands still while we wait for") % {"metric": name}, required=False,
                choices=[each for each in Ticket.WaitingOn.choices if each[0] not in ("", Ticket.WaitingOn.LATER)],
                widget=forms.CheckboxSelectMultiple,
                initial=settings.get("pauses", {}).get(metric, []),
            )  # fmt: skip
        self.targets = Targets(
            data,
            prefix="targets",
            form_kwargs={"calendars": calendars, "tiers": tiers},
            initial=[_in_words(row) for row in settings.get("targets", [])],
        )
        self.steps = Steps(data, prefix="steps", initial=settings.get("steps", []))

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.targets.is_valid(), self.steps.is_valid()])

    def typed(self) -> dict[str, Any]:
        """The settings as the action takes them."""
        data = self.cleaned_data
        warnings = {
            metric: [each for each in _SEPARATORS.split(data[f"warnings_{metric}"]) if each] for metric in METRICS
        }
        pauses = {metric: data[f"pauses_{metric}"] for metric in METRICS}
        steps = [form for form in self.steps.forms if form not in self.steps.deleted_forms and form.cleaned_data]
        return {
            "targets": [form.row() for form in self.targets.ordered_forms],
            "pauses": {metric: listed for metric, listed in pauses.items() if listed},
            "warnings": {metric: listed for metric, listed in warnings.items() if listed},
            "steps": [{name: form.cleaned_data[name] for name in ("metric", "after", "do")} for form in steps],
            "continue_within": data["continue_within"].strip(),
        }

    def wrong(self) -> list[Wrong]:
        """All that must be mended, in the order of the page, each cell once; what is left out need not be."""
        lists = ((gettext("Targets"), self.targets), (gettext("After a missed deadline"), self.steps))
        whole = [*self.non_field_errors(), *(each for _title, rows in lists for each in rows.non_form_errors())]
        found = [Wrong(str(each)) for each in whole]
        for title, rows in lists:
            for number, row in enumerate(rows, start=1):
                if row.cleaned_data.get(DELETION_FIELD_NAME):
                    continue
                found += _cells(row, gettext("%(list)s, row %(number)s: %(cell)s"), list=title, number=number)
        return [*found, *_cells(self, "%(cell)s")]

    def refused(self, no: BadPolicy) -> None:
        """Say at its field what the policy as a whole cannot be."""
        self.add_error(no.field if no.field in self.fields else None, str(no))


def _cells(form: forms.Form, where: str, **place: object) -> Iterator[Wrong]:
    for field in wrong_fields(form):
        cell = str(_ADDED.get(field.name, field.label))
        yield Wrong(" ".join(map(str, field.errors)), where % {**place, "cell": cell}, target_of(field))
