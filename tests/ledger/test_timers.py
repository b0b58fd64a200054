"""Timers fire when they are due, to the second, and not at all when somebody was faster."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.ledger import lease, timers
from aftersales.ledger.models import Due, Timer

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def fired() -> list[tuple[str, dt.datetime]]:
    """What fired and when; `team.T1` and `team.T2` are handled."""
    heard: list[tuple[str, dt.datetime]] = []
    timers.fires("team.T1", "team.T2")(lambda timer, now: heard.append((timer.kind, now)))
    return heard


def at(moment: dt.datetime, drain: Callable[[], int]) -> None:
    with clock.fixed(moment):
        drain()


@pytest.mark.smoke
def test_it_is_never_early_and_fires_once(team: Team, fired: list[Any], drain: Callable[[], int]) -> None:
    timers.set_timer("team.T1", on=team, due_at=NOON, at=NOON - HOUR)
    at(NOON - SECOND, drain)
    assert fired == []
    at(NOON, drain)
    at(NOON + SECOND, drain)
    assert fired == [("team.T1", NOON)]
    assert Timer.objects.get().done_at == NOON


@pytest.mark.smoke
def test_setting_it_again_replaces_it(team: Team, fired: list[Any], drain: Callable[[], int]) -> None:
    timers.set_timer("team.T1", on=team, due_at=NOON)
    timers.set_timer("team.T1", on=team, due_at=NOON + HOUR, source="law", n=2)
    timers.set_timer("team.T2", on=team, due_at=NOON + 2 * HOUR)
    at(NOON, drain)
    assert fired == []
    at(NOON + HOUR, drain)
    assert fired == [("team.T1", NOON + HOUR)]
    assert sorted(Timer.objects.values_list("kind", "status", "source")) == [
        ("team.T1", "cancelled", "shop"),
        ("team.T1", "done", "law"),
        ("team.T2", "pending", "shop"),
    ]


@pytest.mark.smoke
def test_cancelled_timers_stay_silent(team: Team, fired: list[Any], drain: Callable[[], int]) -> None:
    other = Team.objects.create(name="Other")
    timers.set_timer("team.T1", on=team, due_at=NOON)
    timers.set_timer("team.T2", on=team, due_at=NOON)
    timers.set_timer("team.T1", on=other, due_at=NOON)
    assert timers.cancel("team.T1", on=team) == 1
    assert timers.cancel("team.T1", on=team) == 0
    at(NOON, drain)
    assert sorted(kind for kind, _ in fired) == ["team.T1", "team.T2"], "the other team's and the other kind"
    timers.set_timer("team.T2", on=team, due_at=NOON)
    assert timers.cancel(on=team) == 1


@pytest.mark.smoke
def test_those_of_several_rows_are_cancelled_in_one_statement(
    team: Team, fired: list[Any], drain: Callable[[], int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    second, third = Team.objects.create(name="Second"), Team.objects.create(name="Third")
    for each in (team, second, third):
        timers.set_timer("team.T1", on=each, due_at=NOON)
    timers.set_timer("team.T2", on=second, due_at=NOON)
    with django_assert_num_queries(1):
        assert timers.cancel("team.T1", on=[team, second]) == 2
    at(NOON, drain)
    assert sorted(kind for kind, _ in fired) == ["team.T1", "team.T2"], "the third team's and the other kind"


@pytest.mark.smoke
def test_one_that_cancels_those_of_several_rows_has_fired_itself(team: Team, drain: Callable[[], int]) -> None:
    second = Team.objects.create(name="Second")

    @timers.fires("team.T3")
    def end(_timer: Timer, _now: dt.datetime) -> None:
        timers.cancel("team.T3", on=[team, second])

    timers.set_timer("team.T3", on=second, due_at=NOON + HOUR)
    timers.set_timer("team.T3", on=team, due_at=NOON)
    at(NOON, drain)
    assert dict(Timer.objects.values_list("subject_id", "status")) == {team.pk: "done", second.pk: "cancelled"}


@pytest.mark.smoke
def test_a_pause_keeps_the_time_that_is_left_to_the_second(
    team: Team, fired: list[Any], drain: Callable[[], int]
) -> None:
    timers.set_timer("team.T1", on=team, due_at=NOON, at=NOON - HOUR)
    assert timers.pause(on=team, at=NOON - 10 * MINUTE) == 1
    assert timers.pause(on=team, at=NOON - 5 * MINUTE) == 0, "already paused: the first pause counts"
    at(NOON + 3 * HOUR, drain)
    assert fired == []
    stood = 3 * HOUR + 17 * SECOND
    with transaction.atomic():
        assert timers.resume(on=team, at=NOON - 10 * MINUTE + stood) == 1
        assert timers.resume(on=team, at=NOON + 9 * HOUR) == 0
    timer = Timer.objects.get()
    assert (timer.due_at, timer.paused_seconds) == (NOON + stood, 3 * 3600 + 17)
    at(NOON + stood - SECOND, drain)
    assert fired == []
    at(NOON + stood, drain)
    assert fired == [("team.T1", NOON + stood)]


@pytest.mark.smoke
@pytest.mark.parametrize("how", ["cancel", "pause", "move"])
def test_whoever_commits_first_wins(team: Team, fired: list[Any], how: str) -> None:
    """A worker has claimed the timer; before it decides, somebody holds the case."""
    timers.set_timer("team.T1", on=team, due_at=NOON)
    claimed = lease.claim(Timer, NOON)
    assert claimed is not None
    if how == "cancel":
        timers.cancel(on=team)
    elif how == "pause":
        timers.pause(on=team, at=NOON)
    else:
        with transaction.atomic():
            timers.pause(on=team, at=NOON)
            timers.resume(on=team, at=NOON + HOUR)

    def decide(timer: Timer, now: dt.datetime) -> None:
        Team.objects.update(name="decided")

    timers._handlers["team.T1"] = decide
    timers.fire(claimed)
    team.refresh_from_db()
    assert team.name == "Returns", "the decision was undone"
    claimed.refresh_from_db()
    assert claimed.status == (Due.Status.CANCELLED if how == "cancel" else Due.Status.PENDING)
    assert how != "cancel" or claimed.lease_until is None, "what is called off is in nobody's hand"


@pytest.mark.smoke
def test_a_paused_timer_cannot_be_claimed(team: Team, fired: list[Any]) -> None:
    timers.set_timer("team.T1", on=team, due_at=NOON)
    timers.pause(on=team, at=NOON)
    assert lease.claim(Timer, NOON + HOUR, paused_at=None) is None


@pytest.mark.smoke
def test_an_action_called_by_a_timer_may_cancel_all_timers(team: Team, drain: Callable[[], int]) -> None:
    """Expiring a case cancels its timers, the firing one among them: that one is done, and done once."""

    def expire(timer: Timer, now: dt.datetime) -> None:
        timers.cancel(on=timer.subject)
        Team.objects.filter(pk=timer.subject_id).update(name="Expired")

    timers.fires("team.T3")(expire)
    timers.fires("team.T2")(lambda _timer, _now: pytest.fail("it was cancelled"))
    timers.set_timer("team.T2", on=team, due_at=NOON + MINUTE)
    timers.set_timer("team.T3", on=team, due_at=NOON)
    at(NOON, drain)
    at(NOON + HOUR, drain)
    team.refresh_from_db()
    assert team.name == "Expired"
    assert dict(Timer.objects.values_list("kind", "status")) == {"team.T2": "cancelled", "team.T3": "done"}


@pytest.mark.smoke
def test_a_timer_may_set_itself_again(team: Team, drain: Callable[[], int]) -> None:
    def remind(timer: Timer, now: dt.datetime) -> None:
        if timer.data["n"] < 3:
            timers.set_timer("team.T3", on=timer.subject, due_at=now + HOUR, n=timer.data["n"] + 1)

    timers.fires("team.T3")(remind)
    timers.set_timer("team.T3", on=team, due_at=NOON, n=1)
    for hour in range(5):
        at(NOON + hour * HOUR, drain)
    assert list(Timer.objects.order_by("id").values_list("status", "due_at")) == [
        ("done", NOON),
        ("done", NOON + HOUR),
        ("done", NOON + 2 * HOUR),
    ]


@pytest.mark.smoke
def test_a_cancel_that_was_rolled_back_does_not_fire_it_twice(team: Team, drain: Callable[[], int]) -> None:
    fired = []

    def half_hearted(timer: Timer, now: dt.datetime) -> None:
        fired.append(now)
        try:
            with transaction.atomic():
                timers.cancel(on=timer.subject)
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass

    timers.fires("team.T3")(half_hearted)
    timers.set_timer("team.T3", on=team, due_at=NOON)
    at(NOON, drain)
    at(NOON + HOUR, drain)
    assert fired == [NOON]
    assert Timer.objects.get().status == Due.Status.DONE


@pytest.mark.smoke
def test_a_failing_handler_writes_nothing_and_is_set_aside_after_five(team: Team, drain: Callable[[], int]) -> None:
    def broken(timer: Timer, now: dt.datetime) -> None:
        Team.objects.create(name="half")
        timers.cancel(on=timer.subject)
        raise RuntimeError("no")

    timers.fires("team.T3")(broken)
    timers.set_timer("team.T3", on=team, due_at=NOON)
    for minute in range(10):
        at(NOON + minute * MINUTE, drain)
    timer = Timer.objects.get()
    assert (timer.status, timer.failures) == (Due.Status.QUARANTINED, 5)
    assert not Team.objects.filter(name="half").exists()


def test_a_kind_has_one_handler() -> None:
    timers.fires("team.T1")(lambda _timer, _now: None)
    with pytest.raises(ValueError, match=r"team\.T1"):
        timers.fires("team.T1")(lambda _timer, _now: None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hold_first", [True, False])
def test_a_hold_and_a_decision_at_the_same_moment_never_both_count(hold_first: bool) -> None:
    """Both lock the team first. The decision must see a hold that committed before it; else the hold finds it done."""
    team = Team.objects.create(name="Returns")
    deciding, held = threading.Event(), threading.Event()

    def decide(timer: Timer, now: dt.datetime) -> None:
        deciding.set()
        if hold_first:
            assert held.wait(5)
        Team.objects.select_for_update().get(pk=team.pk)
        Team.objects.filter(pk=team.pk).update(name="Decided")

    def hold() -> None:
        try:
            assert deciding.wait(5) if hold_first else held.wait(5)
            with transaction.atomic():
                Team.objects.select_for_update().get(pk=team.pk)
                results.append(timers.cancel(on=team))
            held.set()
        finally:
            connections.close_all()

    results: list[int] = []
    timers.fires("team.T1")(decide)
    timers.set_timer("team.T1", on=team, due_at=clock.now())
    claimed = lease.claim(Timer, clock.now())
    assert claimed is not None
    thread = threading.Thread(target=hold)
    thread.start()
    timers.fire(claimed)
    held.set()
    thread.join(10)
    team.refresh_from_db()
    assert (team.name, results) == (("Returns", [1]) if hold_first else ("Decided", [0]))
