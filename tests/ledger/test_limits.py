"""A far side is sent to so often and no oftener, by however many workers; what must wait spends no try and holds up nobody."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from aftersales.accounts.models import Team
from aftersales.environment import BadEnvironment, SendLimit, send_limits
from aftersales.kernel import clock
from aftersales.ledger import lease, sending
from aftersales.ledger.models import Breaker, Outbound
from aftersales.ledger.sweep import sweep
from tests.ledger.post import Post, put

START = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
NOTHING: frozenset[str] = frozenset()
Drain = Callable[[], int]


def limited(settings: Any, **limits: SendLimit) -> None:
    settings.SEND_LIMITS = limits


def claim(now: dt.datetime = START) -> Outbound | None:
    return sending.claim(now, NOTHING)


@pytest.mark.django_db
def test_no_more_at_once_than_is_set_and_what_waits_spends_no_try(settings: Any, team: Team) -> None:
    limited(settings, post=SendLimit(2, 0))
    Post()
    for number in range(4):
        put(team, f"m:{number}", due_at=START)
    first, second = claim(), claim()
    assert first is not None
    assert second is not None
    assert claim() is None
    assert list(Outbound.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 1, 0, 0]
    lease.finish(first, status="done")
    third = claim()
    assert third is not None
    assert (third.key, claim()) == ("m:2", None)


@pytest.mark.django_db
def test_the_place_of_a_killed_worker_is_free_after_its_lease(settings: Any, team: Team) -> None:
    limited(settings, post=SendLimit(1, 0))
    Post()
    put(team, "m:0", due_at=START)
    put(team, "m:1", due_at=START)
    assert claim() is not None
    assert claim(START + Outbound.LEASE - dt.timedelta(seconds=1)) is None
    again = claim(START + Outbound.LEASE + dt.timedelta(seconds=1))
    assert again is not None
    assert (again.key, again.abandoned) == ("m:0", 1)


@pytest.mark.django_db
def test_a_far_side_without_a_place_holds_up_no_other(settings: Any, team: Team) -> None:
    settings.SEND_LIMITS = {"webhook:1": SendLimit(1, 0)}
    Post()
    for number in range(30):  # more than a claim looks ahead
        put(team, f"slow:{number}", due_at=START, destination="webhook:1")
    put(team, "well", due_at=START, destination="webhook:2")
    taken = [claim(), claim()]
    assert [item.key for item in taken if item] == ["slow:0", "well"]
    assert claim() is None


@pytest.mark.django_db
def test_sends_to_one_far_side_keep_their_distance_and_one_pass_sends_them_all(settings: Any, team: Team) -> None:
    limited(settings, post=SendLimit(0, 20))
    times: list[float] = []

    class Watched(Post):
        def send(self, item: Outbound) -> str:
            times.append(time.monotonic())
            return super().send(item)

    post = Watched()
    for number in range(6):
        put(team, f"m:{number}")
    assert sweep("test", budget_seconds=20) == 6
    assert len(post.sent) == 6
    assert times[-1] - times[0] >= 5 / 20 - 0.06, "the first may be late by what the clock of a claim is old"


@pytest.mark.django_db
def test_one_that_must_wait_longer_than_a_second_is_left_to_a_later_pass(settings: Any, team: Team) -> None:
    limited(settings, post=SendLimit(0, 0.2))
    post = Post()
    put(team, "m:0")
    put(team, "m:1")
    begin = time.monotonic()
    sweep("test", budget_seconds=20)
    assert (len(post.sent), Outbound.objects.get(key="m:1").attempts) == (1, 0)
    assert time.monotonic() - begin < 3
    Breaker.objects.update(next_send_at=clock.now())
    sweep("test", budget_seconds=20)
    assert post.sent == ["m:0", "m:1"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("limit", [SendLimit(2, 0), SendLimit(3, 40)])
def test_many_workers_never_go_over_it(
    settings: Any, team: Team, at_once: Callable[..., list[Any]], limit: SendLimit
) -> None:
    limited(settings, post=limit)
    guard, under_way, most, times = threading.Lock(), 0, 0, []

    class Counting(Post):
        def send(self, item: Outbound) -> str:
            nonlocal under_way, most
            with guard:
                under_way += 1
                most = max(most, under_way)
                times.append(time.monotonic())
            time.sleep(0.05)
            with guard:
                under_way -= 1
            return super().send(item)

    post = Counting()
    for number in range(16):
        put(team, f"m:{number}")
    end = time.monotonic() + 30

    def work() -> None:
        while Outbound.objects.pending().exists() and time.monotonic() < end:
            if not sweep("test", budget_seconds=1):
                time.sleep(0.01)

    at_once(work, 6)
    assert sorted(post.sent) == sorted(f"m:{number}" for number in range(16))
    assert most <= limit.at_once
    assert set(Outbound.objects.values_list("attempts", "status")) == {(1, "done")}
    if limit.each_second:
        assert max(times) - min(times) >= 15 / limit.each_second - 0.1
    connection.close()


def test_the_setting_is_read_and_a_bad_one_is_told() -> None:
    assert send_limits("SEND_LIMITS", "*=8/50 sms=4/0.5") == {"*": SendLimit(8, 50), "sms": SendLimit(4, 0.5)}
    assert send_limits("SEND_LIMITS", "") == {}
    for bad in ("sms", "sms=4", "sms=a/b", "=1/1", "sms=-1/2", "sms=1/-2", "sms=1/nan"):
        with pytest.raises(BadEnvironment, match="SEND_LIMITS"):
            send_limits("SEND_LIMITS", bad)
