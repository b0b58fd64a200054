"""Opening hours as they are written: what is understood, and the sentence for what is not."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kernel.worktime import DAY, BusinessHours, NeverOpen
from aftersales.kernel.worktime_form import (
    WEEKDAYS,
    BadHours,
    hours_as_written,
    read_hours,
    read_interval,
    write_hours,
    write_interval,
)

H = 3600
GOOD: dict[str, Any] = {"zone": "Asia/Shanghai", "week": {"mon": ["09:00-12:00", "13:00-18:00"]}}
NIGHTS: dict[str, Any] = {"zone": "Asia/Shanghai", "week": {"mon": ["22:00-06:00+1"]}, "breaks": ["02:00-03:00"]}


def test_lunch_is_cut_out_of_the_week_and_not_out_of_a_date_with_hours_of_its_own() -> None:
    hours = read_hours(
        {
            "zone": "Asia/Shanghai",
            "week": {"mon": ["09:00-18:00"], "sat": ["10:00-12:30"]},
            "breaks": ["12:00-13:00"],
            "days": {"2026-11-28": ["10:00-16:00"]},
        }
    )
    assert hours.week[0] == ((9 * H, 12 * H), (13 * H, 18 * H))
    assert hours.week[5] == ((10 * H, 12 * H),)
    assert hours.on(dt.date(2026, 11, 28)) == ((10 * H, 16 * H),)


@pytest.mark.parametrize(
    ("night", "breaks", "left"),
    [
        ("22:00-06:00+1", ["02:00-03:00"], ["22:00-02:00+1", "03:00+1-06:00+1"]),
        ("22:00-06:00+1", ["02:00+1-03:00+1"], ["22:00-02:00+1", "03:00+1-06:00+1"]),
        ("22:00-06:00+1", ["23:00-24:00"], ["22:00-23:00", "00:00+1-06:00+1"]),
        ("22:00-06:00+1", ["23:30-00:30+1"], ["22:00-23:30", "00:30+1-06:00+1"]),
        ("22:00-06:00+1", ["05:30-06:30"], ["22:00-05:30+1"]),
        ("00:00-24:00", ["23:30-00:30+1"], ["00:30-23:30"]),
    ],
)
def test_a_break_is_cut_out_of_the_night_on_either_side_of_midnight(
    night: str, breaks: list[str], left: list[str]
) -> None:
    hours = read_hours({"zone": "Asia/Shanghai", "week": dict.fromkeys(WEEKDAYS, (night,)), "breaks": breaks})
    assert write_hours(hours)["week"]["wed"] == left
    assert read_hours(write_hours(hours)) == hours


def test_one_break_shortens_the_night_that_ends_and_the_day_that_opens_in_it() -> None:
    week = {"mon": ["22:00-06:00+1"], "tue": ["06:00-14:00"]}
    hours = read_hours({"zone": "Asia/Shanghai", "week": week, "breaks": ["05:30-06:30"]})
    assert hours.week[:2] == (((22 * H, 29 * H + 1800),), ((6 * H + 1800, 14 * H),))


def test_closing_a_date_leaves_what_follows_the_break_of_the_night_before() -> None:
    hours = read_hours({**NIGHTS, "days": {"2026-11-24": []}})  # a Tuesday
    midnight = dt.datetime.fromisoformat("2026-11-24T00:00+08:00")
    assert hours.between(midnight - dt.timedelta(hours=2), midnight + dt.timedelta(days=1)) == 7 * H
    assert not hours.is_open(midnight + dt.timedelta(hours=2, minutes=30))
    assert hours.is_open(midnight + dt.timedelta(hours=5))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("09:00-18:00", (9 * H, 18 * H)),
        ("0:00-24:00", (0, DAY)),
        ("22:00-06:00+1", (22 * H, 30 * H)),
        ("22:00–次日06:00", (22 * H, 30 * H)),
        ("03:00+1-06:00+1", (27 * H, 30 * H)),
        ("次日00:00–次日06:00", (24 * H, 30 * H)),
        ("9：00 ~ 18：30", (9 * H, 18 * H + 1800)),
        ("09:00-09:00+1", (9 * H, 33 * H)),
    ],
)
def test_a_span_is_understood_as_people_write_it(written: str, meant: tuple[int, int]) -> None:
    assert read_interval(written, where="mon") == meant


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (
            {"week": {"mon": ["09:00-12:00", "11:00-18:00"]}},
            "hours_overlap",
            "mon: 09:00-12:00 and 11:00-18:00 overlap",
        ),
        ({"week": {"mon": ["22:00-06:00+1"], "tue": ["05:00-09:00"]}}, "hours_overlap", "tue: 22:00-06:00+1 and 05:00"),
        ({"week": {"sun": ["22:00-06:00+1"], "mon": ["05:00-09:00"]}}, "hours_overlap", "mon: "),
        ({"week": {"mon": ["18:00-09:00"]}}, "hours_backwards", "closes before it opens"),
        ({"week": {"mon": ["09:00-09:00"]}}, "hours_backwards", "closes before it opens"),
        ({"week": {"mon": ["03:00+1-06:00"]}}, "hours_backwards", "closes before it opens"),
        ({"week": {"mon": ["03:00+1-06:00+1"], "tue": ["05:00-09:00"]}}, "hours_overlap", "tue: 03:00+1-06:00+1 and"),
        ({"week": {"mon": ["09:00-25:00"]}}, "hours_no_time", "beyond 24:00"),
        ({"week": {"mon": ["24:00-06:00+1"]}}, "hours_no_time", "beyond 24:00"),
        ({"week": {"mon": ["09:00-17:60"]}}, "hours_no_time", "more than 59 minutes"),
        ({"week": {"mon": ["09:00-10:00+1"]}}, "hours_too_long", "longer than a day"),
        ({"week": {"mon": ["nine to five"]}}, "hours_no_span", "“nine to five” is no span"),
        ({"week": {"mon": "09:00-18:00"}}, "hours_not_a_list", "write a list"),
        ({"week": {"mon": [None]}}, "hours_no_span", "“None” is no span"),
        ({"week": {"monday": []}}, "hours_no_weekday", "“monday”"),
        ({"week": None}, "hours_no_week", "mon to sun"),
        ({"week": {}}, "hours_never", "not one open hour"),
        ({"week": {"mon": ["12:00-13:00"]}, "breaks": ["11:00-14:00"]}, "hours_never", "not one open hour"),
        ({"zone": "Mars/Olympus"}, "hours_no_zone", "“Mars/Olympus”"),
        ({"zone": "../etc/passwd"}, "hours_no_zone", "no known time zone"),
        ({"zone": "Asia"}, "hours_no_zone", "no known time zone"),
        ({"zone": None}, "hours_no_zone", "no known time zone"),
        ({"days": {"2026-02-30": []}}, "hours_no_date", "“2026-02-30” is no date"),
        ({"days": {"0001-01-01": []}}, "hours_no_date", "no date"),
        ({"days": []}, "hours_no_days", "at most 4000 dates"),
        ({"holidays": "CN"}, "hours_unknown_part", "“holidays”"),
    ],
)
def test_what_nobody_could_keep_is_refused_with_its_place(change: dict[str, Any], code: str, said: str) -> None:
    with pytest.raises(BadHours) as no:
        read_hours({**GOOD, **change})
    assert no.value.code == code
    with translation.override("en"):
        assert said in str(no.value)


def test_a_calendar_that_is_shut_for_more_than_two_years_is_refused() -> None:
    shut: dict[str, list[str]] = {(dt.date(2026, 1, 1) + dt.timedelta(days=n)).isoformat(): [] for n in range(740)}
    with pytest.raises(BadHours) as no:
        read_hours({**GOOD, "days": shut})
    assert no.value.code == "hours_never"
    assert read_hours({**GOOD, "days": dict(list(shut.items())[:720])}).days


def closed(first: str, days: int, every: int = 1) -> dict[str, list[str]]:
    return {(dt.date.fromisoformat(first) + dt.timedelta(days=n)).isoformat(): [] for n in range(0, days, every)}


DAILY = {"zone": "Asia/Shanghai", "week": {day: ["09:00-18:00"] for day in WEEKDAYS}}


@pytest.mark.parametrize(
    ("hours", "since"),
    [
        ({**DAILY, "days": closed("2024-01-01", 1) | closed("2027-01-01", 731)}, "2027-01-01"),
        ({**GOOD, "days": closed("2026-01-05", 735, every=7)}, "2025-12-30"),
        ({**GOOD, "week": {}, "days": {"2026-12-05": ["10:00-20:00"], "2029-12-05": ["10:00-20:00"]}}, "2026-12-06"),
    ],
    ids=["after a holiday", "of a week of one day", "between two dates"],
)
def test_a_closure_of_more_than_two_years_is_refused_wherever_it_lies(hours: dict[str, Any], since: str) -> None:
    with pytest.raises(BadHours) as no:
        read_hours(hours)
    assert (no.value.code, no.value.params) == ("hours_never", {"day": since})
    with pytest.raises(NeverOpen):
        hours_as_written(hours).next_open(dt.datetime.fromisoformat(f"{since}T00:00+08:00"))


def test_no_more_is_refused_than_would_never_open() -> None:
    hours = read_hours({**DAILY, "days": closed("2024-01-01", 1) | closed("2027-01-01", 730)})
    assert hours.next_open(dt.datetime.fromisoformat("2026-12-31T18:00+08:00")).date() == dt.date(2028, 12, 31)
    late = closed("2024-01-01", 1) | {"2026-12-05": ["10:00-20:00"]}
    assert read_hours({**GOOD, "week": {}, "days": late}).days, "a holiday long before the only date it opens on"


spans = st.tuples(st.integers(0, 2879), st.integers(1, 1440)).map(
    lambda span: (span[0] * 60, min(span[0] + span[1], 2880) * 60)
)


@given(st.lists(spans, min_size=1, max_size=7))
def test_what_is_written_reads_back(days: list[tuple[int, int]]) -> None:
    for span in days:
        assert read_interval(write_interval(span), where="mon") == span
    hours = BusinessHours(
        ZoneInfo("Europe/Berlin"),
        (((9 * H, 18 * H),),) * 7,
        {dt.date(2026, 1, 1 + n): (span,) for n, span in enumerate(days)},
    )
    assert read_hours(write_hours(hours)) == hours
