"""One pass over everything due. Doorbell, beat, loop and command all call this and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.utils import timezone

from aftersales.kernel import clock
from aftersales.ledger import daily, deliveries, lease, outbox, stops, timers
from aftersales.ledger.models import DailyRun, Delivery, Stop, SweepRun, Timer

log = structlog.get_logger()

BUDGET_SECONDS = 3.0
_turns: list[Callable[[], int]] = []


def takes_turns(function: Callable[[], int]) -> None:
    """Let a floor above work in every pass: `function()` does a little and returns how much, 0 when nothing is left.

    It keeps its own rows and claims them itself; what it raises is logged and holds up nobody else.
    """
    if function not in _turns:
        _turns.append(function)


def sweep(trigger: str, budget_seconds: float = BUDGET_SECONDS) -> int:
    """Do what is due until nothing is, or the budget is spent. Returns how many rows were worked on.

    Safe to run any number of times at once: each row is claimed by a conditional update. One kind never starves
    another, because they take turns row by row. What somebody stopped waits; after a restore everything does but
    listeners, which write our own tables only.
    """
    end = time.monotonic() + budget_seconds
    done = 0
    daily.plan(clock.now())
    has_jobs = True  # those of the day are planned above, so once none is due the rest of this pass need not ask
    while time.monotonic() < end:
        stopped = stops.standing()
        worked = _deliver_one() + _dispatch_one(stopped)
        if Stop.RESTORED not in stopped:
            worked += _fire_one()
            has_jobs = has_jobs and bool(_run_one())
            worked += has_jobs
        if not worked + _others():
            break
        done += worked
    now = clock.now()
    ahead = int((timezone.now() - now).total_seconds() * 1000) if not clock.is_fixed() else 0
    SweepRun.objects.update_or_create(trigger=trigger, defaults={"at": now, "done": done, "skew_ms": ahead})
    return done


def _others() -> int:
    worked = 0
    for function in _turns:
        try:
            worked += function()
        except Exception:
            log.exception("sweep.turn_failed", turn=f"{function.__module__}.{function.__name__}")
    return worked


def _fire_one() -> int:
    timer = lease.claim(Timer, clock.now(), paused_at=None)
    if timer is None:
        return 0
    timers.fire(timer)
    return 1


def _deliver_one() -> int:
    delivery = lease.claim(Delivery, clock.now())
    if delivery is None:
        return 0
    deliveries.deliver(delivery)
    return 1


def _dispatch_one(stopped: frozenset[str]) -> int:
    item = outbox.claim(clock.now(), stopped)
    if item is None:
        return 0
    outbox.dispatch(item)
    return 1


def _run_one() -> int:
    row = lease.claim(DailyRun, clock.now())
    if row is None:
        return 0
    daily.run(row)
    return 1
