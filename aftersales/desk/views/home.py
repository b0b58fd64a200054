"""What somebody sees first: their own day by due time; the warehouse its parcels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.fresh import answer_fresh, is_fresh
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
    if is_fresh(request):
        return answer_fresh(request, "desk/fresh.html", lambda: _day(request))
    return show(request, "desk/home.html", fragment="desk/home_tasks.html", **_day(request))


def _day(request: DeskRequest) -> dict[str, Any]:
    now = clock.now()
    shelf = shelf_of(request.actor, now)
    return {"now": now, "shelf": shelf, "today": today_of(request.actor, now, shelf)}
