"""Whether anything has happened since: one cheap statement, for pages that look again every few seconds."""

from __future__ import annotations

from django.db.models import Count, Max, Subquery

from aftersales.ledger.models import Event

_LATE = 500  # events that may still commit behind the newest one: numbers are given before the commit


def pulse() -> str:
    """A word that changes whenever an event is committed.

    The newest number alone would miss an event that got a lower number and committed later, so those just below are counted.
    """
    newest = Event.objects.order_by("-id").values("id")[:1]
    near = Event.objects.filter(id__gt=Subquery(newest) - _LATE)
    found = near.aggregate(newest=Max("id"), number=Count("id"))
    return f"{found['newest'] or 0}.{found['number']}"
