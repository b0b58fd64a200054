"""The calendar a new shop starts with, and the working days of its years. Called after every migration; the years daily, too."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from tickets.actions.calendars import create_calendar
from tickets.actions.working_days import add_year, needs_renewing
from tickets.models import WorkCalendar
from tickets.models.calendar import SHOP
from tickets.models.calendar_settings import usual_week

COUNTRY, FIRST_YEAR = "CN", 2024


def bring_years(now: dt.datetime) -> None:
    """Years of the table up to the next one that are missing or have been announced since. What managers typed is never
    touched, and a table that knows them all stays as it is."""
    for year in range(FIRST_YEAR, clock.shop_date(now).year + 2):
        if needs_renewing(COUNTRY, year):
            add_year(COUNTRY, year, actor=SYSTEM)


@transaction.atomic
def seed_calendars() -> None:
    """The years of the table, and the calendar "shop": Monday to Friday 09:00-18:00 without a break, following the working days
    of China. What is there is never touched."""
    bring_years(clock.now())
    if not WorkCalendar.objects.filter(key=SHOP).exists():
        usual = usual_week(["09:00-18:00"], settings.SHOP_TIME_ZONE)
        create_calendar(
            SHOP,
            name_zh="店铺营业时间",
            name_en="Shop hours",
            settings={**usual, "breaks": [], "follows": COUNTRY, "own": {}},
            actor=SYSTEM,
        )
