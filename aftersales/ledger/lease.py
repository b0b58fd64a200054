"""Take one due row so that no other worker has it, and let go of it again. Used for everything due."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog
from django.db.models import F, Q, QuerySet

from aftersales.ledger.models import Due

log = structlog.get_logger()

MOST_ATTEMPTS = 5
LONGEST_WAIT = dt.timedelta(minutes=10)
_FIRST_LOOK, _LOOK_AHEAD = 2, 20

Row = TypeVar("Row", bound=Due)


class Stale(Exception):
    """The row is not ours any more (taken over, cancelled, paused): undo my work."""


Through = Callable[[Row, Callable[[], bool]], bool]


def claim(
    model: type[Row], now: dt.datetime, *which: Q, through: Through[Row] | None = None, **only: object
) -> Row | None:
    """Take one due row, or None. The update is the lock: whoever raises `attempts` owns that attempt number.

    `through(row, take)` may keep a row back by not calling `take`, or do more in one transaction with it; it returns what
    `take` returned.

    A row found with a lease that ran out was left by a worker that died over it. A row that has outlived
    MOST_ATTEMPTS workers is set aside: it may be what kills them.
    """
    ready = model.objects.ready(now).filter(*which, **only)
    rows = ready.order_by("due_at", "pk")
    if model.READ_WITH:
        rows = rows.select_related(*model.READ_WITH)
    few = list(rows[:_FIRST_LOOK])
    taken = _first_of(few, ready, now, through)
    # Most often the first is ours; more are read only where several workers reach for the same.
    if taken is None and len(few) == _FIRST_LOOK:
        taken = _first_of(list(rows[:_LOOK_AHEAD]), ready, now, through)
    return taken


def _first_of(rows: list[Row], ready: QuerySet[Row], now: dt.datetime, through: Through[Row] | None) -> Row | None:
    for row in rows:
        mine = ready.filter(pk=row.pk, attempts=row.attempts)
        left_behind = row.abandoned + (row.lease_until is not None)
        if left_behind >= MOST_ATTEMPTS:
            if mine.update(
                status=Due.Status.QUARANTINED, lease_until=None, last_error=f"{left_behind} workers died over it."
            ):
                _alarm(row, "worker died")
            continue
        take = partial(_take, mine, lease_until=now + row.lease, abandoned=left_behind)
        if through(row, take) if through else take():
            row.attempts += 1
            row.lease_until, row.abandoned = now + row.lease, left_behind
            return row
    return None


def _take(mine: QuerySet[Row], **fields: object) -> bool:
    return bool(mine.update(attempts=F("attempts") + 1, **fields))


def finish(row: Due, **fields: object) -> None:
    """Write the outcome if the row is still as it was claimed. Raises `Stale`, which rolls back the transaction."""
    if not type(row).objects.filter(pk=row.pk, **row.fence()).update(lease_until=None, **fields):
        raise Stale(str(row))


def back_off(row: Due, error: Exception, now: dt.datetime, **fields: object) -> None:
    """After a failure: try again later with jitter, or set the row aside for a person after the fifth failure.

    Attempts whose worker was killed are no failures of the row. A row that another worker has taken meanwhile is left
    to it: there is nothing of ours to undo.
    """
    failures = row.failures + 1
    fields |= {"failures": failures, "last_error": f"{type(error).__name__}: {error}"[:500]}
    if failures >= MOST_ATTEMPTS:
        fields["status"] = Due.Status.QUARANTINED
        _alarm(row, type(error).__name__)
    else:
        fields["due_at"] = now + wait_after(failures)
    with contextlib.suppress(Stale):
        finish(row, **fields)


def wait_after(failures: int) -> dt.timedelta:
    """Twice as long after each failure, ten minutes at most, half of it random, so that not all come at once."""
    ceiling = min(LONGEST_WAIT.total_seconds(), 2.0 ** min(failures, 30))
    return dt.timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311  jitter, no secret


def _alarm(row: Due, why: str) -> None:
    """One log line to alert on. Kind and number only: rows may name people."""
    log.error("ledger.set_aside", kind=row._meta.label_lower, row=row.pk, attempts=row.attempts, why=why)
