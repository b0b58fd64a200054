"""Hours for the tests of clocks: Monday to Friday 09:00-18:00 in Shanghai, and moments of one week in November 2026."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from aftersales.kernel.worktime import DAY, BusinessHours
from tickets.sla import Segment

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = 3600
_NINE_TO_SIX = ((9 * HOUR, 18 * HOUR),)
OFFICE = BusinessHours(ZONE, (*(_NINE_TO_SIX,) * 5, (), ()))
ALWAYS = BusinessHours(ZONE, (((0, DAY),),) * 7)
_WEEK = {name: 23 + index for index, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))}


def at(text: str) -> dt.datetime:
    """`at("Mon 09:30")`: that time in the week of 23 November 2026."""
    name, time = text.split()
    hour, minute = map(int, time.split(":"))
    return dt.datetime(2026, 11, _WEEK[name], hour, minute, tzinfo=ZONE)


def clock(*lines: str) -> list[Segment]:
    """`clock("running Mon 09:00", "paused Mon 09:30 customer")`."""
    found = []
    for line in lines:
        kind, day, time, *reason = line.split()
        found.append(Segment(kind, at(f"{day} {time}"), " ".join(reason)))
    return found
