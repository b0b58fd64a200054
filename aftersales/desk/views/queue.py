"""What somebody sees first: agents the queue by due time, the warehouse its parcels; and the queue at its own address."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse

from aftersales.desk import queue
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.nav import home_is_bench
from aftersales.desk.page import show
from aftersales.desk.views.warehouse import bench_page
from aftersales.kernel import clock
from tickets.models import Queue, Ticket


@door("desk.enter")
def home(request: DeskRequest) -> HttpResponse:
    """By role: whoever receives goods and decides nothing begins with the parcels."""
    return bench_page(request) if home_is_bench(request.actor) else queue_page(request)


@door("ticket.view")
def tickets(request: DeskRequest) -> HttpResponse:
    """The queue, for everybody."""
    return queue_page(request)


def queue_page(request: DeskRequest) -> HttpResponse:
    """Open work by due time, filtered by the address. The filter bar asks for the list alone."""
    actor, now = request.actor, clock.now()
    asked = queue.QueueFilter(request.GET, queues=list(Queue.objects.all()))
    found = queue.rows(asked.apply(Ticket.objects.visible_to(actor), actor=actor, now=now))
    return show(
        request,
        "desk/queue.html",
        fragment="desk/queue_list.html",
        now=now,
        filter=asked,
        chips=asked.chips(request.GET),
        clear=f"{request.path}?view={asked.wish('view')}" if asked.wish("view") else request.path,
        tabs=queue.tabs(actor, current=asked.wish("view"), now=now),
        page=Paginator(found, queue.ROWS).get_page(request.GET.get("page")),
    )
