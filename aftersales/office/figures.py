"""The numbers of the dashboard, each counted by the database in one query over indexed columns. Used by page and CSV alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from aftersales.ledger.models import DailyRun, Delivery, Outbound, Timer
from aftersales.office.scope import Scope
from customers.actions.proof import limits
from returns.models import FreightEntry, Refund, Rejection, Return, ReturnLine
from returns.queries import FINAL
from returns.rules import reasons
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Flow:
    """How many returns came and went in the period, and in as many days before it."""

    opened: int
    opened_before: int
    settled: int
    settled_before: int


def _returns(scope: Scope, actor: Actor) -> QuerySet[Return]:
    rows: QuerySet[Return] = Return.objects.visible_to(actor)
    return rows.filter(order__shop=scope.shop) if scope.shop else rows


def _submitted(scope: Scope, actor: Actor) -> QuerySet[Return]:
    return _returns(scope, actor).filter(submitted_at__gte=scope.begins, submitted_at__lt=scope.ends)


def open_by_status(scope: Scope, actor: Actor, now: dt.datetime) -> list[tuple[str, int, int]]:
    """Status, returns in it now, and how many of these are overdue. Not bound to the period: open is open."""
    late = Q(ticket__due_at__lt=now) & ~Q(ticket__status="closed")
    rows = _returns(scope, actor).exclude(status__in=FINAL).order_by().values("status")
    counted = {row["status"]: row for row in rows.annotate(count=Count("pk"), late=Count("pk", filter=late))}
    return [
        (status, counted[status]["count"], counted[status]["late"])
        for status in Return.Status.values
        if status in counted
    ]


def overdue_tickets(scope: Scope, actor: Actor, now: dt.datetime) -> int:
    """Open work whose due time has passed, of every kind. Not bound to the period."""
    rows = Ticket.objects.visible_to(actor).overdue(now)
    return rows.filter(order__shop=scope.shop).count() if scope.shop else rows.count()


def refunds_due(scope: Scope, actor: Actor) -> tuple[int, list[Money]]:
    """How many refunds wait to be paid, and the sum in each currency."""
    rows = Refund.objects.filter(status=Refund.Status.DUE, of__in=Return.objects.visible_to(actor))
    if scope.shop:
        rows = rows.filter(of__order__shop=scope.shop)
    sums = list(
        rows.order_by().values("currency").annotate(count=Count("pk"), sum=Sum("total_minor")).order_by("currency")
    )
    return sum(row["count"] for row in sums), [Money(row["sum"], row["currency"]) for row in sums]


def flow(scope: Scope, actor: Actor) -> Flow:
    """Submitted and closed. Withdrawn and expired requests are not settled, they went away."""
    before = scope.before

    def within(column: str, period: Scope) -> Count:
        return Count("pk", filter=Q(**{f"{column}__gte": period.begins, f"{column}__lt": period.ends}))

    counts: Mapping[str, int] = (
        _returns(scope, actor)
        .filter(Q(submitted_at__gte=before.begins) | Q(closed_at__gte=before.begins))
        .aggregate(
            opened=within("submitted_at", scope),
            opened_before=within("submitted_at", before),
            settled=within("closed_at", scope),
            settled_before=within("closed_at", before),
        )
    )
    return Flow(**counts)


def median_hours_to_decision(scope: Scope, actor: Actor) -> float | None:
    """From request to first approval or refusal, of what was submitted in the period and is decided; None when nothing is.

    The middle row by sorting: the same on both databases, where a percentile function exists on one only.
    """
    refused = Rejection.objects.filter(of=OuterRef("pk"), stage="request").order_by("at").values("at")[:1]
    waits = (
        _submitted(scope, actor)
        .annotate(decided_at=Coalesce(Subquery(refused), F("approval__at")))
        .exclude(decided_at=None)
        .annotate(wait=ExpressionWrapper(F("decided_at") - F("submitted_at"), DurationField()))
        .order_by("wait")
        .values_list("wait", flat=True)
    )
    count = waits.count()
    if not count:
        return None
    middle = list(waits[(count - 1) // 2 : count // 2 + 1])
    seconds: float = sum(wait.total_seconds() for wait in middle) / len(middle)
    return seconds / 3600


def by_reason_group(scope: Scope, actor: Actor) -> list[tuple[str, int]]:
    """Returns submitted in the period by group of reason, as found where somebody looked, else as told; most first.

    A return with lines in two groups counts in both, as it is in both lists.
    """
    codes: dict[str, list[str]] = {group.code: [leaf.code for leaf in group.reasons] for group in reasons.groups()}
    counts: Any = Case(When(found_reason="", then=F("reason")), default=F("found_reason"))
    group = Case(
        *[When(code__in=leaves, then=Value(name)) for name, leaves in codes.items()],
        default=Value(""),
        output_field=CharField(),
    )
    rows = (
        ReturnLine.objects.filter(of__in=_submitted(scope, actor))
        .order_by()
        .annotate(code=counts)
        .annotate(group=group)
        .values("group")
        .annotate(count=Count("of", distinct=True))
    )
    return sorted(((row["group"], row["count"]) for row in rows), key=lambda pair: (-pair[1], pair[0]))


def by_return_payer(scope: Scope, actor: Actor) -> list[tuple[str, int]]:
    """Returns submitted in the period by who bears the freight of the way back; most first."""
    legs = FreightEntry.objects.filter(leg=FreightEntry.Leg.RETURN, of__in=_submitted(scope, actor)).order_by()
    rows = legs.values("payer").annotate(count=Count("pk"))
    return sorted(((row["payer"], row["count"]) for row in rows), key=lambda pair: (-pair[1], pair[0]))


def is_flooded(now: dt.datetime) -> bool:
    """Whether within the last hour so many wrong proofs came that only links open orders."""
    return limits.flooded_since(now - limits.ALL_TOGETHER.within)


def stuck() -> int:
    """Rows of every table of things due that only a person can move on."""
    tables = (Timer, Delivery, Outbound, DailyRun)
    first, *rest = (model.objects.stuck().order_by().values_list("pk") for model in tables)
    return first.union(*rest, all=True).count()
