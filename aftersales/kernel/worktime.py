"""Business time: how many seconds of opening hours lie between two moments, and when so many will have passed.

Pure: no database, no clock of its own. `BusinessHours` is what a version of a work calendar means (`tickets/models/calendar.py`);
the clocks of service levels count in it. Written and read as JSON by `worktime_form.py`. In prose: docs/worktime.md.

One definition carries everything, summer time included: an interval opens and closes **at the first moment at which the
clock on the wall shows that time or a later one**. A time that the clock skips in spring is the moment of the skip, a time it
shows twice in autumn is the first of the two; nothing is counted twice and nothing is lost.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import BadInput, Conflict

DAY = 86_400
LONGEST_CLOSURE = 731 * DAY  # two years, one of them a leap year
LONGEST_SPAN = 10 * 366 * DAY  # the longest target anybody may ask for, in business seconds
FIRST, LAST = dt.date(1970, 1, 1), dt.date(2199, 12, 31)
_BLOCK = 400  # days by which a table grows at a time
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_EPOCH_DAY = _EPOCH.date().toordinal()
_START, _END = 0, (LAST.toordinal() - _EPOCH_DAY + 1) * DAY

Interval = tuple[int, int]  # opening and closing in seconds after local midnight; from 86 400 on, on the next day
Intervals = tuple[Interval, ...]


class NeverOpen(Conflict):
    """The calendar has no open hour within two years of where it would be needed."""

    code = "never_open"
    sentence = _(
        "This calendar stays closed for more than two years from %(day)s. Give it opening hours and try again."
    )


class OutOfReach(BadInput):
    """A moment or a length that no calendar is made for."""

    code = "out_of_reach"
    sentence = _("Business time is counted from 1970 to 2199, and at most ten years at once.")


@dataclass(frozen=True)
class BusinessHours:
    """Opening hours of a week in `zone`, and the dates that differ from it (closures, partial days, make-up days).

    `week` holds Monday to Sunday. An interval belongs to the day it stands under: closing the next date does not cut short a
    night shift that began before it, nor what follows its break. Moments are aware; fractions of a second are dropped, so that
    sums come out even.
    """

    zone: ZoneInfo
    week: tuple[Intervals, ...]
    days: Mapping[dt.date, Intervals] = field(default_factory=dict)
    _kept: list[_Table] = field(default_factory=list, init=False, repr=False, compare=False, hash=False)

    def on(self, day: dt.date) -> Intervals:
        """The intervals of that local date."""
        found = self.days.get(day)
        return self.week[day.weekday()] if found is None else found

    @property
    def never_close(self) -> bool:
        """Whether every day is open from midnight to midnight, so that a day of them is one of the calendar."""
        return all(each == ((0, DAY),) for each in (*self.week, *self.days.values()))

    def closed_too_long_from(self) -> dt.date | None:
        """The first day of the first closure of more than two years between two days that open; None where there is none."""
        for last, following in pairwise(self._open_days()):
            # Counted in days it may be; their hours say whether it is.
            if (following - last).days >= LONGEST_CLOSURE // DAY:
                around = _Table.of(self, last.toordinal() - _EPOCH_DAY, following.toordinal() - _EPOCH_DAY + 1)
                if around.after_long_closure:
                    return last + dt.timedelta(days=1)
        return None

    def _open_days(self) -> Iterator[dt.date]:
        """Those from a week before the first day that differs to a week after the last: no closure reaches beyond them."""
        if self.days:
            for number in range(min(self.days).toordinal() - 7, max(self.days).toordinal() + 8):
                if self.on(day := dt.date.fromordinal(number)):
                    yield day

    def between(self, start: dt.datetime, end: dt.datetime) -> int:
        """Business seconds from `start` to `end`; negative when `end` comes first. Raises `OutOfReach`."""
        first, last = _second(start), _second(end)
        table = self._reaching(min(first, last), max(first, last))
        return table.passed(last) - table.passed(first)

    def add(self, start: dt.datetime, seconds: int) -> dt.datetime:
        """The earliest moment (UTC) at which so many business seconds have passed since `start`.

        Negative seconds count back, to the latest moment from which so many lead up to `start`. Zero is `start` itself.
        Raises `NeverOpen` where more than two years without an open hour lie between, `OutOfReach` beyond ten years.
        """
        at = _second(start)
        if not seconds:
            return _moment(at)
        if abs(seconds) > LONGEST_SPAN:
            raise OutOfReach(field="seconds")
        return _moment(self._later(at, seconds) if seconds > 0 else self._earlier(at, -seconds))

    def next_open(self, moment: dt.datetime) -> dt.datetime:
        """`moment` itself where it is open, else the next opening (UTC). Raises `NeverOpen` and `OutOfReach`."""
        at = _second(moment)
        # One more second is worked in the second that follows the opening.
        return _moment(self._later(at, 1) - 1)

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether that second is worked. A closing time is no longer open."""
        at = _second(moment)
        table = self._reaching(at, at)
        index = bisect_right(table.opens, at) - 1
        return index >= 0 and at < table.closes[index]

    def _later(self, at: int, seconds: int) -> int:
        table = self._reaching(at, at + seconds)
        while True:
            wanted = table.passed(at) + seconds
            found = bisect_left(table.before, wanted) - 1
            reached = table.opens[found] + wanted - table.before[found] if found >= 0 else table.until
            if reached < table.until and reached <= table.closes[found]:
                self._no_long_closure(at, table.first_after(at), found, table)
                return reached
            quiet_since = max(at, table.closes[-1]) if table.opens else at
            if table.until - quiet_since > LONGEST_CLOSURE:
                raise self._never(quiet_since)
            if table.until == _END:
                raise OutOfReach
            table = self._reaching(table.since, min(2 * table.until - table.since, _END - 1))

    def _earlier(self, at: int, seconds: int) -> int:
        table = self._reaching(at - seconds, at)
        while True:
            wanted = table.passed(at) - seconds
            found = bisect_right(table.before, wanted) - 1
            reached = table.opens[found] + wanted - table.before[found] if found >= 0 else table.since - 1
            if reached >= table.since:
                self._no_long_closure(at, found, table.last_before(at), table)
                return reached
            quiet_until = min(at, table.opens[0]) if table.opens else at
            if quiet_until - table.since > LONGEST_CLOSURE:
                raise self._never(quiet_until)
            if table.since == _START:
                raise OutOfReach
            table = self._reaching(max(2 * table.since - table.until, _START), table.until - 1)

    def _no_long_closure(self, at: int, first: int, last: int, table: _Table) -> None:
        """Raises `NeverOpen` where a closure of more than two years lies between `at` and where the counting ends."""
        edge = max(table.opens[first] - at, at - table.closes[last])
        if edge > LONGEST_CLOSURE or any(first < index <= last for index in table.after_long_closure):
            raise self._never(at)

    def _never(self, at: int) -> NeverOpen:
        return NeverOpen(day=_moment(at).astimezone(self.zone).date().isoformat())

    def _reaching(self, first: int, last: int) -> _Table:
        """The table of worked intervals, grown where it does not reach both seconds. A table is replaced, never changed: two
        threads that grow it at once do the work twice and come to the same."""
        kept = self._kept[0] if self._kept else None
        if kept and kept.since <= first and last < kept.until:
            return kept
        if not _START <= first <= last < _END:
            raise OutOfReach
        since, until = (kept.since, kept.until) if kept else (first, last)
        since = since if since <= first and kept else first - _BLOCK // 4 * DAY
        until = until if last < until else last + _BLOCK * DAY
        grown = _Table.of(self, max(since, _START) // DAY, min(until, _END - 1) // DAY + 1)
        self._kept[:] = [grown]
        return grown


@dataclass(frozen=True)
class _Table:
    """Worked intervals as seconds since 1970 (UTC), disjoint and in order, and the seconds worked before each opens."""

    since: int
    until: int
    opens: list[int]
    closes: list[int]
    before: list[int]
    after_long_closure: list[int]  # the intervals before which nothing opened for more than two years

    @classmethod
    def of(cls, hours: BusinessHours, first_day: int, end_day: int) -> _Table:
        """The table that answers for these days of UTC. Days beyond them are looked at too: a night shift or the zone may
        carry their hours in."""
        opens: list[int] = []
        closes: list[int] = []
        # The rest of a night after its break comes later than what the next date opens with before it.
        for opened, closed in sorted(_instants(hours, first_day - 2, end_day + 2)):
            if opens and opened <= closes[-1]:  # a night shift that runs into the next day's hours
                closes[-1] = max(closes[-1], closed)
            else:
                opens.append(opened)
                closes.append(closed)
        before, total, after_long_closure = [], 0, []
        for index, (opened, closed) in enumerate(zip(opens, closes, strict=True)):
            before.append(total)
            total += closed - opened
            if index and opened - closes[index - 1] > LONGEST_CLOSURE:
                after_long_closure.append(index)
        return cls(first_day * DAY, end_day * DAY, opens, closes, before, after_long_closure)

    def passed(self, at: int) -> int:
        """Seconds worked in this table before that second."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.closes[index]) - self.opens[index]

    def first_after(self, at: int) -> int:
        """The interval that `at` is in, or the next one."""
        return bisect_right(self.closes, at)

    def last_before(self, at: int) -> int:
        """The interval that ends at or leads up to `at`, or the one before."""
        return bisect_left(self.opens, at) - 1


def _instants(hours: BusinessHours, first_day: int, end_day: int) -> Iterator[Interval]:
    for number in range(first_day, end_day):
        day = dt.date.fromordinal(_EPOCH_DAY + number)
        for opens, closes in hours.on(day):
            opened, closed = _shown(day, opens, hours.zone), _shown(day, closes, hours.zone)
            if opened < closed:  # an interval that the clock skips altogether has no length
                yield opened, closed


def _shown(day: dt.date, seconds: int, zone: ZoneInfo) -> int:
    """The first second since 1970 at which the zone's clock shows that many seconds after midnight of `day`, or more."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)
    earlier = wall.replace(tzinfo=zone)  # fold 0: the first of two, or the offset before a skip
    at = _second(earlier)
    if earlier.utcoffset() == wall.replace(tzinfo=zone, fold=1).utcoffset() or _wall(at, zone) == wall:
        return at
    low, high = _second(wall.replace(tzinfo=zone, fold=1)), at  # a skipped time: the skip lies between its two readings
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _wall(middle, zone) >= wall else (middle, high)
    return high


def _wall(at: int, zone: ZoneInfo) -> dt.datetime:
    return _moment(at).astimezone(zone).replace(tzinfo=None)


def _second(moment: dt.datetime) -> int:
    passed = moment - _EPOCH
    return passed.days * DAY + passed.seconds


def _moment(at: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(seconds=at)
