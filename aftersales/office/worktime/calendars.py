"""Calendars: the list, and one with its hours, its versions and what a change would mean before it is saved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.admin import actor_of
from aftersales.kernel.errors import Refusal
from aftersales.kernel.policy import may
from aftersales.kernel.worktime import BusinessHours
from aftersales.kernel.worktime_form import BadHours
from aftersales.office.worktime.forms import HoursForm, NewCalendarForm
from aftersales.office.worktime.month import spans
from tickets.actions.calendars import create_calendar, save_calendar, tried
from tickets.actions.policy_moves.foreseeing import movable
from tickets.models import CalendarVersion, Clock, WorkCalendar
from tickets.models.calendar import SHOP

LOOKED_AHEAD = 92  # days of which a trial says what would change
MOST_SHOWN = 14


def calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar with its hours of today; below, a new one, which begins with the hours of the shop."""
    actor = actor_of(request)
    form = NewCalendarForm(request.POST or None)
    if request.method == "POST":
        if not may(actor, "calendar.change"):
            raise PermissionDenied
        if form.is_valid():
            settings = find(request, SHOP).current().settings
            try:
                create_calendar(**form.cleaned_data, settings=settings, actor=actor)
            except Refusal as no:
                form.add_error(getattr(no, "field", None), str(no))
            else:
                messages.success(request, _("Done."))
                return redirect("admin:calendar", form.cleaned_data["key"])
    now = clock.now()
    rows = []
    for version in CalendarVersion.objects.visible_to(actor).newest():
        hours = version.business_hours()
        rows.append((version.calendar, version, spans(hours.on(now.astimezone(hours.zone).date())), hours.is_open(now)))
    return page(
        request, "calendars.html", _("Work calendars"), status=400 if form.errors else 200,
        rows=rows, form=form, may_change=may(actor, "calendar.change"),
    )  # fmt: skip


def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The hours of a week to look at or to type; "try" says what would change, "save" writes the next version."""
    found, actor = find(request, key), actor_of(request)
    current = found.current()
    may_change = may(actor, "calendar.change")
    form = HoursForm(request.POST or None, settings=current.settings)
    changes = None
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid():
            try:
                if "try" in request.POST:
                    changes = differences(current.business_hours(), tried(form.typed()), clock.now())
                else:
                    saved = save_calendar(
                        found.pk, form.typed(), actor=actor, seen=seen_number(request), note=form.cleaned_data["note"]
                    )
                    which = {"number": saved.number, "name": found}
                    messages.success(request, _("Version %(number)s of “%(name)s” is saved.") % which)
                    return redirect("admin:calendar", key)
            except BadHours as no:
                form.refused(no)
            except Refusal as no:
                form.add_error(None, str(no))
    return page(
        request, "calendar.html", str(found), status=400 if form.errors else 200,
        calendar=found, version=current, older=older_clocks(current, actor), form=form, changes=changes, may_change=may_change,
        versions=found.versions.select_related("created_by", "calendar").defer("hours", "settings")[:50],
    )  # fmt: skip


def older_clocks(current: CalendarVersion, actor: Actor) -> int:
    """Open clocks that count by an older version of the calendar; none for whoever may not look at service levels."""
    return movable(current, Clock.objects.visible_to(actor), clock.now()).count() if may(actor, "sla.view") else 0


def differences(before: BusinessHours, after: BusinessHours, now: dt.datetime) -> dict[str, Any]:
    """The days from today on whose hours would be others, the first of them in full."""
    today = clock.shop_date(now)
    days = [today + dt.timedelta(days=number) for number in range(LOOKED_AHEAD)]
    changed = [day for day in days if before.on(day) != after.on(day)]
    rows = [(day, spans(before.on(day)), spans(after.on(day))) for day in changed[:MOST_SHOWN]]
    return {
        "rows": rows,
        "count": len(changed),
        "days": LOOKED_AHEAD,
        "zone": after.zone.key if after.zone != before.zone else "",
    }


def find(request: HttpRequest, key: str) -> WorkCalendar:
    """The calendar, or 404: what one may not see does not exist."""
    found: WorkCalendar | None = WorkCalendar.objects.visible_to(actor_of(request)).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def seen_number(request: HttpRequest) -> int | None:
    """The number of the version that was on the screen."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else None


def page(
    request: HttpRequest, template: str, title: str | Promise, *, status: int = 200, **context: Any
) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"office/worktime/{template}", {**frame, **context}, status=status)
