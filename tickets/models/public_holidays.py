"""What the `holidays` data knows of a country's working days, as rows of the table. Called when a year is added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import holidays

from tickets.models.calendar import WorkingDay

_MAKE_UP = ("调休上班", "Make-up working day")
_IN_EXCHANGE = ("调休放假", "Day off for a worked weekend")


def known_to(country: str) -> bool:
    """Whether there is data for that country at all."""
    return country in holidays.list_supported_countries()


def days_of(country: str, year: int) -> Iterator[WorkingDay]:
    """The unsaved rows of a year: its holidays, and weekend days worked for them. Nothing for a country without data."""
    if not known_to(country):
        return
    first, official = _year(country, year, "en_US"), announced(country, year)
    chinese = _year(country, year, "zh_CN")
    for day in _all_days(year):
        worked = first.is_working_day(day)
        if day in first and (first.get(day) or "").startswith("Day off (substituted"):
            names = _IN_EXCHANGE
        elif day in first:
            names = (chinese.get(day) or "", first.get(day) or "")
        elif worked != (day.weekday() < 5):
            names = _MAKE_UP
        else:
            continue
        yield WorkingDay(
            country=country,
            day=day,
            is_working=worked,
            name_zh=names[0][:60],
            name_en=names[1][:60],
            official=official,
        )


def announced(country: str, year: int) -> bool:
    """Whether the year's notice is in the data. China announces each year which weekends are worked: a year without one is a
    forecast. Elsewhere holidays follow from the law and need no notice."""
    if country != "CN":
        return True
    return any(day.year == year for day in _year(country, year, "en_US").weekend_workdays)


def _year(country: str, year: int, language: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, years=year, language=language)
    except (AttributeError, LookupError, ValueError):  # the country's data is not told in that language
        return holidays.country_holidays(country, years=year)


def _all_days(year: int) -> Iterator[dt.date]:
    day = dt.date(year, 1, 1)
    while day.year == year:
        yield day
        day += dt.timedelta(days=1)
