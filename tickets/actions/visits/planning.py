"""Plan visits: after a signature, after a closed complaint, after a settled return, and the next one of a series.

Each is one row under a key of order or ticket × plan × step, so that whatever repeats plans nothing twice. What would
already be long due is not planned: nobody is asked about last year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.refs import new_ref
from aftersales.ledger import timers
from aftersales.ledger.record import record
from aftersales.notices.quiet import after_quiet
from customers.models import Order, OrderLine, Person
from tickets.models import Ticket, Visit, VisitPlan, VisitStep

DUE = "visit.due"  # the timer
HOUR = dt.time(10)  # of the day where the shop is: nobody is called before breakfast
STALE = dt.timedelta(days=3)  # so long after its time a visit is not planned any more
LOOK_BACK = dt.timedelta(days=14)  # signatures that the daily job looks at


@transaction.atomic
def plan_after_signing(order_id: int, *, at: dt.datetime) -> int:
    """The visits of the plans that fit what the customer has kept; none before the last parcel was signed for.

    One that came late is apologised for by plans of its own, beside those of every parcel. Returns how many are new.
    `at` is now; days count from the signature.
    """
    order: Order = Order.objects.select_for_update().select_related("person").get(pk=order_id)
    signed_at = _signed_at(order)
    if signed_at is None:
        return 0
    planned = 0
    for plan in _plans_of(order):
        for step in _steps(plan):
            due = due_on(signed_at, step.days)
            planned += _plan(plan, step.number, step.channel, f"order:{order.pk}", due, order.person, order, None, at)
    return planned


@transaction.atomic
def plan_after_ticket(ticket_id: int, occasion: str, *, at: dt.datetime) -> int:
    """The visits after a complaint was closed or a return settled, under the case's team. Returns how many are new."""
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("person", "order").get(pk=ticket_id)
    lines = list(_lines(ticket.order)) if ticket.order else []
    planned = 0
    for plan in fitting(occasion, lines):
        for step in _steps(plan):
            due = due_on(at, step.days)
            key = f"ticket:{ticket.pk}"
            planned += _plan(plan, step.number, step.channel, key, due, ticket.person, ticket.order, ticket, at)
    return planned


def plan_missing(now: dt.datetime) -> None:
    """Once a day: orders that were signed for without a carrier's report, as imports bring them."""
    rows = Order.objects.filter(delivered_at__gt=now - LOOK_BACK, delivered_at__lte=now, visits=None)
    for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
        plan_after_signing(pk, at=now)


def plan_next(visit: Visit, *, at: dt.datetime) -> None:
    """Another visit of a series, behind the last step. In the transaction of the action that ended this one."""
    scope = visit.key.rsplit(":", 2)[0]
    if (
        not visit.plan.until_proficient
        or Visit.objects.open().filter(key__startswith=f"{scope}:{visit.plan_id}:").exists()
    ):
        return
    steps = _steps(visit.plan)
    number = max([visit.number, *(step.number for step in steps)]) + 1
    channel = steps[-1].channel if steps else visit.channel
    due = due_on(at, visit.plan.series_days)
    _plan(
        visit.plan, number, channel, scope, due, visit.person, visit.order, visit.after, at,
        assignee_id=visit.assignee_id,
    )  # fmt: skip


def fitting(occasion: str, lines: Iterable[OrderLine]) -> list[VisitPlan]:
    """The most exact plans for these lines: of their categories, else of their goods classes, else for everything."""
    plans = list(VisitPlan.objects.filter(occasion=occasion, is_active=True).prefetch_related("steps"))
    categories = {line.sku.product.category for line in lines if line.sku and line.sku.product.category}
    exact = {category.pk for category in categories}
    classes = {category.goods_class for category in categories}
    by_category = [plan for plan in plans if plan.category_id in exact]
    by_class = [plan for plan in plans if plan.category_id is None and plan.goods_class in classes]
    for_all = [plan for plan in plans if plan.category_id is None and not plan.goods_class]
    return by_category or by_class or for_all


def due_on(since: dt.datetime, days: int) -> dt.datetime:
    """So many days of the shop's calendar later, at the hour of visits, outside the quiet hours (UTC)."""
    day = clock.shop_date(since) + dt.timedelta(days=days)
    return after_quiet(dt.datetime.combine(day, HOUR, clock.shop_zone()))


def put_off(visit: Visit, due_at: dt.datetime, *, at: dt.datetime) -> None:
    """Move a visit to another time (UTC), without saving it. In the caller's transaction."""
    visit.due_at = due_at
    timers.set_timer(DUE, on=visit, due_at=due_at, at=at)


def kept_plans(order: Order) -> set[int]:
    """Primary keys of the plans that fit what is left of an order after its returns."""
    return {plan.pk for plan in _plans_of(order)}


def _plans_of(order: Order) -> list[VisitPlan]:
    kept = _kept(order)
    if not kept:
        return []
    late = any(shipment.is_late for shipment in order.shipments.all())
    return [*(fitting(VisitPlan.Occasion.LATE, kept) if late else ()), *fitting(VisitPlan.Occasion.SIGNED, kept)]


def _plan(
    plan: VisitPlan, number: int, channel: str, scope: str, due: dt.datetime, person: Person, order: Order | None,
    after: Ticket | None, at: dt.datetime, *, assignee_id: int | None = None, actor: Actor = SYSTEM,
) -> bool:  # fmt: skip
    if due < at - STALE or (person.source == Person.SHOP):
        return False
    visit, new = Visit.objects.get_or_create(
        key=f"{scope}:{plan.pk}:{number}",
        defaults={
            "ref": new_ref("V"), "plan": plan, "number": number, "person": person, "order": order, "after": after,
            "team": after.team if after is not None and after.team else plan.team, "assignee_id": assignee_id,
            "channel": channel, "planned_at": at, "due_at": due,
        },
    )  # fmt: skip
    if new:
        timers.set_timer(DUE, on=visit, due_at=due, at=at)
        record("visit.planned", on=visit, actor=actor, at=at, day=clock.shop_date(due).isoformat())
    return new


def _steps(plan: VisitPlan) -> list[VisitStep]:
    return sorted((step for step in plan.steps.all() if step.is_active), key=lambda step: step.number)


def _signed_at(order: Order) -> dt.datetime | None:
    """When the last parcel was handed over; None while one is on its way."""
    signed = [shipment.signed_at for shipment in order.shipments.all()]
    if None in signed or not signed:
        return order.delivered_at
    return max(moment for moment in signed if moment)


def _lines(order: Order) -> Iterable[OrderLine]:
    return order.lines.select_related("sku__product__category")


def _kept(order: Order) -> list[OrderLine]:
    """Lines of which the customer has something that is in no return; none of an order that is off or all paid back.

    An order that never counted its units has them all.
    """
    is_off = order.status in (Order.Status.CANCELLED, Order.Status.UNAVAILABLE)
    if is_off or 0 < order.paid_minor <= order.refunded_minor:
        return []
    return [line for line in _lines(order) if line.claimed_quantity < max(line.shipped_quantity, 1)]
