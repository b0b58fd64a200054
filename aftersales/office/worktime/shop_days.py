"""The days of a calendar, month by month: what the table says, what the shop does otherwise, and a form for the latter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.kernel.reader import of_two
from aftersales.office.worktime.calendars import find, older_clocks, page, seen_number
from aftersales.office.worktime.forms import ShopDayForm
from aftersales.office.worktime.month import asked, month_of, spans
from tickets.actions.calendars import save_calendar
from tickets.models import CalendarVersion, WorkingDay


def days(request: HttpRequest, key: str) -> HttpResponse:
    """One month to look at; a manager closes days, gives them hours, or lets the table hold again: the next version."""
    found, actor = find(request, key), actor_of(request)
    current, may_change = found.current(), may(actor, "calendar.change")
    first, day = asked(request.GET, today := clock.shop_date(clock.now()))
    form = (
        ShopDayForm(request.POST) if request.method == "POST" else ShopDayForm(initial=_initial(current, day or today))
    )
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            settings = with_days(current.settings, form.stretch(), form.entry())
            try:
                saved = save_calendar(
                    found.pk, settings, actor=actor, seen=seen_number(request), note=form.cleaned_data["name"]
                )
            except Refusal as no:
                form.add_error(None, str(no))
            else:
                which = {"number": saved.number, "name": found}
                messages.success(request, _("Version %(number)s of “%(name)s” is saved.") % which)
                chosen = form.cleaned_data["first"]
                return redirect(f"{reverse('admin:calendar_days', args=[key])}?month={chosen:%Y-%m}&day={chosen}")
    names = _names(current, first)
    hours, own = current.business_hours(), current.settings.get("own") or {}

    def told(date: dt.date) -> tuple[list[str], str, str, bool]:
        here = hours.on(date)
        entry = own.get(date.isoformat())
        tag, tone = (entry.get("name") or str(_("own hours")), "accent") if entry else names.get(date, ("", ""))
        return spans(here), tag, tone, bool(here)

    return page(
        request, "days.html", _("Days of %(calendar)s") % {"calendar": found}, status=400 if form.errors else 200,
        calendar=found, version=current, older=older_clocks(current, actor),
        month=month_of(first, today, day, told), form=form, may_change=may_change,
        back=reverse("admin:calendar", args=[key]), back_title=str(found), here=request.path,
    )  # fmt: skip


def with_days(settings: dict[str, Any], stretch: list[dt.date], entry: dict[str, Any] | None) -> dict[str, Any]:
    """The settings with these days said otherwise, or left to the table."""
    own = dict(settings.get("own") or {})
    for day in stretch:
        own.pop(day.isoformat(), None)
        if entry is not None:
            own[day.isoformat()] = entry
    return {**settings, "own": own}


def _initial(version: CalendarVersion, day: dt.date) -> dict[str, Any]:
    entry = (version.settings.get("own") or {}).get(day.isoformat())
    if entry is None:
        return {"first": day, "kind": "table", "hours": []}
    kind = "usual" if entry.get("usual") else "hours" if entry["hours"] else "closed"
    return {"first": day, "kind": kind, "hours": entry.get("hours", []), "name": entry.get("name", "")}


def _names(version: CalendarVersion, first: dt.date) -> dict[dt.date, tuple[str, str]]:
    """What the table calls the days around that month, where the calendar follows one."""
    around = (first - dt.timedelta(days=7), first + dt.timedelta(days=38))
    rows = WorkingDay.objects.filter(country=version.settings.get("follows") or "", day__range=around)
    return {row.day: (of_two(row.name_zh, row.name_en), "info" if row.official else "warn") for row in rows}
