"""The hours in which nobody is written to of the shop's own accord.

Asked when a reminder is set, when it fires (a worker may have been away) and when its message leaves (a gateway may have been).
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from aftersales.kernel.clock import shop_zone
from aftersales.ledger.models import Outbound
from aftersales.notices.kinds import KINDS


def after_quiet(at: dt.datetime) -> dt.datetime:
    """`at`, or the end of the quiet hours (`QUIET_HOURS`, the shop's wall clock) it lies in. Aware in, UTC out."""
    begins, ends = settings.QUIET_HOURS
    local = at.astimezone(shop_zone())
    wall = local.time()
    is_quiet = begins <= wall or wall < ends if begins > ends else begins <= wall < ends
    if not is_quiet:
        return at.astimezone(dt.UTC)
    day = local.date() + dt.timedelta(days=1 if begins > ends and wall >= begins else 0)
    return dt.datetime.combine(day, ends, tzinfo=shop_zone()).astimezone(dt.UTC)


def may_leave_at(item: Outbound, now: dt.datetime) -> dt.datetime:
    """`now`, or the morning for what keeps out of the quiet hours. The channels' `waits_until`."""
    kind = KINDS.get(item.topic)
    return after_quiet(now) if kind is not None and kind.keeps_quiet else now
