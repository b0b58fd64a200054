"""Opening hours of the sample shop: an evening shift beside the shop's own hours, and days of its own as shops have them."""

from __future__ import annotations

import datetime as dt

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from tickets.actions.calendar_seeding import seed_calendars
from tickets.actions.calendars import create_calendar, save_calendar
from tickets.models import WorkCalendar
from tickets.models.calendar import SHOP

_EVENING = "evening"


def make_calendars(manager: Actor) -> None:
    """The shop takes stock on the last morning of the year and works through the sale; the evening shift runs past midnight."""
    seed_calendars()
    shop = WorkCalendar.objects.get(key=SHOP)
    settings = shop.current().settings
    year = clock.shop_date(clock.now()).year
    own = {
        f"{year}-12-31": {"hours": ["13:00-18:00"], "name": "上午盘点"},
        _second_saturday(year, 12).isoformat(): {"usual": True, "name": "双十二大促值班"},
    }
    save_calendar(shop.pk, {**settings, "own": own}, actor=manager, note="年底盘点与双十二值班")
    if not WorkCalendar.objects.filter(key=_EVENING).exists():
        week = {day: ["18:00-22:00"] for day in ("mon", "tue", "wed", "thu", "sun")}
        week |= {day: ["18:00-02:00+1"] for day in ("fri", "sat")}
        create_calendar(
            _EVENING,
            name_zh="晚班客服",
            name_en="Evening shift",
            settings={"zone": settings["zone"], "week": week, "breaks": [], "follows": "", "own": {}},
            actor=manager,
        )


def _second_saturday(year: int, month: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(5 - first.weekday()) % 7 + 7)
