"""What the address asks of the search page besides its words: a span of days. Used by the search page."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import shop_zone


class SearchFilter(forms.Form):
    """A day nobody can read is passed over, so that an old bookmark still opens. Days are the shop's."""

    q = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    kind = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def instants(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        """From the first instant of the first day to the first after the last day."""
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        return _begin(since), _begin(until + dt.timedelta(days=1) if until and until < dt.date.max else until)


def _begin(day: dt.date | None) -> dt.datetime | None:
    """Years outside of what both databases and zones can count are as good as no bound."""
    if day is None or not 1900 < day.year < 9000:
        return None
    return dt.datetime.combine(day, dt.time(), tzinfo=shop_zone())
