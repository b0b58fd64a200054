"""A worker whose own clock is ten minutes fast or slow does nothing early and nothing late: the database's clock decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.ledger import timers
from aftersales.ledger.models import SweepRun, Timer
from tests.ledger.post import Post, put

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
Drain = Callable[[], int]


@pytest.fixture(params=[600, -600], ids=["ten minutes fast", "ten minutes slow"])
def skew(request: pytest.FixtureRequest, db: None) -> Iterator[int]:
    """The machine's clock, as every part of this process sees it, off by so many seconds."""
    seconds: int = request.param
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds), tick=True):
        yield seconds


def test_nothing_is_early_and_nothing_waits(skew: int, team: Team, drain: Drain) -> None:
    post, fired = Post(), []
    timers.fires("due", "in five minutes")(lambda timer, _now: fired.append(timer.kind))
    now = clock.now()
    five = now + dt.timedelta(minutes=5)
    timers.set_timer("due", on=team, due_at=now)
    timers.set_timer("in five minutes", on=team, due_at=five, useful_until=five)
    put(team, "due", due_at=now)
    put(team, "later", due_at=five)
    drain()
    assert fired == ["due"]
    assert post.sent == ["due"]
    done = Timer.objects.get(kind="due")
    assert done.done_at
    assert abs(done.done_at - now) < dt.timedelta(minutes=1), "what happened is dated by the database"


def test_the_wrong_clock_is_told(skew: int, drain: Drain) -> None:
    drain()
    assert abs(SweepRun.objects.get(trigger="test").skew_ms - skew * 1000) < 5_000
