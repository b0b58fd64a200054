"""What the address asks of the search page besides its words: a span of days. Used by the search page."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import end_of_shop_day
from aftersales.kernel.days import DayField


class SearchFilter(forms.Form):
    """A day nobody can read is passed over, so that an old bookmark still opens. Days are the shop's."""

    q = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    kind = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def instants(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        """From the first instant of the first day to the first after the last day."""
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        return since and end_of_shop_day(since - dt.timedelta(days=1)), until and end_of_shop_day(until)
