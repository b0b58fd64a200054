"""One pass over everything due. Doorbell, beat, loop and command all call this and nothing else."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import structlog
from django.utils import timezone

from aftersales.kernel import clock
from aftersales.ledger import daily, deliveries, doorbell, lease, sending, stops, timers
from aftersales.ledger.models import DailyRun, Delivery, Stop, SweepRun, Timer

log = structlog.get_logger()

BUDGET_SECONDS = 3.0
# So long a kind of work that had nothing is not asked again, unless something was written in this process.
REST_SECONDS = 0.2
# So long the instant and the stops that a row is claimed and decided with hold. An older instant finds a row later, never
# earlier; it is asked anew after everything this process has written.
LOOK_SECONDS = 0.2
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
    look, rests = _Look(), _Rests()
    while time.monotonic() < end:
        worked, asked_all = 0, True
        for kind in _KINDS:
            if rests.holds(kind):
                # The jobs of the day are planned above: once none of them is due, none will be in this pass.
                asked_all = asked_all and kind is _run_one
                continue
            found = kind(look)
            worked += found
            if not found:
                rests.begin(kind, look)
            elif kind is not _others:
                done += found
        if worked:
            continue
        if asked_all:
            if rests.turn is None:
                break
            time.sleep(max(min(rests.turn, end) - time.monotonic(), 0.0))
        look.end()
        rests.end()  # nothing to do counts only where everybody was asked just now
    now = clock.now()
    ahead = int((timezone.now() - now).total_seconds() * 1000) if not clock.is_fixed() else 0
    SweepRun.objects.update_or_create(trigger=trigger, defaults={"at": now, "done": done, "skew_ms": ahead})
    return done


class _Look:
    """The instant and the stops that claims are made with, asked anew when they are older than a moment."""

    def __init__(self) -> None:
        self._until = self._asked_at = 0.0
        self._heard = -1
        self._now: dt.datetime
        self._stopped: frozenset[str]

    def __call__(self) -> tuple[dt.datetime, frozenset[str]]:
        """Now in UTC, and what is stopped."""
        is_old = time.monotonic() >= self._until
        if is_old:
            self._stopped = stops.standing()
            self._until = time.monotonic() + LOOK_SECONDS
        if is_old or doorbell.heard() != self._heard:  # what was written just now is due now, and not at an older now
            self._heard = doorbell.heard()
            self._now, self._asked_at = clock.now(), time.monotonic()
        return self._now, self._stopped

    def after(self, seconds: float) -> float:
        """When it is so many seconds after the instant that was given last, by the clock of `time.monotonic`."""
        return self._asked_at + seconds

    def end(self, at: float = 0.0) -> None:
        """Ask anew at the next call, or at the first one from `at` on."""
        self._until = min(self._until, at)


class _Rests:
    """Which kinds had nothing lately. What is committed in this process wakes those whose rows ring the bell.

    `turn` is when a far side that is sent to at a pace, and has rows waiting, may have its next one; None where none does.
    """

    def __init__(self) -> None:
        self.turn: float | None = None
        self._until: dict[_Kind, float] = {}
        self._heard = doorbell.heard()

    def begin(self, kind: _Kind, look: _Look) -> None:
        self._until[kind] = float("inf") if kind is _run_one else time.monotonic() + REST_SECONDS
        if kind is _dispatch_one:
            wait = sending.pause(*look())
            self.turn = None if wait is None else look.after(wait)
            if self.turn is not None:
                self._until[kind] = min(self._until[kind], self.turn)
                look.end(self.turn)  # at an older instant the turn would not have come

    def holds(self, kind: _Kind) -> bool:
        if doorbell.heard() != self._heard:
            self._heard = doorbell.heard()
            for woken in (_deliver_one, _dispatch_one, _fire_one):
                self._until.pop(woken, None)
        return self._until.get(kind, 0.0) > time.monotonic()

    def end(self) -> None:
        self._until = {kind: until for kind, until in self._until.items() if kind is _run_one}


def _deliver_one(look: _Look) -> int:
    now, _ = look()
    delivery = lease.claim(Delivery, now)
    if delivery is None:
        return 0
    deliveries.deliver(delivery, now)
    return 1


def _dispatch_one(look: _Look) -> int:
    now, stopped = look()
    item = sending.claim(now, stopped)
    if item is None:
        return 0
    sending.dispatch(item, now)
    look.end()  # sending takes its time: the next row is claimed at a present instant, and by what is stopped by now
    return 1


def _fire_one(look: _Look) -> int:
    now, stopped = look()
    timer = None if Stop.RESTORED in stopped else lease.claim(Timer, now, stops.timers_free(stopped), paused_at=None)
    if timer is None:
        return 0
    timers.fire(timer, now)
    return 1


def _run_one(look: _Look) -> int:
    now, stopped = look()
    row = None if Stop.RESTORED in stopped else lease.claim(DailyRun, now)
    if row is None:
        return 0
    daily.run(row)
    return 1


def _others(look: _Look) -> int:
    worked = 0
    for function in _turns:
        try:
            worked += function()
        except Exception:
            log.exception("sweep.turn_failed", turn=f"{function.__module__}.{function.__name__}")
    return worked


_Kind = Callable[[_Look], int]
_KINDS: tuple[_Kind, ...] = (_deliver_one, _dispatch_one, _fire_one, _run_one, _others)
