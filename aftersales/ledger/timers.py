"""Set, cancel, pause and fire timers: "later" is a row with a due time, never a message in the broker."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from aftersales.kernel import clock
from aftersales.ledger import doorbell, lease, undone
from aftersales.ledger.models import Due, Timer
from aftersales.ledger.models.due import DueQuerySet
from aftersales.ledger.subject import subject_of, subjects_of

Handler = Callable[[Timer, dt.datetime], None]
_handlers: dict[str, Handler] = {}
_SOON = dt.timedelta(seconds=1)  # what falls due later than that needs no bell: beat and loop look every second
_firing: ContextVar[Timer | None] = ContextVar("firing_timer", default=None)


def fires(*kinds: str, lease: dt.timedelta | None = None, decides: bool = False) -> Callable[[Handler], Handler]:
    """Register what happens when timers of these kinds fall due. The handler locks its subject and checks anew.

    `lease` is for work that is longer than one short transaction: for so long no other worker takes the timer over.
    One that `decides` a case without a person waits while somebody has stopped such decisions (`Stop.DECISIONS`).
    """

    def register(function: Handler) -> Handler:
        for kind in kinds:
            if kind in _handlers and _handlers[kind] is not function:
                raise ValueError(f"Two handlers for the timer {kind}.")
            _handlers[kind] = function
            if lease is not None:
                Timer.LEASES[kind] = lease
            if decides:
                Timer.DECIDING.add(kind)
        return function

    return register


def set_timer(
    kind: str,
    *,
    on: Model,
    due_at: dt.datetime,
    at: dt.datetime | None = None,
    source: str = "shop",
    useful_until: dt.datetime | None = None,
    instead_of: Iterable[str] = (),
    **data: Any,
) -> Timer:
    """Set a timer, in the caller's transaction. A pending one of the same kind on the same row is replaced.

    `due_at` in UTC; `at` is the instant of the action; `source` says whose limit it is (shop, law, platform).
    After `useful_until` it is not fired any more but marked as too late; without one it is never too late.
    Those of the kinds `instead_of` are cancelled with the same statement.
    """
    at = at or clock.now()
    cancel(kind, *instead_of, on=on)
    if due_at - at <= _SOON:
        doorbell.ring_after_commit()
    return Timer.objects.create(
        kind=kind, due_at=due_at, set_at=at, source=source, useful_until=useful_until, data=data, **subject_of(on)
    )


def set_first(kind: str, due: Sequence[tuple[Model, dt.datetime]], *, at: dt.datetime, **data: Any) -> None:
    """Set one timer on each of some rows that have none of this kind; times in UTC. In the caller's transaction."""
    if any(due_at - at <= _SOON for _on, due_at in due):
        doorbell.ring_after_commit()
    Timer.objects.bulk_create(
        [Timer(kind=kind, due_at=due_at, set_at=at, source="shop", data=data, **subject_of(on)) for on, due_at in due]
    )


def cancel(*kinds: str, on: Model | Sequence[Model]) -> int:
    """Cancel pending timers of these kinds (all kinds when none is named) on one row, or on some rows of one model.

    Returns how many.
    """
    pending = _pending(kinds, on)
    current = _firing.get()
    if current is not None and pending.filter(pk=current.pk).exists():
        # An action that ends the case cancels all its timers, also when one of them has called it: that one has fired.
        lease.finish(current, status=Due.Status.DONE, done_at=clock.now())
        current.status = Due.Status.DONE
    return pending.update(status=Due.Status.CANCELLED, lease_until=None)


def due_at(kind: str, *, on: Model) -> dt.datetime | None:
    """When the pending timer of this kind falls due, or None."""
    timer = Timer.objects.pending().filter(kind=kind, **subject_of(on)).first()
    return timer.due_at if timer else None


def given(kind: str, *, on: Model) -> dict[str, Any]:
    """What the pending timer of this kind was set with; nothing where there is none."""
    timer = Timer.objects.pending().filter(kind=kind, **subject_of(on)).first()
    return timer.data if timer else {}


def pause(*kinds: str, on: Model, at: dt.datetime) -> int:
    """Freeze pending timers: their remaining time is kept. Those already paused stay as they are."""
    return _pending(kinds, on).filter(paused_at=None).update(paused_at=at)


def resume(*kinds: str, on: Model, at: dt.datetime) -> int:
    """Let paused timers run on, later by as long as they stood still."""
    paused = _pending(kinds, on).filter(paused_at__isnull=False)
    resumed = 0
    for timer in paused.select_for_update():
        stood = max(at - timer.paused_at, dt.timedelta(0))
        resumed += Timer.objects.filter(pk=timer.pk, paused_at=timer.paused_at).update(
            paused_at=None,
            due_at=timer.due_at + stood,
            useful_until=timer.useful_until + stood if timer.useful_until else None,
            paused_seconds=F("paused_seconds") + int(stood.total_seconds()),
        )
    if resumed:
        doorbell.ring_after_commit()
    return resumed


def _pending(kinds: tuple[str, ...], on: Model | Sequence[Model]) -> DueQuerySet:
    rows = subject_of(on) if isinstance(on, Model) else subjects_of(on)
    pending = Timer.objects.pending().filter(**rows)
    return pending.filter(kind__in=kinds) if kinds else pending


def fire(timer: Timer, now: dt.datetime | None = None) -> None:
    """Let one claimed timer decide. Its writes and the `done` mark commit together or not at all.

    `now` is the instant of the claim, by default the present one.

    The mark comes last, so that locks are taken in the order of every action: first the subject, then its timers. A
    timer that was cancelled, paused or moved while the handler waited for the subject is found so here, and undone.
    """
    now = now or clock.now()
    if timer.is_too_late(now):
        with contextlib.suppress(lease.Stale):
            lease.finish(timer, status=Due.Status.EXPIRED, done_at=now)
        return
    token = _firing.set(timer)
    try:
        with undone.taking_back(), transaction.atomic():
            _handlers[timer.kind](timer, now)
            if not _closed(timer):
                lease.finish(timer, status=Due.Status.DONE, done_at=now)
    except lease.Stale:
        pass
    except Exception as failure:  # noqa: BLE001  the handler's, whatever it is
        timer.status = Due.Status.PENDING  # whatever the handler marked was rolled back
        lease.back_off(timer, failure, clock.now())
    finally:
        _firing.reset(token)


def _closed(timer: Timer) -> bool:
    """Whether the handler's own `cancel` has marked it; the row says: a savepoint may have undone it."""
    if timer.status != Due.Status.DONE:
        return False
    return Timer.objects.filter(pk=timer.pk, attempts=timer.attempts, status=Due.Status.DONE).exists()
