"""The target "on the same day": a time of the clock on the wall instead of a length."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

_DAY = 86_400


def same_day(start: dt.datetime, zone: ZoneInfo, *, until: int, then: int) -> dt.datetime:
    """24:00 of the day of `start`; from `until` on it is `then` of the next day (both in seconds after local midnight)."""
    local = start.astimezone(zone)
    midnight = dt.datetime.combine(local.date(), dt.time())
    passed = local.hour * 3600 + local.minute * 60 + local.second
    wall = midnight + dt.timedelta(seconds=_DAY if passed < until else _DAY + then)
    return wall.replace(tzinfo=zone).astimezone(dt.UTC)
