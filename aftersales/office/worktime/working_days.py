"""The table of working days, month by month: holidays and make-up days of a country, typed, brought from data, confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import BadInput, Refusal
from aftersales.kernel.policy import may
from aftersales.kernel.reader import of_two
from aftersales.office.worktime.calendars import page
from aftersales.office.worktime.forms import WorkingDayForm
from aftersales.office.worktime.month import asked, month_of
from tickets.actions.calendar_seeding import COUNTRY
from tickets.actions.working_days import DayEntry, add_year, confirm_year, set_working_days
from tickets.models import WorkingDay


def days(request: HttpRequest) -> HttpResponse:
    """One month of a country; a manager says of a day, or of several, whether it is worked."""
    actor, country = actor_of(request), _country(request.GET.get("country", COUNTRY))
    may_change = may(actor, "calendar.change")
    first, day = asked(request.GET, today := clock.shop_date(clock.now()))
    rows = {row.day: row for row in WorkingDay.objects.visible_to(actor).filter(country=country)}
    form = (
        WorkingDayForm(request.POST)
        if request.method == "POST"
        else WorkingDayForm(initial=_initial(rows, day or today))
    )
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            data = form.cleaned_data
            entries = [
                DayEntry(each, data["kind"] == "worked", name=data["name"], official=data["official"])
                for each in form.stretch()
            ]
            try:
                changed = set_working_days(country, entries, actor=actor)
            except BadInput as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                messages.success(request, _("Days changed: %(count)d") % {"count": len(changed)})
                chosen = data["first"]
                return redirect(f"{request.path}?country={country}&month={chosen:%Y-%m}&day={chosen}")

    def told(date: dt.date) -> tuple[list[str], str, str, bool]:
        row = rows.get(date)
        worked = row.is_working if row else date.weekday() < 5
        name = "" if row is None else of_two(row.name_zh, row.name_en)
        tone = "" if row is None else "info" if row.official else "warn"
        return [gettext("worked") if worked else gettext("day off")], name, tone, worked

    years = sorted({date.year for date in rows})
    return page(
        request, "days.html", _("Working days"), status=400 if form.errors else 200,
        month=month_of(first, today, day, told), form=form, may_change=may_change, country=country, here=request.path,
        years=[(year, not any(row.official is False for d, row in rows.items() if d.year == year)) for year in years],
        next_year=(years[-1] + 1) if years else today.year, is_law=True,
    )  # fmt: skip


def year(request: HttpRequest, country: str, year: int) -> HttpResponse:
    """Bring what public data knows of a year, or say that the year is as it was announced."""
    country = _country(country)
    if request.method == "POST":
        actor = actor_of(request)
        if not may(actor, "calendar.change"):
            raise PermissionDenied
        try:
            if "confirm" in request.POST:
                count = confirm_year(country, year, actor=actor)
            else:
                count = add_year(country, year, actor=actor)
        except Refusal as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("Days changed: %(count)d") % {"count": count})
    return redirect(f"{reverse('admin:working_days')}?country={country}&month={min(max(year, 1971), 2198)}-01")


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise Http404
    return text.upper()


def _initial(rows: dict[dt.date, WorkingDay], day: dt.date) -> dict[str, Any]:
    row = rows.get(day)
    if row is None:
        return {"first": day, "kind": "worked" if day.weekday() < 5 else "off", "official": True}
    return {
        "first": day,
        "kind": "worked" if row.is_working else "off",
        "name": of_two(row.name_zh, row.name_en),
        "official": row.official,
    }
