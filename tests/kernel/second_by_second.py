"""The oracle of business time: one boolean for every second of a stretch, made without the code it judges.

The wall clock is read minute by minute from the zone; an interval covers the seconds from the first at which that clock shows its
opening, or more, to the first at which it shows its closing, or more. Everything else is counting. `bench/clocks.py` uses it too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import numpy as np

Hours = Iterable[tuple[int, int]]
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DAY = 86_400


class Seconds:
    """Which seconds are worked from `first` for `days` days, both in UTC; questions must stay inside."""

    def __init__(
        self, zone: ZoneInfo, week: tuple[Hours, ...], own: Mapping[dt.date, Hours], first: dt.date, days: int
    ) -> None:
        self.start = int((dt.datetime.combine(first, dt.time(), dt.UTC) - EPOCH).total_seconds())
        minutes = [EPOCH + dt.timedelta(seconds=self.start + 60 * n) for n in range(days * 1440)]
        shown = np.array([_wall_seconds(moment.astimezone(zone)) for moment in minutes], dtype=np.int64)
        wall = (shown[:, None] + np.arange(60)).ravel()
        highest = np.maximum.accumulate(wall)
        self.mask = np.zeros(days * DAY, dtype=bool)
        for number in range(-4, days + 4):
            day = first + dt.timedelta(days=number)
            midnight = (day - EPOCH.date()).days * DAY
            for opens, closes in own.get(day, week[day.weekday()]):
                begin, end = np.searchsorted(highest, [midnight + opens, midnight + closes])
                self.mask[begin:end] = True
        self.passed = np.concatenate([np.zeros(1, np.int32), np.cumsum(self.mask, dtype=np.int32)])

    def between(self, start: dt.datetime, end: dt.datetime) -> int:
        return int(self.passed[self._at(end)] - self.passed[self._at(start)])

    def is_open(self, moment: dt.datetime) -> bool:
        return bool(self.mask[self._at(moment)])

    def add(self, start: dt.datetime, seconds: int) -> dt.datetime | None:
        """The first moment with so many seconds worked since, or None where the stretch ends before."""
        wanted = self.passed[self._at(start)] + seconds
        found = int(np.searchsorted(self.passed, wanted, side="left"))
        return None if found >= len(self.passed) else EPOCH + dt.timedelta(seconds=self.start + found)

    def subtract(self, start: dt.datetime, seconds: int) -> dt.datetime | None:
        wanted = self.passed[self._at(start)] - seconds
        if wanted < 0:
            return None
        found = int(np.searchsorted(self.passed, wanted, side="right")) - 1
        return EPOCH + dt.timedelta(seconds=self.start + found)

    def next_open(self, moment: dt.datetime) -> dt.datetime | None:
        later = np.flatnonzero(self.mask[self._at(moment) :])
        return moment.replace(microsecond=0) + dt.timedelta(seconds=int(later[0])) if later.size else None

    def _at(self, moment: dt.datetime) -> int:
        return int((moment - EPOCH) // dt.timedelta(seconds=1)) - self.start


def _wall_seconds(local: dt.datetime) -> int:
    return (local.date() - EPOCH.date()).days * DAY + local.hour * 3600 + local.minute * 60 + local.second
