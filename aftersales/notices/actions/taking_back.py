"""A notice that has not begun to leave is not sent after all. Called by actions that end what it rested on."""

from __future__ import annotations

import datetime as dt

from django.db.models import Model

from aftersales.ledger import outbox
from aftersales.notices.models import Notice


def take_back(notice: Notice, *, at: dt.datetime) -> bool:
    """In the caller's transaction. False when it is leaving or has left: then it stays as it is."""
    if notice.outbound is None or not outbox.take_back(notice.outbound, at=at):
        return False
    waiting = Notice.objects.filter(pk=notice.pk, state=Notice.State.PENDING)
    return bool(waiting.update(state=Notice.State.STOPPED))


def take_back_about(thing: Model, *, at: dt.datetime) -> int:
    """Every notice about this thing that has not begun to leave, in the caller's transaction. Returns how many."""
    about = {"about_type": thing._meta.label_lower, "about_id": thing.pk}
    waiting = Notice.objects.filter(state=Notice.State.PENDING, **about)
    return sum(take_back(notice, at=at) for notice in waiting.select_related("outbound").order_by("pk"))
