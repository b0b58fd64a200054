"""A day as somebody types it: the field of every form that asks for one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.worktime import FIRST, LAST


class DayField(forms.DateField):
    """A day of the shop's calendar, as the browser's own picker sends it. At the ends of time (a mistyped year, "for ever")
    a day has no midnight in UTC, so those are refused in words."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)

    def to_python(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().to_python(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(
                _("Check the year: it must lie between %(first)s and %(last)s."),
                "out_of_reach",
                {"first": FIRST.year, "last": LAST.year},
            )
        return day
