"""What somebody sees first: their own day by due time; the warehouse its parcels."""

from __future__ import annotations

from django.http import HttpResponse

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.lists.shelf import shelf_of
from aftersales.desk.nav import home_is_bench
from aftersales.desk.page import show
from aftersales.desk.today import today_of
from aftersales.desk.views.warehouse import bench_page
from aftersales.kernel import clock


@door("desk.enter")
def home(request: DeskRequest) -> HttpResponse:
    """By role: whoever receives goods and decides nothing begins with the parcels."""
    if home_is_bench(request.actor):
        return bench_page(request)
    now = clock.now()
    shelf = shelf_of(request.actor, now)
    return show(
        request, "desk/home.html", fragment="desk/home_tasks.html",
        now=now, shelf=shelf, today=today_of(request.actor, now, shelf),
    )  # fmt: skip
