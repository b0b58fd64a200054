"""Figures for Prometheus, counted in the database when asked, so that every web process gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Model
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from aftersales.health.readiness import look
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
