"""A pass asks for no more than it must: kinds that had nothing rest, what is written here wakes them, and none starves."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aftersales.accounts.models import Team
from aftersales.environment import send_limits
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import catalogue, timers
from aftersales.ledger import sweep as sweeping
from aftersales.ledger.models import Delivery, Outbound, Stop, Timer
from aftersales.ledger.record import record
from tests.ledger.post import Post, put

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
Drain = Callable[[], int]


def nothing(timer: Timer, now: dt.datetime) -> None:
    """Decide that there is nothing to do."""


@pytest.fixture
def missed(team: Team) -> list[Timer]:
    """Forty timers that fell due an hour ago, each on a row of its own."""
    teams = [Team.objects.create(name=f"missed {number}") for number in range(40)]
    with transaction.atomic():
        return [timers.set_timer("test.late", on=each, due_at=clock.now() - HOUR) for each in teams]


def test_a_missed_timer_costs_a_handful_of_statements(missed: list[Timer], drain: Drain) -> None:
    timers.fires("test.late")(nothing)
    with CaptureQueriesContext(connection) as asked:
        assert drain() == len(missed)
    each = len(asked) / len(missed)
    assert each <= 7, "read, claim, transaction, mark; what is asked once for all is spread over them"


def test_those_too_late_cost_still_less(missed: list[Timer], drain: Drain) -> None:
    timers.fires("test.late")(nothing)
    Timer.objects.update(useful_until=clock.now() - HOUR / 2)
    with CaptureQueriesContext(connection) as asked:
        drain()
    assert set(Timer.objects.values_list("status", flat=True)) == {"expired"}
    # Not what a slow machine asks besides, once in so many seconds: the time, what is stopped, what else is due.
    of_timers = [each for each in asked.captured_queries if "ledger_timer" in each["sql"]]
    assert len(of_timers) / len(missed) <= 3.5


def test_what_a_timer_sets_going_is_done_before_the_next_timers(missed: list[Timer], drain: Drain) -> None:
    """Deliveries and messages had nothing when the pass began; the first decision wakes them."""
    told: list[str] = []
    post = Post()

    @timers.fires("test.late")
    def decide(timer: Timer, now: dt.datetime) -> None:
        told.append("decided")
        record("team.greeted", on=timer.subject, actor=SYSTEM, at=now)

    @catalogue.listens("team.greeted", name="ear")
    def hear(event: Any) -> None:
        told.append("heard")
        put(event.subject, f"m:{event.pk}")

    drain()
    assert (told.count("decided"), told.count("heard"), len(post.sent)) == (40, 40, 40)
    behind = [told[:place].count("decided") - told[:place].count("heard") for place in range(len(told))]
    assert max(behind) <= 2, "no kind waits for another to be through"
    assert set(Delivery.objects.values_list("status", flat=True)) == {"done"}


def test_what_others_write_is_found_without_a_bell(missed: list[Timer], monkeypatch: pytest.MonkeyPatch) -> None:
    """A resting kind is asked again after a moment, and everybody once more before the pass ends."""
    monkeypatch.setattr(sweeping, "REST_SECONDS", 60.0)
    post, team = Post(), Team.objects.first()
    assert team is not None

    @timers.fires("test.late")
    def decide(timer: Timer, now: dt.datetime) -> None:
        if timer.pk == missed[20].pk:  # as another process would: the row is there, and no bell rang here
            monkeypatch.setattr("aftersales.ledger.doorbell.ring_after_commit", lambda: None)
            put(team, "from elsewhere")

    sweeping.sweep("test", budget_seconds=120)
    assert post.sent == ["from elsewhere"]


def test_what_is_sent_at_a_pace_keeps_it_beside_a_backlog_that_writes_nothing(
    missed: list[Timer], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """With the limit every shop begins with, fifty a second: no message waits for a rest ten times as long."""
    settings.SEND_LIMITS = send_limits("SEND_LIMITS", "*=8/50")
    decided, before = 0, []

    @timers.fires("test.late")
    def decide(timer: Timer, now: dt.datetime) -> None:
        nonlocal decided
        decided += 1
        time.sleep(0.02)

    class Watched(Post):
        def send(self, item: Outbound) -> str:
            before.append(decided)
            return super().send(item)

    Watched()
    for number in range(8):
        put(missed[0].subject, f"m:{number}")
    sweeping.sweep("test", budget_seconds=20)
    assert (len(before), decided) == (8, 40)
    assert before[-1] <= 25, "a message each second or third decision"


def test_a_restored_database_decides_nothing_in_a_pass(missed: list[Timer], drain: Drain) -> None:
    timers.fires("test.late")(nothing)
    Stop.objects.create(what=Stop.RESTORED, reason="backup", at=clock.now())
    assert drain() == 0
    assert Timer.objects.pending().count() == len(missed)


def test_a_stop_counts_before_the_next_message(team: Team, drain: Drain) -> None:
    class Stopped(Post):
        def send(self, item: Outbound) -> str:
            Stop.objects.create(what=Stop.SENDING, reason="wrong words", at=clock.now())
            return super().send(item)

    post = Stopped()
    for number in range(3):
        put(team, f"m:{number}")
    drain()
    assert post.sent == ["m:0"]
    assert Outbound.objects.pending().count() == 2
