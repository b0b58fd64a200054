"""Figures for Prometheus, counted in the database when asked, so that every web process gives the same answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Model
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from aftersales.health.readiness import look
from aftersales.kernel import clock
from aftersales.ledger import gauges
from aftersales.ledger.models import Delivery, Outbound, Timer
from aftersales.ledger.models.due import Due

_UNSETTLED = (Due.Status.PENDING, Due.Status.UNKNOWN, Due.Status.QUARANTINED, Due.Status.FAILED)


class DeskCollector(Collector):
    """Backlog and health of the desk. Done rows are left out: they only grow, and counting them costs more each day."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = look()
        yield _one("desk_database_up", "1 if the database answers.", float(found.database == "ok"))
        yield _one("desk_redis_up", "1 if Redis answers.", float(found.redis == "ok"))
        yield _one("desk_ready", "1 if /readyz would answer 200.", float(found.is_ready))
        if found.sweep_seconds is not None:
            yield _one("desk_last_sweep_age_seconds", "Since the last pass over what is due.", found.sweep_seconds)
        yield _one("desk_oldest_due_seconds", "How late the most overdue row is.", found.oldest_due_seconds)
        if found.database == "ok":
            yield from self._backlog()
            yield from _lateness(clock.now())
            yield from _sweeping(clock.now())
            yield from _holding(clock.now())

    def _backlog(self) -> Iterator[GaugeMetricFamily]:
        gauge = GaugeMetricFamily(
            "desk_work_rows", "Rows of work not done, by kind and status.", labels=["kind", "status"]
        )
        models: dict[str, type[Model]] = {"timer": Timer, "delivery": Delivery}
        for kind, model in models.items():
            for status, count in _counts(model, "status"):
                gauge.add_metric([kind, status], count)
        yield gauge
        outbound = GaugeMetricFamily(
            "desk_outbound_rows", "Messages and payments not settled.", labels=["channel", "status"]
        )
        for channel, status, count in _counts(Outbound, "channel", "status"):
            outbound.add_metric([channel, status], count)
        yield outbound


def _lateness(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    """The figures of the office's page of operations, under their names there."""
    due = GaugeMetricFamily("desk_due_rows", "Rows that are due and not done, by kind.", labels=["kind"])
    held = GaugeMetricFamily("desk_held_rows", "Due rows that a stop or an open breaker holds back.", labels=["kind"])
    oldest = GaugeMetricFamily("desk_oldest_seconds", "How late the most overdue row is, by kind.", labels=["kind"])
    lag = GaugeMetricFamily(
        "desk_lag_seconds", "From due to done, of what was done in the last hour.", labels=["kind", "quantile"]
    )
    for depth in gauges.depths(now):
        due.add_metric([depth.kind], depth.due)
        held.add_metric([depth.kind], depth.held)
        oldest.add_metric([depth.kind], depth.oldest_seconds)
        for quantile, value in (("0.5", depth.p50), ("0.99", depth.p99)):
            if value is not None:
                lag.add_metric([depth.kind, quantile], value)
    yield from (due, held, oldest, lag)


def _sweeping(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    age = GaugeMetricFamily("desk_sweep_age_seconds", "Since the last pass of each trigger.", labels=["trigger"])
    skew = GaugeMetricFamily("desk_clock_ahead_seconds", "Worker's clock minus the database's.", labels=["trigger"])
    for run in gauges.sweeps():
        age.add_metric([run.trigger], round((now - run.at).total_seconds(), 1))
        skew.add_metric([run.trigger], run.skew_ms / 1000)
    breaker = GaugeMetricFamily("desk_breaker_open", "1 for each far side that is left alone.", labels=["destination"])
    for each in gauges.open_breakers():
        breaker.add_metric([each.destination], 1)
    stop = GaugeMetricFamily("desk_stopped", "1 for each thing somebody stopped.", labels=["what"])
    for each_stop in gauges.standing_stops():
        stop.add_metric([each_stop.what], 1)
    yield from (age, skew, breaker, stop)


def _holding(now: dt.datetime) -> Iterator[GaugeMetricFamily]:
    """What the hourly self-check found last: 0 of each is well."""
    rows = GaugeMetricFamily("desk_selfcheck_rows", "Rows that break what must always hold.", labels=["check"])
    age = GaugeMetricFamily("desk_selfcheck_age_seconds", "Since the last look, an hour at most.", labels=["check"])
    for each, found in gauges.self_checks():
        rows.add_metric([each.code], found.rows)
        age.add_metric([each.code], round((now - found.at).total_seconds(), 1))
    yield from (rows, age)


def _counts(model: type[Model], *by: str) -> list[tuple[Any, ...]]:
    rows = model._default_manager.filter(status__in=_UNSETTLED).values_list(*by)
    return list(rows.annotate(rows=Count("pk")).order_by(*by))


def _one(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, value=value)


_registry = CollectorRegistry()
_registry.register(DeskCollector())


def exposition() -> bytes:
    """The page in Prometheus' text format."""
    return generate_latest(_registry)
