"""One clock, the database's, and calendar days where the shop is."""

from __future__ import annotations

import datetime as dt

import pytest

from aftersales.kernel import clock


@pytest.mark.django_db
@pytest.mark.postgres
def test_it_is_the_database_that_says_what_time_it_is() -> None:
    from django.db import connection

    before = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (between,) = cursor.fetchone()
    assert before <= between <= clock.now()
    assert clock.now().tzinfo is dt.UTC


def test_it_can_be_held_still_in_a_test() -> None:
    instant = dt.datetime(2026, 2, 17, 12, tzinfo=dt.UTC)
    with clock.fixed(instant):
        assert clock.now() == instant
    with pytest.raises(ValueError, match="aware"), clock.fixed(dt.datetime(2026, 2, 17)):
        pass


@pytest.mark.parametrize(
    ("utc", "day"),
    [("2026-11-23T15:59:59", 23), ("2026-11-23T16:00:00", 24), ("2026-11-23T00:00:00", 23)],
)
def test_a_day_begins_at_midnight_in_shanghai(utc: str, day: int) -> None:
    assert clock.shop_date(dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)) == dt.date(2026, 11, day)


def test_a_day_ends_at_24_00() -> None:
    assert clock.end_of_shop_day(dt.date(2026, 11, 27)) == dt.datetime(2026, 11, 27, 16, tzinfo=dt.UTC)
