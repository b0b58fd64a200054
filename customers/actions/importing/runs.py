"""Begin and end one import: the shop it belongs to, its row, its event. Called by `customers.importers.run`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.models import ImportRun, Shop


def shop_for(name: str, *, platform: str, currency: str) -> Shop:
    """The shop of that name, made where there is none. An existing one keeps its settings."""
    shop, _created = Shop.objects.get_or_create(
        name=name, defaults={"platform": platform, "currency": currency, "country": "BR" if currency == "BRL" else "CN"}
    )
    return shop


@transaction.atomic
def start_import(*, source: str, path: str, actor: Actor, at: dt.datetime) -> ImportRun:
    """Write that an import has begun, so that one that was cut off shows as unfinished."""
    check(actor, "order.import")
    return ImportRun.objects.create(source=source, path=path[:300], started_at=at)


@transaction.atomic
def finish_import(run: ImportRun, *, report: dict[str, Any], actor: Actor, at: dt.datetime) -> ImportRun:
    """Keep the report and tell what came in."""
    check(actor, "order.import")
    run.finished_at, run.report = at, report
    run.save(update_fields=["finished_at", "report"])
    orders = report["orders"]
    record("orders.imported", on=run, actor=actor, at=at, source=run.source, **orders)
    return run
