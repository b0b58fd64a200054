"""Take messages back and out of sight when the person they are to or about is erased. Called by `notices.personal`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from aftersales.kernel import clock
from aftersales.ledger import outbox
from aftersales.ledger.models import Due
from aftersales.notices.models import Notice


def leave_nothing_waiting(rows: QuerySet[Any]) -> None:
    """In the caller's transaction: what has not begun to leave does not leave any more."""
    at = clock.now()
    for item in rows.filter(status__in=(Due.Status.PENDING, Due.Status.QUARANTINED)).order_by("pk"):
        if outbox.take_back(item, at=at):
            Notice.objects.filter(outbound=item, state=Notice.State.PENDING).update(state=Notice.State.STOPPED)


def untell_staff(rows: QuerySet[Any]) -> None:
    """In the caller's transaction: lines in the desk's inbox go; without their words they would say nothing."""
    rows.filter(channel=Notice.Channel.IN_APP).delete()
