"""A list of tickets as a file."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.lists.sheet import lines
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.kernel import clock
from aftersales.kernel.clock import shop_date
from tickets.actions.exporting import record_export


@door("ticket.export")
def tickets(request: DeskRequest) -> HttpResponse:
    """What the list of the same address asks for, all of it. That it was taken is written down before the first line leaves."""
    now = clock.now()
    asked = TicketList.read(request.GET, request.actor)
    found = asked.tickets(request.actor, now)
    record_export(tickets=found.count(), asked=request.GET.urlencode(), actor=request.actor)
    answer = StreamingHttpResponse(
        lines(found, asked.wishes.order, get_language() or "zh-hans"), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="tickets-{shop_date(now)}.csv"'
    return answer  # type: ignore[return-value]
