"""Business time against an oracle that looks at every second, over summer time, night shifts, lunches and closures."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftersales.kernel.worktime import DAY, LONGEST_SPAN, BusinessHours, NeverOpen, OutOfReach
from tests.kernel.second_by_second import Seconds

H = 3600
NINE_TO_SIX = ((9 * H, 18 * H),)
WITH_LUNCH = ((9 * H, 12 * H), (13 * H, 18 * H))
ROUND_THE_CLOCK = ((0, DAY),)
NIGHT = ((22 * H, 30 * H),)
SMALL_HOURS = ((5400, 9000), (9900, 12600))  # 01:30-02:30 and 02:45-03:30, where clocks are put forward and back
CLOSED: tuple[tuple[int, int], ...] = ()


def shop(**changes: Any) -> BusinessHours:
    week = changes.pop("week", (NINE_TO_SIX,) * 5 + (CLOSED,) * 2)
    return BusinessHours(ZoneInfo(changes.pop("zone", "Asia/Shanghai")), week, changes.pop("days", {}))


def at(text: str, zone: str = "Asia/Shanghai") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


# Stretches of 24 days around a change of the clocks, a festival, and an island that skipped a whole day.
STRETCHES = {
    "Asia/Shanghai": dt.date(2026, 2, 8),
    "Europe/Berlin": dt.date(2026, 3, 18),
    "America/New_York": dt.date(2026, 10, 22),
    "Australia/Lord_Howe": dt.date(2026, 3, 25),
    "America/Havana": dt.date(2026, 10, 22),
    "Pacific/Apia": dt.date(2011, 12, 18),
    "Africa/Cairo": dt.date(2026, 4, 14),
}
WEEKS = {
    "with lunch": (WITH_LUNCH,) * 5 + (((10 * H, 16 * H),), CLOSED),
    "nights": (NIGHT,) * 6 + (CLOSED,),
    "nights with a break": (((22 * H, 26 * H), (27 * H, 30 * H)),) * 6 + (CLOSED,),
    "always": (ROUND_THE_CLOCK,) * 7,
    "small hours": (SMALL_HOURS,) * 7,
}
OWN = {
    3: CLOSED,
    4: ((0, H),),  # within the break of the night before
    6: ((10 * H, 11 * H),),
    7: NIGHT,
    8: CLOSED,
    9: CLOSED,
    11: ((20 * H, 44 * H),),
    12: ((6 * H, 9 * H),),
}


@cache
def both(zone: str, week: str) -> tuple[BusinessHours, Seconds]:
    first = STRETCHES[zone]
    days = {first + dt.timedelta(days=number): hours for number, hours in OWN.items()}
    hours = BusinessHours(ZoneInfo(zone), WEEKS[week], days)
    return hours, Seconds(ZoneInfo(zone), WEEKS[week], days, first, 24)


moments = st.integers(0, 24 * DAY - 1)
calendars = st.tuples(st.sampled_from(sorted(STRETCHES)), st.sampled_from(sorted(WEEKS)))


@settings(max_examples=400)
@given(calendar=calendars, one=moments, other=moments, seconds=st.integers(1, 3 * DAY))
def test_every_answer_is_that_of_counting_seconds(
    calendar: tuple[str, str], one: int, other: int, seconds: int
) -> None:
    hours, oracle = both(*calendar)
    midnight = dt.datetime.combine(STRETCHES[calendar[0]], dt.time(), dt.UTC)
    start, end = midnight + dt.timedelta(seconds=one), midnight + dt.timedelta(seconds=other)
    assert hours.between(start, end) == oracle.between(start, end)
    assert hours.is_open(start) == oracle.is_open(start)
    for mine, expected in (
        (lambda: hours.add(start, seconds), oracle.add(start, seconds)),
        (lambda: hours.add(start, -seconds), oracle.subtract(start, seconds)),
        (lambda: hours.next_open(start), oracle.next_open(start)),
    ):
        if expected is not None:
            assert mine() == expected


@pytest.mark.parametrize("zone", sorted(STRETCHES))
@pytest.mark.parametrize("week", sorted(WEEKS))
def test_every_hour_of_a_stretch_is_counted_alike(zone: str, week: str) -> None:
    hours, oracle = both(zone, week)
    midnight = dt.datetime.combine(STRETCHES[zone], dt.time(), dt.UTC)
    marks = [midnight + dt.timedelta(minutes=15 * n) for n in range(24 * 96)]
    assert [hours.between(midnight, mark) for mark in marks] == [oracle.between(midnight, mark) for mark in marks]


@settings(max_examples=300)
@given(calendar=calendars, start=moments, seconds=st.integers(1, 40 * DAY), more=st.integers(1, 10 * DAY))
def test_adding_is_the_inverse_of_measuring(calendar: tuple[str, str], start: int, seconds: int, more: int) -> None:
    hours, _ = both(*calendar)
    first = dt.datetime.combine(STRETCHES[calendar[0]], dt.time(), dt.UTC) + dt.timedelta(seconds=start)
    due = hours.add(first, seconds)
    assert hours.between(first, due) == seconds
    assert hours.between(first, due - dt.timedelta(seconds=1)) == seconds - 1, "never later than needed"
    assert hours.add(due, more) == hours.add(first, seconds + more), "in two steps or in one"
    back = hours.add(due, -seconds)
    assert first <= back
    assert hours.between(back, due) == seconds


@settings(max_examples=300)
@given(calendar=calendars, marks=st.lists(moments, min_size=3, max_size=3))
def test_measuring_is_additive_and_never_runs_backwards(calendar: tuple[str, str], marks: list[int]) -> None:
    hours, _ = both(*calendar)
    midnight = dt.datetime.combine(STRETCHES[calendar[0]], dt.time(), dt.UTC)
    a, b, c = (midnight + dt.timedelta(seconds=mark) for mark in sorted(marks))
    assert hours.between(a, b) + hours.between(b, c) == hours.between(a, c)
    assert 0 <= hours.between(a, b) <= (b - a).total_seconds()
    assert hours.between(b, a) == -hours.between(a, b)


def test_a_quarter_of_an_hour_before_closing_runs_on_the_next_morning() -> None:
    hours = shop()
    assert hours.add(at("2026-11-27 17:50"), 15 * 60) == at("2026-11-30 09:05")  # over a weekend
    assert hours.add(at("2026-11-27 17:45"), 15 * 60) == at("2026-11-27 18:00"), "ends as the shop closes"
    assert hours.add(at("2026-11-28 11:00"), 15 * 60) == at("2026-11-30 09:15")
    assert hours.add(at("2026-11-30 09:10"), -15 * 60) == at("2026-11-27 17:55")
    assert hours.next_open(at("2026-11-27 18:00")) == at("2026-11-30 09:00")
    assert hours.next_open(at("2026-11-27 10:00")) == at("2026-11-27 10:00")


def test_the_last_second_before_midnight_is_worked_when_the_shop_never_closes() -> None:
    hours = shop(week=(ROUND_THE_CLOCK,) * 7)
    assert hours.is_open(at("2026-11-28 23:59:59"))
    assert hours.between(at("2026-11-28 23:00"), at("2026-11-29 01:00")) == 2 * H
    assert hours.add(at("2026-11-28 12:00"), 100 * DAY) == at("2026-11-28 12:00") + dt.timedelta(days=100)


def test_closing_a_date_leaves_the_night_shift_that_began_before_it() -> None:
    hours = shop(week=(NIGHT,) * 7, days={dt.date(2026, 11, 28): CLOSED})
    assert hours.is_open(at("2026-11-28 05:59"))
    assert not hours.is_open(at("2026-11-28 23:00"))


def test_hours_that_meet_or_overlap_at_midnight_count_once() -> None:
    hours = shop(week=(((20 * H, 32 * H),),) * 7, days={dt.date(2026, 11, 28): ((6 * H, 10 * H),)})
    assert hours.between(at("2026-11-27 20:00"), at("2026-11-28 20:00")) == 14 * H


def test_fractions_of_a_second_are_dropped() -> None:
    hours = shop()
    start = at("2026-11-27 10:00:00.900000")
    assert hours.add(start, 900) == at("2026-11-27 10:15:00")
    assert hours.add(start, 0) == at("2026-11-27 10:00:00")


@pytest.mark.parametrize("days", [60, 400, 730])
def test_a_long_closure_is_waited_out(days: int) -> None:
    closed = {dt.date(2026, 11, 28) + dt.timedelta(days=n): CLOSED for n in range(days)}
    hours = shop(week=(NINE_TO_SIX,) * 7, days=closed)
    reopens = at("2026-11-28 09:00") + dt.timedelta(days=days)
    assert hours.next_open(at("2026-11-27 18:00")) == reopens
    assert hours.add(at("2026-11-27 17:59"), 120) == reopens + dt.timedelta(seconds=60)
    assert hours.add(reopens + dt.timedelta(seconds=60), -120) == at("2026-11-27 17:59")


def test_a_closure_of_more_than_two_years_is_an_error_in_either_direction() -> None:
    closed = {dt.date(2026, 11, 28) + dt.timedelta(days=n): CLOSED for n in range(735)}
    hours = shop(week=(NINE_TO_SIX,) * 7, days=closed)
    hours.between(at("2026-01-01 09:00"), at("2030-01-01 09:00"))  # a table that knows both sides
    for fresh in (hours, shop(week=(NINE_TO_SIX,) * 7, days=closed)):
        for question in (
            lambda hours=fresh: hours.next_open(at("2026-11-27 18:00")),
            lambda hours=fresh: hours.add(at("2026-11-27 17:59"), 61),
            lambda hours=fresh: hours.add(at("2028-12-02 09:00"), -1),
        ):
            with pytest.raises(NeverOpen) as no:
                question()
            assert no.value.code == "never_open"
        assert hours.add(at("2026-11-27 17:59"), 60) == at("2026-11-27 18:00"), "what ends before it is not touched"


def test_a_calendar_that_never_opens_says_so() -> None:
    hours = shop(week=(CLOSED,) * 7)
    assert not hours.is_open(at("2026-11-27 10:00"))
    assert hours.between(at("2026-01-01 00:00"), at("2027-01-01 00:00")) == 0
    with pytest.raises(NeverOpen):
        hours.next_open(at("2026-11-27 10:00"))
    with pytest.raises(NeverOpen):
        hours.add(at("2026-11-27 10:00"), -1)


def test_what_no_calendar_reaches_is_refused() -> None:
    hours = shop()
    with pytest.raises(OutOfReach):
        hours.add(at("2026-11-27 10:00"), LONGEST_SPAN + 1)
    with pytest.raises(OutOfReach):
        hours.between(at("1900-01-01 00:00"), at("2026-01-01 00:00"))
    with pytest.raises(OutOfReach):
        hours.is_open(at("2300-01-01 00:00"))


GROWING = shop(zone="Europe/Berlin", week=WEEKS["nights"])


@settings(max_examples=20)
@given(start=st.integers(0, 60 * 365 * DAY), seconds=st.integers(1, 600 * DAY))
def test_a_table_that_has_grown_answers_like_a_fresh_one(start: int, seconds: int) -> None:
    moment = dt.datetime(1990, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=start)
    for asked in (seconds, -seconds):
        fresh = shop(zone="Europe/Berlin", week=WEEKS["nights"])
        assert GROWING.add(moment, asked) == fresh.add(moment, asked)


def test_only_a_calendar_without_a_gap_never_closes() -> None:
    holiday = {dt.date(2026, 10, 1): CLOSED}
    assert shop(week=(ROUND_THE_CLOCK,) * 7).never_close
    assert not shop(week=(ROUND_THE_CLOCK,) * 7, days=holiday).never_close
    assert not shop().never_close
