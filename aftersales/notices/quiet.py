"""The hours in which nobody is written to of the shop's own accord. Asked by reminders before they set their time."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from aftersales.kernel.clock import shop_zone


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
