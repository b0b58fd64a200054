"""The numbers of the report on visits. Used by page and CSV alike."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet

from aftersales.kernel.actor import Actor
from aftersales.office.scope import Scope
from customers.models import Order
from tickets.models import Visit

MOST = 10  # categories and colleagues shown; the list behind has all
SUGGESTIONS = 30
_REACHED = Q(state="done") & ~Q(outcome="unreached")


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the visits that ended in the period. `late`: still to make, or to post, and overdue now, whenever they were planned."""

    done: int
    reached: int
    by_customer: int
    helped: int
    suggestions: int
    satisfaction: float | None
    late: int

    @property
    def rate(self) -> int | None:
        """Percent of the visits done whose customer was reached."""
        return round(100 * self.reached / self.done) if self.done else None


def ended(scope: Scope, actor: Actor) -> QuerySet[Visit]:
    """The visits done in the period; those called off are none."""
    rows: QuerySet[Visit] = Visit.objects.visible_to(actor).filter(
        state=Visit.State.DONE, ended_at__gte=scope.begins, ended_at__lt=scope.ends
    )
    return rows.filter(order__shop=scope.shop) if scope.shop else rows


def totals(scope: Scope, actor: Actor, now: dt.datetime) -> Totals:
    """In two statements."""
    counted = ended(scope, actor).aggregate(
        done=Count("pk"),
        reached=Count("pk", filter=_REACHED),
        by_customer=Count("pk", filter=Q(by_customer=True)),
        helped=Count("pk", filter=Q(outcome="help")),
        suggestions=Count("pk", filter=~Q(suggestion="")),
        satisfaction=Avg("satisfaction"),
    )
    late = Visit.objects.visible_to(actor).late(now)
    return Totals(**counted, late=(late.filter(order__shop=scope.shop) if scope.shop else late).count())


def by_outcome(scope: Scope, actor: Actor) -> list[tuple[str, int]]:
    """What came of them, most first."""
    rows = ended(scope, actor).order_by().values("outcome").annotate(n=Count("pk")).order_by("-n", "outcome")
    return [(row["outcome"], row["n"]) for row in rows]


def by_channel(scope: Scope, actor: Actor) -> list[tuple[str, int, int]]:
    """Channel, visits done, of these reached."""
    rows = ended(scope, actor).order_by().values("channel")
    counted = rows.annotate(n=Count("pk"), reached=Count("pk", filter=_REACHED)).order_by("-n", "channel")
    return [(row["channel"], row["n"], row["reached"]) for row in counted]


def by_category(scope: Scope, actor: Actor) -> list[tuple[int, str, str, int, float]]:
    """Key and names of a category, how many of its buyers rated it, and their mean; the least content first.

    A visit about an order with articles of two categories counts for both.
    """
    path = "order__lines__sku__product__category"
    rows = ended(scope, actor).filter(satisfaction__isnull=False, **{f"{path}__isnull": False}).order_by()
    scores: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    # A visit once for each category, however many lines its order has of it.
    for _pk, *category, score in rows.values_list(
        "pk", path, f"{path}__name_zh", f"{path}__name_en", "satisfaction"
    ).distinct():
        scores[tuple(category)].append(score)
    rated = [(*category, len(given), sum(given) / len(given)) for category, given in scores.items()]
    return sorted(rated, key=lambda row: (row[4], -row[3]))[:MOST]


def by_person(scope: Scope, actor: Actor) -> list[tuple[int, str, int, int]]:
    """Key and name of a colleague, visits done, of these reached. Answers of customers by themselves are nobody's."""
    rows = ended(scope, actor).filter(by__isnull=False).order_by().values("by", "by__name")
    counted = rows.annotate(n=Count("pk"), reached=Count("pk", filter=_REACHED)).order_by("-n", "by")
    return [(row["by"], row["by__name"], row["n"], row["reached"]) for row in counted[:MOST]]


def suggestions(scope: Scope, actor: Actor) -> list[Visit]:
    """What customers suggested, the newest first."""
    rows = ended(scope, actor).exclude(suggestion="").select_related("plan", "person")
    return list(rows.order_by("-ended_at", "-pk")[:SUGGESTIONS])


def bought_again(scope: Scope, actor: Actor) -> tuple[int, int, int, int]:
    """Orders signed for in the period whose customer was reached by a visit, of these who have ordered since; the same
    for those never reached."""
    orders: QuerySet[Order] = Order.objects.visible_to(actor).filter(
        delivered_at__gte=scope.begins, delivered_at__lt=scope.ends
    )
    if scope.shop:
        orders = orders.filter(shop=scope.shop)
    reached = Exists(Visit.objects.filter(_REACHED, order=OuterRef("pk")))
    again = Exists(Order.objects.filter(person=OuterRef("person"), placed_at__gt=OuterRef("delivered_at")))
    counted = orders.annotate(was_visited=reached, came_back=again).aggregate(
        visited=Count("pk", filter=Q(was_visited=True)),
        visited_again=Count("pk", filter=Q(was_visited=True, came_back=True)),
        others=Count("pk", filter=Q(was_visited=False)),
        others_again=Count("pk", filter=Q(was_visited=False, came_back=True)),
    )
    return counted["visited"], counted["visited_again"], counted["others"], counted["others_again"]
