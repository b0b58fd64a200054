"""Fields that several forms about complaints share: the classes in their groups, a day."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel import clock
from tickets.models import ComplaintClass


def class_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be chosen now, under its class, in the reader's language."""
    groups: dict[str, list[tuple[str, str]]] = {str(label): [] for label in ComplaintClass.Group.labels}
    for each in ComplaintClass.objects.filter(is_offered=True):
        groups[str(each.get_group_display())].append((each.code, str(each)))
    return [(group, kinds) for group, kinds in groups.items() if kinds]


def today_and(days: int) -> dt.date:
    """So many days from now where the shop is."""
    return clock.shop_date(clock.now()) + dt.timedelta(days=days)
