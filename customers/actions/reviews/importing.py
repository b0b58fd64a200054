"""Keep the report of an import of reviews, and tell what came in. Called by `customers.importers.reviews`."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.ledger.record import record
from customers.models import ImportRun


@transaction.atomic
def finish_reviews(report: dict[str, Any], *, path: str, actor: Actor) -> ImportRun:
    """One row for the office's list of imports."""
    check(actor, "review.import")
    now = clock.now()
    run = ImportRun.objects.create(source="reviews", path=path[:300], started_at=now, finished_at=now, report=report)
    record("reviews.imported", on=run, actor=actor, at=now, **report["reviews"])
    return run
