"""Mark notices of the desk as read. Called by the inbox page."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.policy import check
from aftersales.kernel.prepared import HOW_MANY, Later, prepared
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


def unread_of(actor: Actor) -> Later[int] | None:
    """How many notices wait to be read, for the badge in the rail: one number. None for whoever gets none."""
    return _unread.later(user=actor.id) if actor.kind == "staff" and actor.id is not None else None


def unread_count(actor: Actor) -> int:
    """The same number at once, 0 for whoever gets none."""
    found = unread_of(actor)
    return found.rows[0] if found else 0


@prepared
def _unread(*, user: int) -> QuerySet[Notice, int]:
    return Notice.objects.in_app_of(user).unread().order_by().values_list(HOW_MANY, flat=True)
