"""A month as rows of seven days, for both pages of days; and the month an address asks for."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import pgettext

from aftersales.kernel.worktime import DAY, FIRST, LAST, Intervals


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the grid: its lines of text, a badge, and whether it belongs to the month shown."""

    day: dt.date
    lines: list[str]
    tag: str
    tone: str  # of the badge: "" none, accent the shop's own, warn provisional, info from the table
    is_open: bool
    inside: bool
    today: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: dt.date
    weeks: list[list[Cell]]

    @property
    def before(self) -> str:
        return f"{self.first - dt.timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.first + dt.timedelta(days=32):%Y-%m}"

    @property
    def here(self) -> str:
        return f"{self.first:%Y-%m}"


def asked(query: QueryDict, today: dt.date) -> tuple[dt.date, dt.date | None]:
    """The first of the month and the chosen day of an address; what cannot be read is today's month and no day."""
    day = _date(query.get("day", ""))
    month = _date(f"{query.get('month', '')}-01") or day or today
    return month.replace(day=1), day


def month_of(
    first: dt.date, today: dt.date, chosen: dt.date | None, told: Callable[[dt.date], tuple[list[str], str, str, bool]]
) -> Month:
    """The weeks of a month, Monday first. `told` gives lines, badge, its tone and whether the day is open."""
    weeks = []
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        cells = []
        for day in week:
            lines, tag, tone, is_open = told(day)
            cells.append(Cell(day, lines, tag, tone, is_open, day.month == first.month, day == today, day == chosen))
        weeks.append(cells)
    return Month(first, weeks)


def spans(hours: Intervals) -> list[str]:
    """`09:00–12:00`, over midnight `22:00–06:00 next day`, and after it `next day 03:00–06:00`, in the reader's language."""
    return [_span(opens, closes) for opens, closes in hours] or [pgettext("hours", "closed")]


def _span(opens: int, closes: int) -> str:
    if closes <= DAY:
        return f"{_time(opens)}–{_time(closes)}"
    if opens >= DAY:
        said = pgettext("hours after midnight", "next day %(opens)s–%(closes)s")
        return said % {"opens": _time(opens - DAY), "closes": _time(closes - DAY)}
    said = pgettext("hours over midnight", "%(opens)s–%(closes)s next day")
    return said % {"opens": _time(opens), "closes": _time(closes - DAY)}


def _time(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _date(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST + dt.timedelta(days=40) < day < LAST - dt.timedelta(days=40) else None
