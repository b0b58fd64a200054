"""The numbers of the report on complaints, each counted by the database. Used by page and CSV alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.office.scope import Scope
from customers.models import Order
from tickets.models import Complaint, ComplaintClass, Improvement, Satisfaction

MOST = 10  # articles and carriers shown; the list behind has all


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the period. `answered`: those whose answer is decided, in time or not; means are None where nobody was asked."""

    complaints: int
    orders: int
    answered: int
    in_time: int
    before: float | None
    after: float | None

    @property
    def rate(self) -> float | None:
        """Complaints for every 1,000 orders placed in the period."""
        return 1000 * self.complaints / self.orders if self.orders else None


def _received(scope: Scope, actor: Actor) -> QuerySet[Complaint]:
    rows: QuerySet[Complaint] = Complaint.objects.visible_to(actor).filter(
        received_at__gte=scope.begins, received_at__lt=scope.ends
    )
    return rows.filter(ticket__order__shop=scope.shop) if scope.shop else rows


def _orders(scope: Scope, actor: Actor) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.visible_to(actor).filter(
        placed_at__gte=scope.begins, placed_at__lt=scope.ends
    )
    return rows.filter(shop=scope.shop) if scope.shop else rows


def totals(scope: Scope, actor: Actor, now: dt.datetime) -> Totals:
    """Complaints, orders, same-day answers, mean satisfaction."""
    late = Q(answered_at__gt=F("answer_due_at")) | Q(answered_at=None, answer_due_at__lt=now)
    in_time = Q(answered_at__lte=F("answer_due_at"))
    counted = _received(scope, actor).aggregate(
        complaints=Count("pk"), in_time=Count("pk", filter=in_time), late=Count("pk", filter=late)
    )
    means = Satisfaction.objects.filter(complaint__in=_received(scope, actor)).aggregate(
        before=Avg("score", filter=Q(stage="before")), after=Avg("score", filter=Q(stage="after"))
    )
    return Totals(
        complaints=counted["complaints"],
        orders=_orders(scope, actor).count(),
        answered=counted["in_time"] + counted["late"],
        in_time=counted["in_time"],
        before=means["before"],
        after=means["after"],
    )


def by_month(scope: Scope, actor: Actor) -> list[tuple[dt.date, int, int]]:
    """First day of the month where the shop is, complaints received, orders placed; only months with either."""
    zone = clock.shop_zone()

    def counted(rows: QuerySet[Complaint] | QuerySet[Order], column: str) -> dict[dt.date, int]:
        months = rows.order_by().annotate(month=TruncMonth(column, tzinfo=zone)).values("month")
        return {row["month"].date(): row["count"] for row in months.annotate(count=Count("pk"))}

    complaints, orders = counted(_received(scope, actor), "received_at"), counted(_orders(scope, actor), "placed_at")
    return [(month, complaints.get(month, 0), orders.get(month, 0)) for month in sorted({*complaints, *orders})]


def by_group(scope: Scope, actor: Actor) -> list[tuple[str, int]]:
    """The four classes, most first."""
    return _counted(_received(scope, actor), "classification__group")


def by_kind(scope: Scope, actor: Actor) -> list[tuple[ComplaintClass, int]]:
    """Kinds within the classes, most first."""
    known = ComplaintClass.objects.in_bulk()
    return [(known[pk], count) for pk, count in _counted(_received(scope, actor), "classification_id")]


def by_sku(scope: Scope, actor: Actor) -> list[tuple[int, str, int]]:
    """Key and words of the article somebody named, most first, at most ten."""
    rows = _received(scope, actor).filter(line__sku__isnull=False).order_by()
    named = rows.values("line__sku_id", "line__sku__code", "line__sku__product__title").annotate(count=Count("pk"))
    return [
        (row["line__sku_id"], f"{row['line__sku__product__title']} {row['line__sku__code']}", row["count"])
        for row in named.order_by("-count", "line__sku_id")[:MOST]
    ]


def by_carrier(scope: Scope, actor: Actor) -> list[tuple[str, int]]:
    """Complaints about delivery by who carried a parcel of the order; one with two carriers counts for both."""
    rows = _received(scope, actor).filter(classification__group="logistics")
    carried = (
        rows.exclude(ticket__order__shipments__carrier=None).order_by().values("ticket__order__shipments__carrier")
    )
    counted = carried.annotate(count=Count("pk", distinct=True)).order_by("-count", "ticket__order__shipments__carrier")
    return [(row["ticket__order__shipments__carrier"], row["count"]) for row in counted[:MOST]]


def improvements(actor: Actor, now: dt.datetime) -> tuple[int, int]:
    """Improvements not done yet, and how many of these are late; of all complaints, whatever the period."""
    today = clock.shop_date(now)
    counted = (
        Improvement.objects.visible_to(actor)
        .filter(done_at=None)
        .aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    )
    return counted["open"], counted["late"]


def _counted(rows: QuerySet[Complaint], column: str) -> list[tuple[str, int]]:
    found = rows.order_by().values(column).annotate(count=Count("pk"))
    return sorted(((row[column], row["count"]) for row in found), key=lambda pair: (-pair[1], str(pair[0])))
