"""The one clock. In production it is the database's, so that a worker whose own clock is wrong decides nothing early."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed_clock", default=None)


def now(told: dt.datetime | None = None) -> dt.datetime:
    """The present instant, aware, in UTC. Ask once per action and hand it down.

    Postgres answers with `clock_timestamp()`; SQLite lives in one machine with the process, so its clock is ours. `told` is
    what a statement of just now has said along (`Now()`): then the database is not asked once more.
    """
    if (fixed_at := _fixed.get()) is not None:
        return fixed_at
    if told is not None:
        return told
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
        return row[0].astimezone(dt.UTC)  # type: ignore[no-any-return]
    return timezone.now()


def when_written() -> dt.datetime | Now:
    """For a column that says when its row was written: the instant of that statement, which is not asked for before."""
    return fixed_at if (fixed_at := _fixed.get()) is not None else Now()


def is_fixed() -> bool:
    """Whether `fixed` holds the clock still."""
    return _fixed.get() is not None


def shop_zone() -> ZoneInfo:
    """The zone in which statutory days and opening hours are counted."""
    return ZoneInfo(settings.SHOP_TIME_ZONE)


def shop_date(instant: dt.datetime) -> dt.date:
    """The calendar day of an instant where the shop is."""
    return instant.astimezone(shop_zone()).date()


def start_of_shop_day(day: dt.date) -> dt.datetime:
    """00:00 of a day where the shop is, as an instant in UTC."""
    return dt.datetime.combine(day, dt.time.min, shop_zone()).astimezone(dt.UTC)


def end_of_shop_day(day: dt.date) -> dt.datetime:
    """24:00 of a day where the shop is, as an instant in UTC."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, shop_zone()).astimezone(dt.UTC)


@contextlib.contextmanager
def fixed(instant: dt.datetime) -> Iterator[None]:
    """Hold the clock still: in tests, and to give the sample shop a past. Never in a door, and never in production."""
    if timezone.is_naive(instant):
        raise ValueError("The clock takes aware datetimes only.")
    if settings.PRODUCTION:
        raise RuntimeError("The clock of a production shop is the database's and is not held still.")
    token = _fixed.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
