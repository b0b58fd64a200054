"""A batch problem as its page shows it: its tickets, and what it has cost in refunds and freight."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from aftersales.desk.queue import clock_stands
from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from returns.models import FreightEntry, Refund
from tickets.models import BatchProblem, Ticket


@dataclass(frozen=True, slots=True)
class Cost:
    """Refunds paid and freight the shop bears, in one currency."""

    refunds: Money
    freight: Money

    @property
    def total(self) -> Money:
        return Money(self.refunds.minor + self.freight.minor, self.refunds.currency)


def tickets_of(problem: BatchProblem, actor: Actor) -> QuerySet[Ticket]:
    """Those the reader may see: the open ones first, then what was closed last. In place of one that was merged stands
    the ticket it was merged into."""
    seen = Ticket.objects.visible_to(actor).of_batch(problem.pk)
    told = seen.select_related("person", "order", "assignee", "goods_return").annotate(clock_stands=clock_stands())
    rows: QuerySet[Ticket] = told.order_by(F("closed_at").desc(nulls_first=True), "pk")
    return rows


def costs_of(problem: BatchProblem, actor: Actor) -> list[Cost]:
    """One row for each currency, of the tickets the reader may see."""
    of = {"of__ticket__in": Ticket.objects.visible_to(actor).filter(batch__problem=problem)}
    paid = Refund.objects.filter(status=Refund.Status.PAID, **of).values_list("currency")
    refunds = dict(paid.annotate(sum=Sum("total_minor")).order_by("currency"))
    borne = FreightEntry.objects.filter(payer="shop", **of).values_list("of__order__currency")
    freight = dict(borne.annotate(sum=Sum("amount_minor")).order_by("of__order__currency"))
    return [
        Cost(Money(refunds.get(currency) or 0, currency), Money(freight.get(currency) or 0, currency))
        for currency in sorted({*refunds, *freight})
    ]
