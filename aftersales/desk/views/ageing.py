"""What waits for somebody else, and since when."""

from __future__ import annotations

from django.http import HttpResponse

from aftersales.desk import ageing
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.page import show
from aftersales.kernel import clock


@door("ticket.view")
def waits(request: DeskRequest) -> HttpResponse:
    """A table of whom and how long, each number a link to its tickets, and below it those tickets, page by page."""
    now, wanted = clock.now(), ageing.Asked.read(request.GET)
    counted = ageing.waits(request.actor, now)
    return show(
        request,
        "desk/waits.html",
        now=now,
        ages=ageing.AGES,
        waits=counted,
        page=ageing.page_of(request.actor, now, wanted, counted, request.GET.get("page")),
        wanted=wanted,
    )
