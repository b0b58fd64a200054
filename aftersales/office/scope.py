"""What the dashboard looks at: a period in days of the shop's calendar, and perhaps one shop; all in the address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.days import DayField
from customers.models import Shop

USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Scope:
    """`first` and `last` are both inside. Instants are compared in UTC at the shop's midnights."""

    first: dt.date
    last: dt.date
    shop: Shop | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def begins(self) -> dt.datetime:
        return clock.end_of_shop_day(self.first - dt.timedelta(days=1))

    @property
    def ends(self) -> dt.datetime:
        return clock.end_of_shop_day(self.last)

    @property
    def before(self) -> Scope:
        """The same number of days just before, to compare with."""
        return Scope(self.first - dt.timedelta(days=self.days), self.first - dt.timedelta(days=1), self.shop)

    def query(self) -> str:
        """The address of this view of the dashboard, without the path."""
        parts = {"from": self.first.isoformat(), "until": self.last.isoformat()}
        return urlencode(parts | ({"shop": str(self.shop.pk)} if self.shop else {}))


class ScopeForm(forms.Form):
    """The filter bar. What cannot be read is told at its field, and the usual period is shown instead."""

    first = DayField(label=_("from"))
    last = DayField(label=_("until"))
    shop = forms.ModelChoiceField(
        label=_("shop"), queryset=Shop.objects.order_by("name"), required=False, empty_label=_("all shops")
    )
    _NAMES = {"first": "from", "last": "until"}

    def add_prefix(self, field_name: str) -> str:
        """`from` is a word of Python, so the fields are called otherwise than in the address."""
        return self._NAMES.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", _("The period ends before it begins."))
        return data


def read_scope(query: QueryDict, today: dt.date) -> tuple[Scope, ScopeForm]:
    """The scope an address asks for, and the form that shows it. Without a period: the last 30 days."""
    first, last = today - dt.timedelta(days=USUAL_DAYS - 1), today
    given = {"from": first.isoformat(), "until": last.isoformat(), **query.dict()}
    form = ScopeForm(given)
    if not form.is_valid():
        return Scope(first, last), form
    data = form.cleaned_data
    return Scope(data["first"], data["last"], data["shop"]), form
