"""Which days are working days for a period of the law, with Chinese make-up days.

The table of working days that managers keep (`tickets/models/calendar.py`) is handed in as `table`; a year that it does not
know is answered by the `holidays` data. A shop's own closures are in neither: they move no period of the law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

import holidays

LONGEST_REST = 30  # days in a row; a table with more of them is refused


@cache
def _calendar(country: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:  # a country without data: weekends only
        return holidays.HolidayBase()


def is_workday(day: dt.date, country: str = "CN", table: Mapping[dt.date, bool] | None = None) -> bool:
    """Whether people work on that day. A Sunday worked to make up for a holiday counts as a working day.

    `table` holds the days that differ from Monday to Friday, for whole years.
    """
    if table:
        if day in table:
            return table[day]
        if any(known.year == day.year for known in table):
            return day.weekday() < 5
    return bool(_calendar(country).is_working_day(day))


def shift_to_workday(day: dt.date, country: str = "CN", table: Mapping[dt.date, bool] | None = None) -> int:
    """By how many days a period that ends on `day` runs on (Civil Code 203: to the day after the rest, weekends too; why, in
    docs/returns.md)."""
    for shift in range(LONGEST_REST + 1):
        if is_workday(day + dt.timedelta(days=shift), country, table):
            return shift
    raise ValueError(f"No working day within {LONGEST_REST} days after {day}.")
