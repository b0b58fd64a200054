"""Which days are working days, with Chinese make-up days: a thin door to the `holidays` data."""

from __future__ import annotations

import datetime as dt
from functools import cache

import holidays

_LONGEST = 30  # no break is longer; a calendar that says so is broken


@cache
def _calendar(country: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:  # a country without data: weekends only
        return holidays.HolidayBase()


def is_workday(day: dt.date, country: str = "CN") -> bool:
    """Whether people work on that day. A Sunday worked to make up for a holiday counts as a working day."""
    return bool(_calendar(country).is_working_day(day))


def shift_to_workday(day: dt.date, country: str = "CN") -> int:
    """By how many days a period that ends on `day` runs on (Civil Code 203: to the day after the rest, weekends too; why, in
    docs/returns.md)."""
    for shift in range(_LONGEST + 1):
        if is_workday(day + dt.timedelta(days=shift), country):
            return shift
    raise ValueError(f"No working day within {_LONGEST} days after {day}.")
