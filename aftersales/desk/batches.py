"""A batch problem as its page shows it: its tickets, and what it has cost in refunds and freight."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from aftersales.desk.queue import clock_stands
from aftersales.kernel.actor import Actor
from aftersales.kernel.money import Money
from returns.models import FreightEntry, Refund
from tickets.actions.batches import runs_of
from tickets.actions.bulk.batch_kinds import EVERY_KIND
from tickets.models import BatchProblem, BulkRun, Ticket


@dataclass(frozen=True, slots=True)
class Cost:
    """Refunds paid and freight the shop bears, in one currency."""

    refunds: Money
    freight: Money

    @property
    def total(self) -> Money:
        return Money(self.refunds.minor + self.freight.minor, self.refunds.currency)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is that is done to all tickets. Its report may be for somebody else to read."""

    label: str
    run: BulkRun
    finished: int
    refused: int
    has_report: bool


@dataclass(frozen=True, slots=True)
class Left:
    """The references of what is still open. `elsewhere` counts those of teams closed to the reader, which are not named."""

    refs: list[str]
    elsewhere: int


def left_of(problem: BatchProblem, actor: Actor) -> Left:
    still_open = Ticket.objects.open().of_batch(problem.pk)
    refs = list(still_open.visible_to(actor).order_by("pk").values_list("ref", flat=True))
    return Left(refs, still_open.count() - len(refs))


def progress_of(problem: BatchProblem, actor: Actor) -> list[Progress]:
    """What was begun for all tickets, the newest first: whoever sees the problem sees that somebody is at it."""
    refused = Count("rows", filter=Q(rows__outcome="refused"))
    readable = Exists(BulkRun.objects.visible_to(actor).filter(pk=OuterRef("pk")))
    counted = runs_of(problem).annotate(
        finished=Count("rows", filter=~Q(rows__outcome="")), refused=refused, readable=readable
    )
    return [
        Progress(str(EVERY_KIND[run.kind].label), run, run.finished, run.refused, run.readable)
        for run in counted.select_related("by").order_by("-pk")
    ]


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
