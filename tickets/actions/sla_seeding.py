"""The service levels a new shop starts with. Called after every migration, once the calendars are there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.worktime_form import WEEKDAYS
from tickets.actions.calendars import create_calendar
from tickets.models import PolicyVersion, SlaPolicy, WorkCalendar
from tickets.models.calendar import SHOP
from tickets.models.sla_policy import DEFAULT

ALWAYS = "always"


def _row(metric: str, target: str, kind: str = "", calendar: str = SHOP, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "target": target, "calendar": calendar, **({"kind": kind} if kind else {}), **more}


# First contact within 15 minutes of opening hours and the answer to a complaint on the same day are the shop's own rules;
# the other figures are a beginning that managers change.
SETTINGS: dict[str, Any] = {
    "targets": [
        _row("first_response", "15m", "question"),
        _row("first_response", "15m", "complaint"),
        _row("answer", "same_day", "complaint", ALWAYS),
        _row("next_response", "30m", "complaint"),
        _row("next_response", "30m", "question", priority=1),
        _row("next_response", "30m", "question", tier="regular"),
        _row("next_response", "1h", "question"),
        *(_row("next_response", "4h", kind) for kind in ("return", "exchange", "repair")),
        _row("resolution", "27h", "complaint"),
        _row("resolution", "4h", "question", priority=1),
        _row("resolution", "9h", "question", priority=2),
        _row("resolution", "18h", "question"),
    ],
    "pauses": {"next_response": ["customer"], "resolution": ["customer"]},
    "warnings": {
        "first_response": ["50%", "80%"],
        "answer": ["50%", "80%", "1h"],
        "next_response": ["50%", "80%"],
        "resolution": ["50%", "80%", "30m"],
    },
    "steps": [
        {"metric": "first_response", "after": "15m", "do": "raise_priority"},
        {"metric": "first_response", "after": "1h", "do": "reassign"},
        {"metric": "answer", "after": "0m", "do": "tell_manager"},
        {"metric": "next_response", "after": "2h", "do": "notify"},
        {"metric": "resolution", "after": "4h", "do": "tell_manager"},
    ],
    "continue_within": "60m",
}


@transaction.atomic
def seed_policy() -> None:
    """The calendar that never closes, and the policy "default". What is there is never touched."""
    if not WorkCalendar.objects.filter(key=ALWAYS).exists():
        week = {name: ["00:00-24:00"] for name in WEEKDAYS}
        around_the_clock = {"zone": settings.SHOP_TIME_ZONE, "week": week, "breaks": [], "follows": "", "own": {}}
        create_calendar(ALWAYS, name_zh="全天候", name_en="Around the clock", settings=around_the_clock, actor=SYSTEM)
    if not SlaPolicy.objects.filter(key=DEFAULT).exists():
        policy = SlaPolicy.objects.create(key=DEFAULT, name_zh="店铺时效", name_en="Shop service levels")
        PolicyVersion.objects.create(policy=policy, number=1, settings=SETTINGS, created_at=clock.now())
