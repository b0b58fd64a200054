"""Two workers never own the same row, and one that comes too late changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import catalogue, deliveries, lease, timers
from aftersales.ledger.models import Delivery, Due, Event, Timer
from aftersales.ledger.record import record


def promise(team: Team, count: int) -> None:
    with transaction.atomic():
        for _ in range(count):
            record("team.greeted", on=team, actor=SYSTEM)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_claims_never_share_a_row(at_once: Callable[..., list[Any]]) -> None:
    catalogue.listens("team.greeted", name="ear")(lambda _: None)
    promise(Team.objects.create(name="Returns"), 60)

    def take_until_empty() -> list[int]:
        taken, empty = [], 0
        while empty < 3:  # a worker that lost twenty races in a row sees nothing for a moment
            row = lease.claim(Delivery, clock.now())
            empty = 0 if row else empty + 1
            taken += [row.pk] if row else []
        return taken

    shares = at_once(take_until_empty, 8)
    taken = [pk for share in shares for pk in share]
    assert len(taken) == len(set(taken)) == 60
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_event_swept_by_eight_workers_is_heard_once(at_once: Callable[..., list[Any]]) -> None:
    from aftersales.ledger.sweep import sweep

    def heard(event: Event) -> None:
        Team.objects.create(name=f"heard {event.pk}")

    catalogue.listens("team.greeted", name="ear")(heard)
    promise(Team.objects.create(name="Returns"), 40)
    worked = at_once(lambda: sweep("test"), 8)
    assert not [each for each in worked if isinstance(each, Exception)]
    assert Team.objects.filter(name__startswith="heard").count() == 40
    assert Delivery.objects.filter(status=Due.Status.DONE).count() == 40


@pytest.mark.smoke
def test_a_late_worker_is_rolled_back(team: Team) -> None:
    def heard(event: Event) -> None:
        Team.objects.create(name="heard")

    catalogue.listens("team.greeted", name="ear")(heard)
    promise(team, 1)
    now = clock.now()
    slow = lease.claim(Delivery, now)
    assert slow is not None
    assert lease.claim(Delivery, now) is None, "the lease still holds"
    other = lease.claim(Delivery, now + Delivery.LEASE + dt.timedelta(seconds=1))
    assert other is not None
    assert (other.pk, other.attempts, other.abandoned) == (slow.pk, 2, 1)

    deliveries.deliver(slow)
    assert not Team.objects.filter(name="heard").exists(), "its attempt number is not the row's any more"
    deliveries.deliver(other)
    assert Team.objects.filter(name="heard").count() == 1
    deliveries.deliver(other)
    assert Team.objects.filter(name="heard").count() == 1, "done is done"


@pytest.mark.smoke
def test_waits_grow_with_each_failure_up_to_ten_minutes(team: Team) -> None:
    def refuse(event: object) -> None:
        raise RuntimeError("no")

    catalogue.listens("team.greeted", name="ear")(refuse)
    promise(team, 1)
    now = clock.now()
    for number, ceiling in enumerate((2, 4, 8, 16), start=1):
        with clock.fixed(now):
            row = lease.claim(Delivery, now)
            assert row is not None
            deliveries.deliver(row)
        row.refresh_from_db()
        assert (row.failures, row.status, row.lease_until) == (number, Due.Status.PENDING, None)
        assert ceiling / 2 <= (row.due_at - now).total_seconds() <= ceiling
        now = row.due_at
    assert dt.timedelta(minutes=5) <= lease.wait_after(40) <= dt.timedelta(minutes=10)


@pytest.mark.smoke
def test_a_row_that_kills_its_workers_is_set_aside(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    catalogue.listens("team.greeted", name="ear")(lambda _: None)
    promise(team, 1)
    now = clock.now()
    for _ in range(lease.MOST_ATTEMPTS):
        assert lease.claim(Delivery, now) is not None
        now += Delivery.LEASE + dt.timedelta(seconds=1)  # nobody lets go: the worker is dead
    assert lease.claim(Delivery, now) is None
    row = Delivery.objects.get()
    assert (row.status, row.last_error) == (Due.Status.QUARANTINED, "5 workers died over it.")
    assert "ledger.set_aside" in caplog.text


@pytest.mark.smoke
def test_workers_that_were_killed_do_not_use_up_the_tries(team: Team) -> None:
    def refuse(event: object) -> None:
        raise RuntimeError("no")

    catalogue.listens("team.greeted", name="ear")(refuse)
    promise(team, 1)
    now = clock.now()
    for _ in range(lease.MOST_ATTEMPTS - 1):
        assert lease.claim(Delivery, now) is not None
        now += Delivery.LEASE + dt.timedelta(seconds=1)
    row = lease.claim(Delivery, now)
    assert row is not None
    deliveries.deliver(row)
    row.refresh_from_db()
    assert (row.attempts, row.failures, row.status) == (5, 1, Due.Status.PENDING)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_another_worker_is_changing_is_left_to_it() -> None:
    """The claim waits for the other's commit and then finds the attempt number changed."""
    catalogue.listens("team.greeted", name="ear")(lambda _: None)
    promise(Team.objects.create(name="Returns"), 2)
    first, second = Delivery.objects.order_by("pk")
    stale = Delivery.objects.get(pk=first.pk)
    assert lease.claim(Delivery, clock.now()) == first
    with pytest.raises(lease.Stale):
        lease.finish(stale, status=Due.Status.DONE)
    assert lease.claim(Delivery, clock.now()) == second
    connections.close_all()


def test_an_idle_claim_asks_once(team: Team, django_assert_num_queries: Any) -> None:
    now = clock.now()
    with django_assert_num_queries(1):
        assert lease.claim(Delivery, now) is None


def test_what_was_reached_for_by_others_leaves_the_rows_behind_it(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two first rows are taken between the look and the claim; the third is next in what is left then, and is ours."""
    catalogue.listens("team.greeted", name="ear")(lambda _: None)
    promise(team, 3)
    now = clock.now()
    first_of, looks = lease._first_of, []

    def beaten(rows: Any, ready: Any, at: dt.datetime, *through: Any) -> Any:
        looks.append(rows)
        if len(looks) == 1:
            Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=now + Delivery.LEASE)
        return first_of(rows, ready, at, *through)

    monkeypatch.setattr(lease, "_first_of", beaten)
    ours = lease.claim(Delivery, now)
    assert ours is not None
    assert ours.pk == max(Delivery.objects.values_list("pk", flat=True))
    assert [len(rows) for rows in looks] == [2, 1]


def test_a_long_kind_of_timer_is_left_to_its_worker_for_longer(team: Team) -> None:
    timers.fires("test.long", lease=dt.timedelta(minutes=10))(lambda _timer, _now: None)
    now = clock.now()
    for kind in ("test.long", "test.short"):
        timers.set_timer(kind, on=team, due_at=now)
    kinds = {timer.kind for _ in range(2) if (timer := lease.claim(Timer, now))}
    assert kinds == {"test.long", "test.short"}
    again = lease.claim(Timer, now + dt.timedelta(seconds=30))
    assert again is not None
    assert again.kind == "test.short"
    assert lease.claim(Timer, now + dt.timedelta(seconds=30)) is None
    late = lease.claim(Timer, now + dt.timedelta(minutes=11), kind="test.long")
    assert late is not None
    assert late.abandoned == 1
