"""Batch problems: all of them, and one with its tickets and costs."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse

from aftersales.accounts.teams import closed_to
from aftersales.desk.batches import costs_of, tickets_of
from aftersales.desk.deeds.all import ON_BATCH
from aftersales.desk.deeds.batches import BatchDeed
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.page import show
from tickets.models import BatchProblem

MOST = 100


@door("ticket.view")
def batches(request: DeskRequest) -> HttpResponse:
    """The open ones first, then the newest. Tickets of teams closed to the reader are not counted, nor are problems
    shown that have no others."""
    seen = Q(members__ticket__team=None) | ~Q(members__ticket__team__in=closed_to(request.actor))
    counted = BatchProblem.objects.visible_to(request.actor).annotate(count=Count("members", filter=seen))
    rows = counted.order_by("closed_at", "-opened_at")
    return show(request, "desk/batches.html", problems=list(rows.select_related("product")[:MOST]))


@door("ticket.view")
def batch(request: DeskRequest, ref: str) -> HttpResponse:
    """One problem: what it is, its tickets, what was said to all, what it cost."""
    problem = BatchDeed.find(ref, request.actor)
    return show(
        request,
        "desk/batch.html",
        problem=problem,
        tickets=tickets_of(problem, request.actor),
        costs=costs_of(problem, request.actor),
        replies=list(problem.replies.select_related("by")),
        offers=Offer.all(ON_BATCH, problem, request.actor),
    )
