"""What somebody types for a calendar, and the opening hours it comes to. Pure; called when a version is saved or tried.

{"zone": "Asia/Shanghai", "week": {"mon": ["09:00-18:00"], …}, "breaks": ["12:00-13:00"],
 "follows": "CN",                 whose working days it follows; "" for none
 "make_up": ["10:00-16:00"],      hours of a weekend day that the table says is worked; without it those of a usual day
 "own": {"2026-12-31": {"hours": ["09:00-12:00"], "name": "盘点"},      the shop's own days, [] for closed
         "2026-11-08": {"usual": true, "name": "大促加班"}}}             or worked like the first open day of the week
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.worktime import Intervals
from aftersales.kernel.worktime_form import (
    WEEKDAYS,
    BadHours,
    hours_as_written,
    read_day,
    read_intervals,
    without_breaks,
    write_hours,
    write_intervals,
)

_PARTS = frozenset({"zone", "week", "breaks", "follows", "make_up", "own"})
_OWN_PARTS = frozenset({"hours", "usual", "name"})


def resolved(settings: object, working: Mapping[dt.date, bool]) -> dict[str, Any]:
    """The opening hours, as `worktime_form` writes them, of these settings with this table of working days.

    Raises `BadHours` with the entry that is wrong. Whether they open often enough is for whoever can still change them.
    """
    if not isinstance(settings, Mapping):
        raise BadHours(_("Opening hours are an object with a zone and a week."), code="hours_not_an_object")
    if unknown := sorted(set(map(str, settings)) - _PARTS):
        raise BadHours(_("“%(name)s” is not a part of opening hours."), code="hours_unknown_part", name=unknown[0])
    plain = {name: settings[name] for name in ("zone", "week", "breaks") if name in settings}
    own = read_own(settings.get("own"))
    hours = hours_as_written(plain)
    usual = next((day for day in hours.week if day), ())
    make_up = _make_up_hours(settings) if settings.get("make_up") else usual
    days: dict[dt.date, Intervals] = {}
    for day, worked in working.items():
        if not worked:
            days[day] = ()
        elif day.weekday() >= 5 and not hours.week[day.weekday()]:
            days[day] = make_up
    for day, (intervals, is_usual, _name) in own.items():
        days[day] = usual if is_usual else intervals
    full = {**write_hours(hours), "days": {day.isoformat(): write_intervals(days[day]) for day in sorted(days)}}
    hours_as_written(full)  # too many days only now?
    return full


def read_own(written: object) -> dict[dt.date, tuple[Intervals, bool, str]]:
    """The shop's own days: hours, whether they are those of a usual day instead, and the name. Raises `BadHours`."""
    if written is None:
        return {}
    if not isinstance(written, Mapping):
        raise BadHours(_("The shop's own days are an object of dates."), code="hours_no_days", field="own")
    found = {}
    for name, entry in written.items():
        day = read_day(name)
        if not isinstance(entry, Mapping) or set(entry) - _OWN_PARTS or ("hours" in entry) == bool(entry.get("usual")):
            raise BadHours(
                _("%(where)s: say hours (an empty list for closed) or usual, and perhaps a name."),
                code="hours_no_own_day",
                where=str(name),
                field="own",
            )
        hours = read_intervals(entry.get("hours") or [], where=str(name))
        found[day] = (hours, bool(entry.get("usual")), str(entry.get("name") or "")[:60])
    return found


def _make_up_hours(settings: Mapping[str, Any]) -> Intervals:
    breaks = read_intervals(settings.get("breaks") or [], where="breaks")
    return without_breaks(read_intervals(settings["make_up"], where="make_up"), breaks)


def usual_week(spans: list[str], zone: str) -> dict[str, Any]:
    """Settings of a shop that works these hours from Monday to Friday."""
    return {"zone": zone, "week": {name: spans if index < 5 else [] for index, name in enumerate(WEEKDAYS)}}
