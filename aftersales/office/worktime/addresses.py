"""The addresses of calendars and working days. Called by the office's site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from aftersales.office.servicelevels import moves
from aftersales.office.worktime import calendars, shop_days, working_days


def addresses(entered: Callable[[Any], Any]) -> list[URLPattern]:
    """`entered` lets those in who may enter the office."""
    return [
        path("calendars/", entered(calendars.calendars), name="calendars"),
        path("calendars/<slug:key>/", entered(calendars.calendar), name="calendar"),
        path("calendars/<slug:key>/days/", entered(shop_days.days), name="calendar_days"),
        path("calendars/<slug:key>/move/", entered(moves.calendar_move), name="calendar_move"),
        path(
            "calendars/<slug:key>/move/<int:pk>/cancellation/",
            entered(moves.calendar_cancellation),
            name="calendar_move_cancellation",
        ),
        path("working-days/", entered(working_days.days), name="working_days"),
        path("working-days/<slug:country>/<int:year>/", entered(working_days.year), name="working_year"),
    ]
