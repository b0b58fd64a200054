"""Batch problems: all of them, and one with its tickets and costs."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse

from aftersales.accounts.teams import closed_to
from aftersales.desk.batches import costs_of, progress_of, tickets_of
from aftersales.desk.deeds.all import ON_BATCH
from aftersales.desk.deeds.batches import BatchDeed
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.page import show
from tickets.models import BatchProblem

ROWS = 100  # a page, of problems and of the tickets of one


@door("ticket.view")
def batches(request: DeskRequest) -> HttpResponse:
    """The open ones first, the newest above; then what was closed last. Tickets of teams closed to the reader are not
    counted, nor are problems shown that have no others."""
    seen = Q(members__ticket__team=None) | ~Q(members__ticket__team__in=closed_to(request.actor))
    place = Coalesce("members__ticket__merged_into", "members__ticket")  # as on its page: merged ones are one
    counted = BatchProblem.objects.visible_to(request.actor).annotate(count=Count(place, filter=seen, distinct=True))
    rows = counted.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    return show(request, "desk/batches.html", page=Paginator(rows, ROWS).get_page(request.GET.get("page")))


@door("ticket.view")
def batch(request: DeskRequest, ref: str) -> HttpResponse:
    """One problem: what it is, its tickets, what was said and done to all and how far that is, what it cost."""
    problem = BatchDeed.find(ref, request.actor)
    return show(
        request,
        "desk/batch.html",
        problem=problem,
        page=Paginator(tickets_of(problem, request.actor), ROWS).get_page(request.GET.get("page")),
        costs=costs_of(problem, request.actor),
        runs=progress_of(problem, request.actor),
        replies=list(problem.replies.select_related("by")),
        offers=Offer.all(ON_BATCH, problem, request.actor),
    )
