"""Instants as people say them: exact, relative, as a deadline. Called by the template tags and by the texts of notices.

Everything is said in the shop's time zone, because that is where its promises and statutory days are counted.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy

from aftersales.kernel.clock import shop_zone

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds
_WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
_MONTHS = (
    pgettext_lazy("month", "Jan"),
    pgettext_lazy("month", "Feb"),
    pgettext_lazy("month", "Mar"),
    pgettext_lazy("month", "Apr"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "Jun"),
    pgettext_lazy("month", "Jul"),
    pgettext_lazy("month", "Aug"),
    pgettext_lazy("month", "Sep"),
    pgettext_lazy("month", "Oct"),
    pgettext_lazy("month", "Nov"),
    pgettext_lazy("month", "Dec"),
)


def exact(instant: dt.datetime, now: dt.datetime) -> str:
    """`11月27日 周五 18:00` / `Fri 27 Nov, 18:00`; with the year where it is not the present one."""
    zone = shop_zone()
    local = instant.astimezone(zone)
    return _exact(local.date(), local.year == now.astimezone(zone).year, get_language()) % f"{local:%H:%M}"


@lru_cache(maxsize=2_048)  # a page says twenty instants of the same few days
def _exact(date: dt.date, is_this_year: bool, language: str | None) -> str:
    """With a place for the time."""
    return pgettext("exact time", "%(date)s, %(time)s") % {"date": _day(date, is_this_year, language), "time": "%s"}


def day(date: dt.date, now: dt.datetime) -> str:
    """`11月27日 周五` / `Fri 27 Nov`; with the year where it is not the present one."""
    return _day(date, date.year == now.astimezone(shop_zone()).year, get_language())


@lru_cache(maxsize=2_048)  # a list says the same few days again and again
def _day(date: dt.date, is_this_year: bool, _language: str | None) -> str:
    parts = {
        "weekday": _WEEKDAYS[date.weekday()],
        "day": date.day,
        "month": _MONTHS[date.month - 1],
        "year": date.year,
    }
    if is_this_year:
        return pgettext("date", "%(weekday)s %(day)s %(month)s") % parts
    return pgettext("date with year", "%(weekday)s %(day)s %(month)s %(year)s") % parts


def ending(instant: dt.datetime, now: dt.datetime) -> str:
    """As `exact`, of what ends then: midnight belongs to the day that ends, `Fri 27 Nov, 24:00`."""
    date, time = _end(instant)
    return _exact(date, date.year == now.astimezone(shop_zone()).year, get_language()) % time


def deadline(instant: dt.datetime, now: dt.datetime) -> str:
    """`11月27日 周五 24:00 前` / `before Fri 27 Nov, 24:00`. Midnight belongs to the day that ends, as the law counts."""
    date, time = _end(instant)
    return pgettext("deadline", "before %(date)s, %(time)s") % {"date": day(date, now), "time": time}


def _end(instant: dt.datetime) -> tuple[dt.date, str]:
    local = instant.astimezone(shop_zone())
    if (local.hour, local.minute) == (0, 0):
        return local.date() - dt.timedelta(days=1), "24:00"
    return local.date(), f"{local:%H:%M}"


def relative(instant: dt.datetime, now: dt.datetime) -> str:
    """`3 小时前` / `3 hours ago`, `in 2 days`; a week away or more it is the date itself."""
    seconds = round((instant - now).total_seconds())
    away = abs(seconds)
    if away < MINUTE:
        return gettext("just now") if seconds <= 0 else gettext("in a moment")
    if away >= 7 * DAY:
        return day(instant.astimezone(shop_zone()).date(), now)
    if away < HOUR:
        count = away // MINUTE
        past, ahead = (
            ngettext("%d minute ago", "%d minutes ago", count),
            ngettext("in %d minute", "in %d minutes", count),
        )
    elif away < DAY:
        count = away // HOUR
        past, ahead = ngettext("%d hour ago", "%d hours ago", count), ngettext("in %d hour", "in %d hours", count)
    else:
        count = away // DAY
        past, ahead = ngettext("%d day ago", "%d days ago", count), ngettext("in %d day", "in %d days", count)
    return (past if seconds <= 0 else ahead) % count


def span(seconds: float, *, in_days: bool = True, least: int = 1) -> str:
    """A length of time in at most two units, short enough for a chip: `2 d 3 h`, `45 min`. Rounded down, but to `least` minutes.

    Without `in_days` as of opening hours, of which no day has 24: `27 h`.
    """
    whole = max(0, int(seconds))
    days = whole // DAY if in_days else 0
    hours, minutes = (whole - days * DAY) // HOUR, whole % HOUR // MINUTE
    if days:
        units = [gettext("%d d") % days] + ([gettext("%d h") % hours] if hours else [])
    elif hours:
        units = [gettext("%d h") % hours] + ([gettext("%d min") % minutes] if minutes else [])
    else:
        units = [gettext("%d min") % max(least, minutes)]
    return " ".join(units)
