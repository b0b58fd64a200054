"""Whether this process can serve and whether what falls due gets done. Read by `/readyz` and `/metrics`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from aftersales.kernel import clock
from aftersales.ledger import sending, stops
from aftersales.ledger.models import Delivery, Outbound, Stop, SweepRun, Timer

MOST_SWEEP_SECONDS = 30  # longer without a sweep, and things fall due that nobody does
LATE_SECONDS = 60

_migrated = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """`sweep_seconds` since the last sweep (None: never), `oldest_due_seconds` how late the latest thing is."""

    database: str
    migrations: str = "unknown"
    redis: str = "unknown"
    sweep_seconds: float | None = None
    oldest_due_seconds: float = 0.0

    @property
    def is_ready(self) -> bool:
        """Redis is not asked: it only rings the bell, and without it the beat of the loop sweeps all the same."""
        swept = self.sweep_seconds is not None and self.sweep_seconds <= MOST_SWEEP_SECONDS
        return self.database == "ok" and self.migrations == "ok" and swept


def look() -> Readiness:
    """Ask each part; never raises."""
    try:
        now = clock.now()
        return Readiness(
            database="ok",
            migrations="ok" if _is_migrated() else "missing",
            redis=_redis(),
            sweep_seconds=_since_sweep(now),
            oldest_due_seconds=_oldest_due(now),
        )
    except DatabaseError as error:
        return Readiness(database=type(error).__name__)


def _is_migrated() -> bool:
    """Looked up until it is so, then remembered: tables do not vanish under a running process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _since_sweep(now: dt.datetime) -> float | None:
    latest = SweepRun.objects.order_by("-at").values_list("at", flat=True).first()
    return None if latest is None else round((now - latest).total_seconds(), 1)


def _oldest_due(now: dt.datetime) -> float:
    stopped = stops.standing()  # what somebody stopped is not late: it waits
    ready = [Delivery.objects.ready(now), Outbound.objects.ready(now).filter(sending.free(now, stopped))]
    if Stop.RESTORED not in stopped:
        ready.append(Timer.objects.ready(now).filter(stops.timers_free(stopped), paused_at=None))
    oldest = [due for rows in ready if (due := rows.order_by("due_at").values_list("due_at", flat=True).first())]
    return round((now - min(oldest)).total_seconds(), 1) if oldest else 0.0


def _redis() -> str:
    if not settings.REDIS_URL:
        return "none"
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError as error:
        return type(error).__name__
    return "ok"
