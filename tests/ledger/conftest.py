"""What every ledger test needs: something to record about, registries of its own, and threads on real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from aftersales.accounts.models import Team
from aftersales.ledger import catalogue, daily, outbox, timers


@pytest.fixture
def team(db: None) -> Team:
    """Any row will do as the subject of an event."""
    return Team.objects.create(name="Returns")


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares, it declares for itself. The shipped event types stay, and nobody listens to them."""
    monkeypatch.setattr(catalogue, "_types", catalogue.event_types())
    for module, names in (
        (catalogue, ("_listeners", "_by_listener")),
        (timers, ("_handlers",)),
        (outbox, ("_channels",)),
        (daily, ("_jobs",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, {})
    monkeypatch.setattr(daily, "_planned", set())
    catalogue.declare("team.greeted", "Greeted")


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Run a function in so many threads that start together; gives what each returned or raised."""

    def run(function: Callable[[], Any], threads: int) -> list[Any]:
        barrier = threading.Barrier(threads)

        def one() -> Any:
            try:
                barrier.wait(10)
                return function()
            except Exception as error:
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(threads) as pool:
            return [future.result() for future in [pool.submit(one) for _ in range(threads)]]

    return run
