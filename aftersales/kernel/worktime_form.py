"""Opening hours as people and files write them: `09:00-12:00`, `22:00-06:00+1`; the way in refuses with a sentence.

    {"zone": "Asia/Shanghai",
     "week": {"mon": ["09:00-18:00"], …, "sun": []},
     "breaks": ["12:00-13:00"],                      lunch: cut out of every day of the week and its night, optional
     "days": {"2026-02-17": [], "2026-12-24": ["09:00-12:00"]}}

A date in `days` has exactly the hours written there, without the breaks. `+1` says that a time is on the next day; what follows
the break of a night is `03:00+1-06:00+1` of the day on which the night began.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput
from aftersales.kernel.worktime import DAY, FIRST, LAST, BusinessHours, Interval, Intervals, NeverOpen

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_DAYS = 4000  # dates that differ: ten years of them
_TIME = r"(次日)?\s*(\d{1,2}):(\d\d)\s*(\+1)?"
_SPAN = re.compile(rf"{_TIME}\s*[-–—~～至]\s*{_TIME}")


class BadHours(BadInput):
    """Opening hours that nobody could keep."""

    code = "bad_hours"


def read_hours(data: object) -> BusinessHours:
    """Opening hours from their JSON form. Raises `BadHours`, with the sentence that says which entry is wrong and why."""
    hours = hours_as_written(data)
    _must_open(hours)
    return hours


def hours_as_written(data: object) -> BusinessHours:
    """The same, however seldom they open: of hours that were saved that was asked before, and nobody is there to be told."""
    if not isinstance(data, Mapping):
        raise BadHours(_("Opening hours are an object with a zone and a week."), code="hours_not_an_object")
    if unknown := sorted(set(map(str, data)) - {"zone", "week", "breaks", "days"}):
        raise BadHours(_("“%(name)s” is not a part of opening hours."), code="hours_unknown_part", name=unknown[0])
    zone = read_zone(data.get("zone"))
    breaks = read_intervals(data.get("breaks") or [], where="breaks")
    week = _read_week(data.get("week"), breaks)
    days = _read_days({} if data.get("days") is None else data["days"])
    _no_night_into_day(week)
    return BusinessHours(zone, week, days)


def write_hours(hours: BusinessHours) -> dict[str, Any]:
    """The JSON form; reading it gives equal hours."""
    return {
        "zone": hours.zone.key,
        "week": {name: write_intervals(day) for name, day in zip(WEEKDAYS, hours.week, strict=True)},
        "days": {day.isoformat(): write_intervals(hours.days[day]) for day in sorted(hours.days)},
    }


def read_zone(name: object) -> ZoneInfo:
    """A zone by its IANA name. Raises `BadHours`."""
    try:
        return ZoneInfo(name if isinstance(name, str) else "")
    except (KeyError, ValueError, OSError) as no:  # unknown, a path, a folder of zones
        raise BadHours(
            _("“%(name)s” is no known time zone; write one such as Asia/Shanghai."),
            code="hours_no_zone",
            field="zone",
            name=str(name)[:40],
        ) from no


def read_intervals(written: object, *, where: str) -> Intervals:
    """One day's hours in order. `where` (a weekday, a date, `breaks`) goes into the sentence. Raises `BadHours`."""
    if isinstance(written, str) or not isinstance(written, Iterable):
        raise BadHours(
            _("%(where)s: write a list of spans such as 09:00-12:00."),
            code="hours_not_a_list",
            where=where,
            field=where,
        )
    found = sorted(read_interval(span, where=where) for span in written)
    for one, two in pairwise(found):
        if two[0] < one[1]:
            raise BadHours(
                _("%(where)s: %(one)s and %(two)s overlap. Join them or move one."),
                code="hours_overlap",
                where=where,
                field=where,
                one=write_interval(one),
                two=write_interval(two),
            )
    return tuple(found)


def read_interval(written: object, *, where: str) -> Interval:
    """One span, such as `09:00-12:00` or, over midnight, `22:00-06:00+1`. Raises `BadHours`."""
    match = _SPAN.fullmatch(str(written).strip().replace("：", ":"))
    said: dict[str, Any] = {"where": where, "field": where, "span": str(written)[:40]}
    if match is None:
        raise BadHours(_("%(where)s: “%(span)s” is no span. Write 09:00-12:00."), code="hours_no_span", **said)
    opens_next, open_hour, open_minute, open_plus, closes_next, close_hour, close_minute, close_plus = match.groups()
    if int(open_minute) > 59 or int(close_minute) > 59:
        raise BadHours(_("%(where)s: “%(span)s” has more than 59 minutes."), code="hours_no_time", **said)
    opens, closes = (int(open_hour) * 60 + int(open_minute)) * 60, (int(close_hour) * 60 + int(close_minute)) * 60
    if closes > DAY or opens >= DAY:
        raise BadHours(
            _("%(where)s: “%(span)s” goes beyond 24:00. Over midnight write 22:00-06:00+1."),
            code="hours_no_time",
            **said,
        )
    opens += DAY if opens_next or open_plus else 0
    closes += DAY if closes_next or close_plus else 0
    if closes - opens > DAY:
        raise BadHours(_("%(where)s: “%(span)s” is longer than a day."), code="hours_too_long", **said)
    if closes <= opens:
        raise BadHours(
            _("%(where)s: “%(span)s” closes before it opens. Over midnight write 22:00-06:00+1."),
            code="hours_backwards",
            **said,
        )
    return opens, closes


def write_intervals(day: Intervals) -> list[str]:
    return [write_interval(interval) for interval in day]


def write_interval(interval: Interval) -> str:
    opens, closes = interval
    return f"{_clock(opens, opens >= DAY)}-{_clock(closes, closes > DAY)}"


def without_breaks(day: Intervals, breaks: Intervals) -> Intervals:
    """The day's hours with the breaks cut out: those of the evening before and of the next day, too, where they reach into it."""
    left = list(day)
    for begins, ends in [(begins + shift, ends + shift) for begins, ends in breaks for shift in (-DAY, 0, DAY)]:
        left = [
            part
            for opens, closes in left
            for part in ((opens, min(closes, begins)), (max(opens, ends), closes))
            if part[0] < part[1]
        ]
    return tuple(left)


def _read_week(written: object, breaks: Intervals) -> tuple[Intervals, ...]:
    if not isinstance(written, Mapping):
        raise BadHours(_("The week is an object with the days mon to sun."), code="hours_no_week", field="week")
    if unknown := sorted(set(map(str, written)) - set(WEEKDAYS)):
        raise BadHours(
            _("“%(name)s” is no day of the week; write mon to sun."),
            code="hours_no_weekday",
            field="week",
            name=unknown[0],
        )
    return tuple(without_breaks(read_intervals(written.get(name) or [], where=name), breaks) for name in WEEKDAYS)


def _read_days(written: object) -> dict[dt.date, Intervals]:
    if not isinstance(written, Mapping) or len(written) > MOST_DAYS:
        raise BadHours(
            _("Days that differ are an object of at most %(most)s dates."),
            code="hours_no_days",
            field="days",
            most=MOST_DAYS,
        )
    return {read_day(name): read_intervals(spans, where=str(name)) for name, spans in written.items()}


def read_day(name: object) -> dt.date:
    """A date written as 2026-02-17. Raises `BadHours`."""
    try:
        day = dt.date.fromisoformat(str(name))
    except ValueError:
        day = None
    if day is None or not FIRST <= day <= LAST:
        raise BadHours(
            _("“%(name)s” is no date; write 2026-02-17."), code="hours_no_date", field="days", name=str(name)[:40]
        ) from None
    return day


def _no_night_into_day(week: tuple[Intervals, ...]) -> None:
    """A night shift of the week must end before the next day opens. Where a single date differs, the hours are joined."""
    for number, day in enumerate(week):
        tomorrow = week[(number + 1) % 7]
        for one, two in product(day, tomorrow):
            if two[0] < one[1] - DAY and one[0] - DAY < two[1]:
                raise BadHours(
                    _("%(where)s: %(one)s and %(two)s overlap. Join them or move one."),
                    code="hours_overlap",
                    where=WEEKDAYS[(number + 1) % 7],
                    field=WEEKDAYS[(number + 1) % 7],
                    one=write_interval(one),
                    two=write_interval(two),
                )


def _must_open(hours: BusinessHours) -> None:
    """A calendar without a single open hour in two years would give no deadline to anybody. One that opens only on some dates
    may begin late and end: it is made for them."""
    if not any(hours.week) and not any(hours.days.values()):
        raise BadHours(
            _("There is not one open hour. Open the calendar on some day."), code="hours_never", field="week"
        )
    if (day := hours.closed_too_long_from()) is not None:
        raise BadHours(NeverOpen.sentence, code="hours_never", field="days", day=day.isoformat())


def _clock(seconds: int, is_tomorrow: bool) -> str:
    seconds -= DAY if is_tomorrow else 0
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}{'+1' if is_tomorrow else ''}"
