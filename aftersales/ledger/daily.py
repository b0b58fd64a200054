"""Jobs that run once on each day of the shop's calendar, such as clearing away orphaned files. Run by the sweep.

To add one: `@daily("app.purpose")` over a function of one argument (the instant, UTC) in the app's `jobs.py`, which
`AppConfig.ready` imports. The function opens its own transactions and may be repeated after a crash.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable

from aftersales.kernel import clock
from aftersales.ledger import lease
from aftersales.ledger.models import DailyRun, Due

Job = Callable[[dt.datetime], None]
_jobs: dict[str, Job] = {}
_planned: set[tuple[str, dt.date]] = set()  # spares an INSERT a second; the unique constraint is what counts


def daily(name: str) -> Callable[[Job], Job]:
    """Register a job under a name that stays the same between releases."""

    def register(function: Job) -> Job:
        if name in _jobs and _jobs[name] is not function:
            raise ValueError(f"Two daily jobs are called {name}.")
        _jobs[name] = function
        return function

    return register


def plan(now: dt.datetime) -> None:
    """Make sure that today's runs exist. Any number of workers may do this at once."""
    day = clock.shop_date(now)
    fresh = [name for name in _jobs if (name, day) not in _planned]
    if fresh:
        runs = [DailyRun(job=name, day=day, due_at=now) for name in fresh]
        DailyRun.objects.bulk_create(runs, ignore_conflicts=True)
        _planned.clear()  # yesterday's
        _planned.update((name, day) for name in _jobs)


def run(row: DailyRun) -> None:
    """Run one claimed job and mark it done."""
    try:
        _jobs[row.job](clock.now())
    except Exception as failure:  # noqa: BLE001  the job's, whatever it is
        lease.back_off(row, failure, clock.now())
    else:
        with contextlib.suppress(lease.Stale):
            lease.finish(row, status=Due.Status.DONE, done_at=clock.now())
