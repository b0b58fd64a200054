"""Whose occasion falls on which day: birthdays, anniversaries, warranties, refills, silence, referrals, news. Reads only.

A settled case is no day that can be looked up: its plan is carried out when the case closes (`customers.listeners`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, IntegerField, Min, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractDay, ExtractMonth

from aftersales.kernel.clock import end_of_shop_day, shop_date
from customers.models import Birthday, CarePlan, Category, Consent, OrderLine, Person, Referral, Score, Standing

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """One occasion of one person. `day` is when a message would be sent; `key` is the same however often it is looked up."""

    person_id: int
    day: dt.date
    key: str
    order_id: int | None = None
    goods: str = ""


def occasions(plan: CarePlan, first: dt.date, last: dt.date, *, agreed: bool = True) -> Iterator[Found]:
    """The occasions of a plan whose messages fall between two days of the shop's calendar, both included.

    `agreed`: only of people whose consent for the plan's purpose stands. A plan for segments is about nobody else. The
    rows come in no order.
    """
    days = [first + number * _DAY - plan.days * _DAY for number in range((last - first).days + 1)]
    match plan.occasion:
        case CarePlan.Occasion.BIRTHDAY:
            found = _birthdays(_of(Birthday.objects.all(), plan, "person_id", agreed), days)
        case CarePlan.Occasion.ANNIVERSARY:
            found = _anniversaries(_of(Standing.objects.all(), plan, "person_id", agreed), days)
        case CarePlan.Occasion.SILENCE:
            found = _silences(_of(Standing.objects.all(), plan, "person_id", agreed), days)
        case CarePlan.Occasion.REFERRAL:
            found = _referrals(_of(Referral.objects.all(), plan, "by_id", agreed), days)
        case CarePlan.Occasion.NEWS:
            found = _news(_of(Person.objects.all(), plan, "pk", agreed), plan, days)
        case CarePlan.Occasion.WARRANTY | CarePlan.Occasion.REFILL:
            found = _goods(plan, _of(OrderLine.objects.all(), plan, "order__person_id", agreed), days)
        case _:
            return
    for each in found:
        yield Found(each.person_id, each.day + plan.days * _DAY, each.key, each.order_id, each.goods)


def _of(rows: QuerySet[Any], plan: CarePlan, person: str, agreed: bool) -> QuerySet[Any]:
    standing = Consent.objects.filter(person_id=OuterRef(person), purpose=plan.purpose, withdrawn_at=None)
    if segments := list(plan.segments.values_list("pk", flat=True)):
        rows = rows.filter(Exists(Score.objects.filter(person_id=OuterRef(person), segment__in=segments)))
    return rows.filter(Exists(standing)) if agreed else rows


def _dates(days: Iterable[dt.date]) -> dict[int, dt.date]:
    """`month * 100 + day` of each day. Who was born on 29 February is greeted on the 28th where there is none."""
    numbers = {day.month * 100 + day.day: day for day in days}
    if (eve := numbers.get(228)) is not None and (eve + _DAY).month == 3:
        numbers[229] = eve
    return numbers


def _birthdays(rows: QuerySet[Any], days: list[dt.date]) -> Iterator[Found]:
    dates = _dates(days)
    rows = rows.annotate(number=F("month") * 100 + F("day")).filter(number__in=list(dates))
    for person_id, number in rows.values_list("person_id", "number").iterator():
        yield Found(person_id, dates[number], str(dates[number].year))


def _anniversaries(rows: QuerySet[Any], days: list[dt.date]) -> Iterator[Found]:
    dates = _dates(days)
    number = ExtractMonth("first_order_on") * 100 + ExtractDay("first_order_on", output_field=IntegerField())
    rows = rows.annotate(number=number).filter(number__in=list(dates))
    for person_id, number, began in rows.values_list("person_id", "number", "first_order_on").iterator():
        if began.year < dates[number].year:
            yield Found(person_id, dates[number], str(dates[number].year))


def _silences(rows: QuerySet[Any], days: list[dt.date]) -> Iterator[Found]:
    rows = rows.filter(last_order_on__range=(min(days), max(days)))
    for person_id, day in rows.values_list("person_id", "last_order_on").iterator():
        yield Found(person_id, day, f"since:{day}")


def _referrals(rows: QuerySet[Any], days: list[dt.date]) -> Iterator[Found]:
    """The day on which both are known: who recommended the shop, and that the new customer bought."""
    rows = rows.annotate(bought_on=Min("person__standings__first_order_on"))
    rows = rows.filter(Q(on__in=days, bought_on__lte=F("on")) | Q(bought_on__in=days, on__lt=F("bought_on")))
    for person_id, by_id, on, bought_on in (
        rows.order_by().values_list("person_id", "by_id", "on", "bought_on").iterator()
    ):
        yield Found(by_id, max(on, bought_on), f"referral:{person_id}")


def _news(rows: QuerySet[Any], plan: CarePlan, days: list[dt.date]) -> Iterator[Found]:
    """Everybody, on the plan's own day. The key is the same whatever day that is: putting it off writes to nobody twice."""
    if plan.date in days:
        for person_id in rows.values_list("pk", flat=True).iterator():
            yield Found(person_id, plan.date, "news")


def _goods(plan: CarePlan, rows: QuerySet[Any], days: list[dt.date]) -> Iterator[Found]:
    """Lines of which something was kept, by the day on which they were signed for; one for each order and category."""
    of_warranty = plan.occasion == CarePlan.Occasion.WARRANTY
    categories = Category.objects.filter(pk=plan.category_id) if plan.category_id else Category.objects.all()
    for category in categories.filter(warranty_days__gt=0) if of_warranty else categories:
        runs = category.warranty_days if of_warranty else 0
        since = end_of_shop_day(min(days) - (runs + 1) * _DAY)
        until = end_of_shop_day(max(days) - runs * _DAY)
        lines = rows.filter(
            sku__product__category=category, order__delivered_at__gte=since, order__delivered_at__lt=until,
            claimed_quantity__lt=F("quantity"),
        )  # fmt: skip
        names = ("order__person_id", "order_id", "order__delivered_at", "title")
        for person_id, order_id, signed_at, title in lines.order_by("id").values_list(*names):
            day = shop_date(signed_at) + runs * _DAY
            yield Found(person_id, day, f"order:{order_id}:{category.pk}", order_id, title)
