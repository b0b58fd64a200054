"""The bell wakes a worker after the commit; a broker that is away or frozen delays nobody and loses nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import redis
from celery import current_app
from django.db import transaction

from aftersales.accounts.models import Team
from aftersales.environment import celery_broker
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger import catalogue, doorbell
from aftersales.ledger.record import record
from tests.services import Redis

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """A Redis of its own, so that it can be frozen and ended, with the bell switched on and listening to it."""
    with TemporaryDirectory(prefix="desk-bell-", dir="/tmp") as folder:
        server = Redis(Path(folder))
        settings.DOORBELL = True
        monkeypatch.setattr(doorbell, "_bell", doorbell._Bell())
        monkeypatch.setattr(current_app.conf, "broker_url", celery_broker(server.url))
        monkeypatch.setattr(current_app.conf, "broker_write_url", celery_broker(server.url))
        catalogue.listens("team.greeted", name="ear")(lambda _: None)
        yield server
        server.process.send_signal(signal.SIGCONT)
        server.stop()


def rings(server: Redis) -> int:
    """How often it has rung, once whoever pulled has been seen to."""
    seen_to()
    return int(redis.Redis(unix_socket_path=str(server.socket)).llen("sweep"))


def seen_to() -> None:
    """Until whoever pulled has been seen to, whether or not the broker heard it."""
    until = time.monotonic() + 10
    while doorbell._bell._pulled.is_set():
        assert time.monotonic() < until, "nobody rings"
        time.sleep(0.005)
    with doorbell._bell._in_hand:
        pass


def change(times: int = 1) -> float:
    """Make a change with so many events; gives the seconds it took, the pull at the bell after the commit included."""
    start = time.monotonic()
    with transaction.atomic():
        team = Team.objects.create(name=f"Team {start}")
        for _ in range(times):
            record("team.greeted", on=team, actor=SYSTEM)
    return time.monotonic() - start


@transaction.atomic
def change_and_fail() -> None:
    record("team.greeted", on=Team.objects.create(name="Returns"), actor=SYSTEM)
    raise ZeroDivisionError


def test_one_commit_rings_once_however_much_became_due(broker: Redis) -> None:
    change(times=5)
    assert rings(broker) == 1
    change()
    assert rings(broker) == 2


def test_what_commits_while_it_rings_is_rung_for_once_more(broker: Redis) -> None:
    change()
    assert rings(broker) == 1
    with doorbell._bell._in_hand:  # a ring that takes its time
        for _ in range(3):
            change()
    assert rings(broker) == 2


def test_another_process_has_a_bell_of_its_own(broker: Redis) -> None:
    change()
    assert rings(broker) == 1
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            doorbell.ring()
            os.write(write, str(rings(broker)).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 10) == b"2"


def test_a_thread_that_ended_is_begun_anew(broker: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(doorbell._bell, "_keep_ringing", lambda: None)
        change()
    change()
    assert rings(broker) == 1


def test_a_process_that_ends_at_once_has_rung(broker: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell._bell, "_keep_ringing", lambda: None)  # the thread does not come to it any more
    change()
    doorbell._bell.ring_if_pulled()  # as at the end of a process
    assert rings(broker) == 1


def test_a_change_that_fails_does_not_ring(broker: Redis) -> None:
    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert rings(broker) == 0


def test_who_does_what_is_due_by_himself_wakes_nobody_until_he_is_done(broker: Redis) -> None:
    with doorbell.unrung():
        before = doorbell.heard()
        change()
        assert doorbell.heard() != before, "he himself hears of it"
    assert rings(broker) == 0
    change()
    assert rings(broker) == 1


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL], ids=["frozen", "dead"])
def test_a_broker_that_is_away_delays_nobody(
    broker: Redis, fault: signal.Signals, drain: Callable[[], int], caplog: pytest.LogCaptureFixture
) -> None:
    change()  # imports are paid for
    broker.process.send_signal(fault)
    first = change()
    begun = time.monotonic()
    seen_to()
    assert time.monotonic() - begun < 1.5, "half a second for the bell; kombu alone would wait six, or for ever"
    assert max(first, change(), change()) < 0.3
    seen_to()
    assert caplog.text.count("doorbell.silent") == 1
    assert drain() == 4, "nothing was lost: the rows are the promise"


def test_a_broker_that_was_started_anew_is_rung_at_once(broker: Redis) -> None:
    change()
    assert rings(broker) == 1
    folder = broker.socket.parent
    broker.process.kill()
    broker.process.wait(10)
    rmtree(folder)
    anew = Redis(folder.parent)
    try:
        change()
        assert rings(anew) == 1, "the kept connection is dead; a ring opens another"
    finally:
        anew.stop()


def test_it_rings_again_when_the_silence_is_over(broker: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    broker.process.send_signal(signal.SIGSTOP)
    change()
    seen_to()
    broker.process.send_signal(signal.SIGCONT)
    change()
    before = rings(broker)
    later = time.monotonic() + 31
    monkeypatch.setattr("aftersales.ledger.doorbell.time.monotonic", lambda: later)
    with transaction.atomic():
        record("team.greeted", on=Team.objects.create(name="Returns"), actor=SYSTEM)
    assert rings(broker) == before + 1
