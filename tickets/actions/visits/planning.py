"""Plan visits: after a signature, after a closed complaint, after a settled return, and the next one of a series.

Each is one row under a key of order or ticket × plan × step, so that whatever repeats plans nothing twice. What would
already be long due is not planned: nobody is asked about last year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import prefetch_related_objects

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.kernel.refs import new_ref
from aftersales.ledger import timers
from aftersales.ledger.record import record_all
from aftersales.notices.quiet import after_quiet
from customers.models import Order, OrderLine, Person
from tickets.models import Ticket, Visit, VisitPlan, VisitStep

DUE = "visit.due"  # the timer
HOUR = dt.time(10)  # of the day where the shop is: nobody is called before breakfast
STALE = dt.timedelta(days=3)  # so long after its time a visit is not planned any more
LOOK_BACK = dt.timedelta(days=14)  # signatures that the daily job looks at
LOT = 500  # orders that the daily job plans in one transaction
_KEPT_OF = ("lines__sku__product__category", "shipments")  # what of an order its plans are chosen by


@transaction.atomic
def plan_after_signing(order_id: int, *, at: dt.datetime) -> int:
    """The visits of the plans that fit what the customer has kept; none before the last parcel was signed for.

    One that came late is apologised for by plans of its own, beside those of every parcel. Returns how many are new.
    `at` is now; days count from the signature.
    """
    return _plan_signed([order_id], at)


def plan_missing(now: dt.datetime) -> None:
    """Once a day: orders that were signed for without a carrier's report, as imports bring them.

    Some hundreds at a time, each lot in a transaction of its own, so that a run that was cut off has not begun in vain.
    """
    rows = Order.objects.filter(delivered_at__gt=now - LOOK_BACK, delivered_at__lte=now, visits=None)
    unplanned = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(unplanned), LOT):
        with transaction.atomic():
            _plan_signed(unplanned[start : start + LOT], now)


def _plan_signed(order_ids: Sequence[int], at: dt.datetime) -> int:
    """In the caller's transaction; the orders are locked, so that whatever repeats meanwhile waits and finds the visits."""
    locked = Order.objects.select_for_update(of=("self",)).select_related("person").order_by("pk")
    plans = _plans()
    wanted = []
    for order in locked.filter(pk__in=order_ids).prefetch_related(*_KEPT_OF):
        signed_at = _signed_at(order)
        if signed_at is not None:
            fitting_now = _plans_of(order, plans)
            wanted += _visits(fitting_now, signed_at, f"order:{order.pk}", order.person, order)
    return _plan(wanted, at)


@transaction.atomic
def plan_after_ticket(ticket_id: int, occasion: str, *, at: dt.datetime) -> int:
    """The visits after a complaint was closed or a return settled, under the case's team. Returns how many are new."""
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("person", "order").get(pk=ticket_id)
    lines = _with_goods(ticket.order).lines.all() if ticket.order else ()
    plans = fitting(occasion, lines, _plans())
    return _plan(_visits(plans, at, f"ticket:{ticket.pk}", ticket.person, ticket.order, ticket), at)


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
    following = _visit(visit.plan, number, channel, scope, due, visit.person, visit.order, visit.after)
    following.assignee_id = visit.assignee_id
    _plan([following], at)


def fitting(occasion: str, lines: Iterable[OrderLine], plans: Iterable[VisitPlan]) -> list[VisitPlan]:
    """The most exact plans for these lines: of their categories, else of their goods classes, else for everything."""
    plans = [plan for plan in plans if plan.occasion == occasion]
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
    return {plan.pk for plan in _plans_of(_with_goods(order), _plans())}


def _plans() -> list[VisitPlan]:
    return list(VisitPlan.objects.filter(is_active=True).select_related("team").prefetch_related("steps"))


def _plans_of(order: Order, plans: Iterable[VisitPlan]) -> list[VisitPlan]:
    kept = _kept(order)
    if not kept:
        return []
    late = any(shipment.is_late for shipment in order.shipments.all())
    apologies = fitting(VisitPlan.Occasion.LATE, kept, plans) if late else []
    return [*apologies, *fitting(VisitPlan.Occasion.SIGNED, kept, plans)]


def _visits(
    plans: Iterable[VisitPlan], since: dt.datetime, scope: str, person: Person, order: Order | None,
    after: Ticket | None = None,
) -> list[Visit]:  # fmt: skip
    """Every step of these plans, counted from `since` (UTC)."""
    return [
        _visit(plan, step.number, step.channel, scope, due_on(since, step.days), person, order, after)
        for plan in plans
        for step in _steps(plan)
    ]


def _visit(
    plan: VisitPlan, number: int, channel: str, scope: str, due: dt.datetime, person: Person, order: Order | None,
    after: Ticket | None = None,
) -> Visit:  # fmt: skip
    """A visit that is not kept yet."""
    return Visit(
        ref=new_ref("V"), key=f"{scope}:{plan.pk}:{number}", plan=plan, number=number, person=person, order=order,
        after=after, team=after.team if after is not None and after.team else plan.team, channel=channel, due_at=due,
    )  # fmt: skip


def _plan(wanted: Sequence[Visit], at: dt.datetime) -> int:
    """Keep those that are not there yet and not long due, with their clocks and events. Returns how many."""
    fit = [each for each in wanted if each.due_at >= at - STALE and each.person.source != Person.SHOP]
    there = set(Visit.objects.filter(key__in=[each.key for each in fit]).values_list("key", flat=True))
    new = [each for each in fit if each.key not in there]
    for visit in new:
        visit.planned_at = at
    Visit.objects.bulk_create(new)
    timers.set_first(DUE, [(visit, visit.due_at) for visit in new], at=at)
    days = [(visit, {"day": clock.shop_date(visit.due_at).isoformat()}) for visit in new]
    record_all("visit.planned", days, actor=SYSTEM, at=at)
    return len(new)


def _steps(plan: VisitPlan) -> list[VisitStep]:
    return sorted((step for step in plan.steps.all() if step.is_active), key=lambda step: step.number)


def _signed_at(order: Order) -> dt.datetime | None:
    """When the last parcel was handed over; None while one is on its way."""
    signed = [shipment.signed_at for shipment in order.shipments.all()]
    if None in signed or not signed:
        return order.delivered_at
    return max(moment for moment in signed if moment)


def _with_goods(order: Order) -> Order:
    prefetch_related_objects([order], *_KEPT_OF)
    return order


def _kept(order: Order) -> list[OrderLine]:
    """Lines of which the customer has something that is in no return; none of an order that is off or all paid back.

    An order that never counted its units has them all.
    """
    is_off = order.status in (Order.Status.CANCELLED, Order.Status.UNAVAILABLE)
    if is_off or 0 < order.paid_minor <= order.refunded_minor:
        return []
    return [line for line in order.lines.all() if line.claimed_quantity < max(line.shipped_quantity, 1)]
