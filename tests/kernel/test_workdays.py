"""Working days with make-up days, against a second opinion, and how far a period runs on over a holiday."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from aftersales.kernel.workdays import is_workday, shift_to_workday


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_equals_the_second_opinion(year: int) -> None:
    days = (dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(365))
    assert [day for day in days if is_workday(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(
    ("day", "shift"),
    [
        (dt.date(2026, 11, 23), 0),  # a Monday
        (dt.date(2026, 11, 21), 2),  # a Saturday
        (dt.date(2026, 2, 14), 0),  # a Saturday worked before the Spring Festival
        (dt.date(2026, 2, 15), 9),  # the whole festival lies between
    ],
)
def test_a_period_runs_on_to_the_next_working_day(day: dt.date, shift: int) -> None:
    assert shift_to_workday(day) == shift


def test_elsewhere_and_where_nothing_is_known() -> None:
    assert not is_workday(dt.date(2026, 12, 25), "DE")
    assert is_workday(dt.date(2026, 12, 25), "CN")
    assert not is_workday(dt.date(2026, 11, 22), "AQ")


def test_the_table_of_the_shop_goes_before_the_data_for_the_years_it_knows() -> None:
    table = {dt.date(2026, 11, 23): False, dt.date(2026, 11, 22): True}
    assert not is_workday(dt.date(2026, 11, 23), "CN", table)
    assert is_workday(dt.date(2026, 11, 22), "CN", table)
    assert is_workday(dt.date(2026, 10, 1), "CN", table), (
        "a year in the table is the table's, holidays it leaves out too"
    )
    assert not is_workday(dt.date(2025, 10, 1), "CN", table)
    assert shift_to_workday(dt.date(2026, 11, 23), "CN", table) == 1
