"""What waits for somebody else, and since when."""

from __future__ import annotations

from django.http import HttpResponse

from aftersales.desk import ageing
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.page import show
from aftersales.kernel import clock


@door("ticket.view")
def waits(request: DeskRequest) -> HttpResponse:
    """A table of whom and how long, each number a link to its tickets, and below it the oldest."""
    now, whom, age = clock.now(), request.GET.get("whom", ""), request.GET.get("age", "")
    return show(
        request,
        "desk/waits.html",
        now=now,
        ages=ageing.AGES,
        waits=ageing.waits(request.actor, now),
        rows=list(ageing.rows(request.actor, now, whom=whom, age=age)[: ageing.MOST]),
        whom=whom,
        age=age,
    )
