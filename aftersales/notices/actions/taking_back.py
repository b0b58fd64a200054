"""A notice that has not begun to leave is not sent after all. Called by actions that end what it rested on."""

from __future__ import annotations

import datetime as dt

from aftersales.ledger import outbox
from aftersales.notices.models import Notice


def take_back(notice: Notice, *, at: dt.datetime) -> bool:
    """In the caller's transaction. False when it is leaving or has left: then it stays as it is."""
    if notice.outbound is None or not outbox.take_back(notice.outbound, at=at):
        return False
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.PENDING)
    return bool(waiting.update(state=Notice.State.STOPPED))
