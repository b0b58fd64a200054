"""A far side that fails again and again is left alone for a while; one row goes first, and nobody else is delayed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.ledger import breakers
from aftersales.ledger.models import Breaker, Outbound
from aftersales.ledger.outbox import Permanent, Temporary, Unknown
from tests.ledger.post import Post, put

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
Drain = Callable[[], int]


def after(seconds: float, drain: Drain) -> None:
    with clock.fixed(START + dt.timedelta(seconds=seconds)):
        drain()


def test_after_five_failures_it_is_left_alone_and_then_one_goes_first(team: Team, drain: Drain) -> None:
    post = Post(*[Temporary("away")] * 6)
    for number in range(8):
        put(team, f"m:{number}", due_at=START)
    after(0, drain)
    assert len(post.sent) == breakers.OPENS_AFTER, "three are not even tried"
    after(29, drain)
    assert len(post.sent) == breakers.OPENS_AFTER
    after(31, drain)
    assert len(post.sent) == breakers.OPENS_AFTER + 1, "only one goes first, and fails again"
    after(31 + 59, drain)
    assert len(post.sent) == breakers.OPENS_AFTER + 1, "the pause has doubled"
    after(31 + 61, drain)
    assert Outbound.objects.filter(status="done").count() == 8
    breaker = Breaker.objects.get()
    assert (breaker.failures, breaker.open_until) == (0, None)


def test_a_receiver_that_is_down_delays_no_other(team: Team, drain: Drain) -> None:
    post = Post(*[Unknown("cut off")] * 5)
    for number in range(5):
        put(team, f"down:{number}", due_at=START, destination="webhook:1")
    after(0, drain)
    put(team, "down:again", due_at=START, destination="webhook:1")
    put(team, "well", due_at=START, destination="webhook:2")
    after(1, drain)
    assert post.sent[5:] == ["well"]


class TakenBack(Post):
    """Finds before it sends that what is called `back` must not leave any more."""

    why: Exception = Permanent("they have refused this way")

    def send(self, item: Outbound) -> str:
        if item.key == "back":
            item.is_taken_back = True
            raise self.why
        return super().send(item)


@pytest.mark.parametrize("why", [Permanent("refused since"), Unknown("refused since, and in doubt")])
def test_what_never_left_says_nothing_of_the_far_side(team: Team, drain: Drain, why: Exception) -> None:
    post = TakenBack(*[Temporary("away")] * 4)
    post.why = why
    for number in range(4):
        put(team, f"m:{number}", due_at=START)
    after(0, drain)
    put(team, "back", due_at=START)
    after(0.5, drain)
    assert Breaker.objects.get().failures == 4


def test_what_never_left_does_not_use_up_the_turn_of_the_first_after_a_pause(team: Team, drain: Drain) -> None:
    post = TakenBack(*[Temporary("away")] * breakers.OPENS_AFTER)
    for number in range(6):
        put(team, f"m:{number}", due_at=START)
    after(0, drain)
    put(team, "back", due_at=START - dt.timedelta(hours=1))
    after(31, drain)
    assert Outbound.objects.get(key="back").status == "failed"
    assert post.sent[breakers.OPENS_AFTER :][0] == "m:5"
    assert Outbound.objects.filter(status="done").count() == 6


def test_a_refusal_is_an_answer(team: Team, drain: Drain) -> None:
    post = Post(*[Temporary("away")] * 4, Permanent("no such address"), *[Temporary("away")] * 4)
    for number in range(9):
        put(team, f"m:{number}", due_at=START)
    after(0, drain)
    assert len(post.sent) == 9
    assert breakers.open_ones(START) == []


def test_an_error_of_our_own_opens_nothing(team: Team, drain: Drain) -> None:
    Post(*[KeyError("a bug")] * 9)
    for number in range(9):
        put(team, f"m:{number}", due_at=START)
    after(0, drain)
    assert not Breaker.objects.exists()


def test_the_pause_grows_to_five_minutes_and_no_more(team: Team) -> None:
    for _ in range(30):
        breakers.failed("post", "away", START)
    assert Breaker.objects.get().open_until == START + breakers.LONGEST_PAUSE


def test_of_two_workers_one_goes_first(team: Team) -> None:
    for _ in range(5):
        breakers.failed("post", "away", START)
    later = START + dt.timedelta(minutes=1)
    assert [breakers.lets_through("post", later) for _ in range(2)] == [True, False]
