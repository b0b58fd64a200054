"""Whether anything has happened since: one cheap statement, for pages that look again every few seconds."""

from __future__ import annotations

from django.db.models import Count, Max, Min

from aftersales.ledger.models import Event

_NEWEST = 500  # more than can still be on their way to their commit


def pulse() -> str:
    """A word that changes whenever an event is committed.

    The newest number alone would miss an event that got a lower number and committed later. Among the newest so many such a
    late one pushes the smallest out, or is one more; all of it is read from the end of the primary key.
    """
    found = Event.objects.order_by("-id").values("id")[:_NEWEST].aggregate(
        newest=Max("id"), oldest=Min("id"), number=Count("id")
    )  # fmt: skip
    return f"{found['newest'] or 0}.{found['oldest'] or 0}.{found['number']}"
