"""Daily jobs run once on each day of the shop's calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.ledger import daily
from aftersales.ledger.models import DailyRun, Due

# 23:59 in Shanghai, where the shop is.
LATE = dt.datetime(2026, 11, 23, 15, 59, tzinfo=dt.UTC)


@pytest.mark.smoke
def test_it_runs_once_a_day_where_the_shop_is(db: None, drain: Callable[[], int]) -> None:
    ran: list[dt.datetime] = []
    daily.daily("tidy")(ran.append)
    for moment in (
        LATE,
        LATE + dt.timedelta(seconds=30),
        LATE + dt.timedelta(minutes=1),
        LATE + dt.timedelta(hours=23),
    ):
        with clock.fixed(moment):
            drain()
    assert ran == [LATE, LATE + dt.timedelta(minutes=1)]
    assert [str(run) for run in DailyRun.objects.order_by("day")] == ["tidy 2026-11-23", "tidy 2026-11-24"]


@pytest.mark.smoke
def test_one_that_fails_is_tried_again_and_set_aside(db: None, drain: Callable[[], int]) -> None:
    def broken(now: dt.datetime) -> None:
        raise RuntimeError("disk full")

    daily.daily("tidy")(broken)
    for minute in range(10):
        with clock.fixed(LATE - dt.timedelta(hours=1) + minute * dt.timedelta(minutes=1)):
            drain()
    run = DailyRun.objects.get()
    assert (run.status, run.failures, run.last_error) == (Due.Status.QUARANTINED, 5, "RuntimeError: disk full")
    with pytest.raises(ValueError, match="tidy"):
        daily.daily("tidy")(lambda _: None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_beats_at_midnight_are_one_run(at_once: Callable[..., list[Any]]) -> None:
    from aftersales.ledger.sweep import sweep

    ran: list[dt.datetime] = []
    daily.daily("tidy")(ran.append)
    answers = at_once(lambda: sweep("beat"), 8)
    assert not [each for each in answers if isinstance(each, Exception)]
    assert len(ran) == 1
