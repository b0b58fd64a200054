"""Plan what falls due: each night, for every plan, the occasions of the days that were not planned yet. Called by jobs."""

from __future__ import annotations

import datetime as dt
from itertools import islice

from django.db import transaction

from aftersales.kernel.clock import shop_date, shop_zone
from aftersales.ledger import timers
from aftersales.notices.quiet import after_quiet
from customers.gather.obstacles import agreed, chosen
from customers.gather.occasions import Found, occasions
from customers.models import CareMessage, CarePlan

SEND = "care.send"
HOUR = dt.time(10)  # of the shop's day
CATCH_UP = dt.timedelta(days=30)  # nights that were missed and are still gone through
_BATCH = 200
_DAY = dt.timedelta(days=1)
# How many days later a message still makes sense. A greeting belongs to its day.
LATEST = {CarePlan.Occasion.BIRTHDAY: 0, CarePlan.Occasion.ANNIVERSARY: 3}
LATEST_ELSE = 14
# These happen in the course of a day, and the shop may hear of them late: each night looks at the days before again. News may be
# made active on its very day, and somebody may agree to it the day after.
HAPPENING = (CarePlan.Occasion.REFERRAL, CarePlan.Occasion.REFILL, CarePlan.Occasion.NEWS)


def plan_care(at: dt.datetime) -> int:
    """Plan every active plan up to today; returns how many messages are new. Repeated after a crash it adds what is missing.

    The days of a plan that rests are passed over, up to the last night that found it so: nothing older is sent later.
    """
    today, planned = shop_date(at), 0
    for plan in CarePlan.objects.order_by("pk"):
        begins = (plan.begins_on or plan.planned_until or today - _DAY) if plan.active else today
        if plan.active:
            first = max((plan.planned_until or today - _DAY) + _DAY, today - CATCH_UP)
            if plan.occasion in HAPPENING:
                first = max(min(first, today - LATEST_ELSE * _DAY), begins)
            found = occasions(plan, first, today) if first <= today else iter(())
            while some := list(islice(found, _BATCH)):
                planned += _plan(plan, some, at)
        CarePlan.objects.filter(pk=plan.pk).update(planned_until=today, begins_on=begins)
    return planned


@transaction.atomic
def _plan(plan: CarePlan, found: list[Found], at: dt.datetime) -> int:
    of_plan = CareMessage.objects.filter(plan=plan, person__in={each.person_id for each in found})
    known = set(of_plan.values_list("person_id", "key"))
    return sum(plan_one(plan, each, at) for each in found if (each.person_id, each.key) not in known)


def plan_one(plan: CarePlan, found: Found, at: dt.datetime) -> bool:
    """One message, in the caller's transaction; False where it is planned already."""
    message, is_new = CareMessage.objects.get_or_create(
        plan=plan, person_id=found.person_id, key=found.key,
        defaults={"order_id": found.order_id, "goods": found.goods, "day": found.day, "planned_at": at},
    )  # fmt: skip
    if is_new:
        due_at = dt.datetime.combine(found.day, HOUR, shop_zone()).astimezone(dt.UTC)
        timers.set_timer(SEND, on=message, due_at=after_quiet(max(due_at, at)), at=at)
    return is_new


@transaction.atomic
def thank(person_id: int, *, case: str, at: dt.datetime) -> int:
    """A case of this person was settled: what the plans for that say, if they agreed. Twice for one case is once."""
    planned = 0
    for plan in CarePlan.objects.filter(occasion=CarePlan.Occasion.THANKS, active=True):
        if agreed([person_id], plan.purpose) and chosen([person_id], plan):
            found = Found(person_id, shop_date(at) + plan.days * _DAY, f"case:{case}")
            planned += plan_one(plan, found, at)
    return planned


def is_late(message: CareMessage, at: dt.datetime) -> bool:
    """Whether its day is so long over that it is better not sent."""
    latest = LATEST.get(CarePlan.Occasion(message.plan.occasion), LATEST_ELSE)
    return shop_date(at) > message.day + latest * _DAY
