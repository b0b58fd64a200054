"""Forms of opening hours and of single days. They turn what is typed into what the actions take, and decide nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.days import DayField
from aftersales.kernel.worktime_form import WEEKDAYS, BadHours, read_intervals, write_intervals

_SEPARATORS = re.compile(r"[,，、;；\n]+")
DAY_NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
LONGEST = 731  # days in one entry


class Spans(forms.CharField):
    """Hours of a day as `09:00-12:00, 13:00-18:00`; empty for closed. Cleans to the list that settings keep."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)
        self.widget.attrs |= {"autocomplete": "off", "class": "office-spans"}

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        spans = [each.strip() for each in _SEPARATORS.split(super().clean(value)) if each.strip()]
        try:
            return write_intervals(read_intervals(spans, where=str(self.label)))
        except BadHours as no:
            raise forms.ValidationError(str(no)) from None


class HoursForm(forms.Form):
    """The settings of a calendar, but for the days that have a page of their own."""

    mon, tue, wed, thu, fri, sat, sun = (Spans(label=label) for label in DAY_NAMES)
    breaks = Spans(label=_("breaks"), help_text=_("Cut out of every day of the week, such as lunch: 12:00-13:00."))
    make_up = Spans(
        label=_("hours of a worked weekend day"), help_text=_("Empty: those of a usual working day. For make-up days.")
    )
    follows = forms.CharField(
        label=_("follows the working days of"), required=False, max_length=2,
        help_text=_("Two letters of the country, such as CN; empty: no public holidays."),
    )  # fmt: skip
    zone = forms.CharField(label=_("time zone"), max_length=60, help_text=_("Such as Asia/Shanghai."))
    note = forms.CharField(label=_("what changes and why"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, settings: dict[str, Any]) -> None:
        self.settings = settings
        kept = {name: settings.get(name, "") for name in ("breaks", "make_up", "follows", "zone")}
        super().__init__(data, initial={**settings.get("week", {}), **kept})

    def clean_follows(self) -> str:
        return str(self.cleaned_data["follows"]).strip().upper()

    def typed(self) -> dict[str, Any]:
        """The settings with what was typed; the shop's own days stay."""
        data = self.cleaned_data
        settings = {
            **self.settings,
            "zone": data["zone"].strip(),
            "week": {name: data[name] for name in WEEKDAYS},
            "breaks": data["breaks"],
            "follows": data["follows"],
        }
        if data["make_up"] or "make_up" in settings:
            settings["make_up"] = data["make_up"]
        return settings

    def refused(self, no: BadHours) -> None:
        """Say at its field what the calendar as a whole cannot be."""
        self.add_error(no.field if no.field in self.fields else None, str(no))


class NewCalendarForm(forms.Form):
    key = forms.SlugField(label=_("key"), max_length=40, help_text=_("Letters, digits and dashes; never changes."))
    name_zh = forms.CharField(label=_("name (Chinese)"), max_length=60)
    name_en = forms.CharField(label=_("name (English)"), max_length=60)


class StretchForm(forms.Form):
    """A day, or every day until another."""

    first = DayField(label=_("day"))
    until = DayField(label=_("until and with"), required=False, help_text=_("Empty: this day only."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, until = data.get("first"), data.get("until")
        if first and until and not 0 <= (until - first).days < LONGEST:
            self.add_error("until", _("The last day lies before the first, or more than two years after it."))
        return data

    def stretch(self) -> list[dt.date]:
        first: dt.date = self.cleaned_data["first"]
        last: dt.date = self.cleaned_data["until"] or first
        return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


class ShopDayForm(StretchForm):
    """One of the shop's own days."""

    kind = forms.ChoiceField(
        label=_("the shop is"),
        choices=[
            ("table", _("open as the week and the working days say")),
            ("closed", pgettext_lazy("hours", "closed")),
            ("usual", _("open like a usual working day")),
            ("hours", _("open at these hours")),
        ],
    )
    hours = Spans(label=_("hours"), help_text=_("Such as 09:00-12:00, 13:00-18:00; over midnight 22:00-06:00+1."))
    name = forms.CharField(label=_("why"), required=False, max_length=60)
    field_order = ("first", "until", "kind", "hours", "name")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == "hours" and "hours" in data and not data["hours"]:
            self.add_error("hours", _("Write the hours, or choose closed."))
        return data

    def entry(self) -> dict[str, Any] | None:
        """What the settings keep for each day of the stretch; None for nothing."""
        data = self.cleaned_data
        if data["kind"] == "table":
            return None
        entry: dict[str, Any] = (
            {"usual": True} if data["kind"] == "usual" else {"hours": data["hours"] if data["kind"] == "hours" else []}
        )
        return entry | ({"name": data["name"]} if data["name"] else {})


class WorkingDayForm(StretchForm):
    """A day of the law."""

    kind = forms.ChoiceField(label=_("that day is"), choices=[("off", _("a day off")), ("worked", _("worked"))])
    name = forms.CharField(label=_("name"), required=False, max_length=60)
    official = forms.BooleanField(
        label=_("as the state announced it"), required=False, help_text=_("Without it the day is provisional.")
    )
    field_order = ("first", "until", "kind", "name", "official")
