"""Mark notices of the desk as read. Called by the inbox page."""

from __future__ import annotations

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.notices.models import Notice


@transaction.atomic
def mark_read(actor: Actor, *, pk: int | None = None) -> int:
    """Mark one of the actor's own notices, or all of them; somebody else's does not exist. Returns how many changed."""
    check(actor, "desk.enter")
    if actor.kind != "staff" or actor.id is None:
        return 0
    mine = Notice.objects.in_app_of(actor.id).unread()
    if pk is not None:
        mine = mine.filter(pk=pk)
    return mine.order_by().update(read_at=clock.now())


def unread_count(actor: Actor) -> int:
    """How many notices wait to be read, for the badge in the rail."""
    if actor.kind != "staff" or actor.id is None:
        return 0
    return Notice.objects.in_app_of(actor.id).unread().order_by().count()
