"""The command palette: options for the dialog, or a page of links without JavaScript."""

from __future__ import annotations

from django.http import HttpResponse

from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.nav import areas
from aftersales.desk.page import show
from aftersales.desk.palette import commands_for
from aftersales.kernel.errors import NotFound
from aftersales.search.find import LONGEST
from tickets.models import Ticket


@door("desk.enter")
def palette(request: DeskRequest) -> HttpResponse:
    """`?q=` is what was typed, `?ticket=` the reference of the open ticket."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    found = commands_for(request.actor, text, areas(request, unread=0), _open_ticket(request))
    return show(
        request, "desk/palette.html", fragment="desk/palette_options.html",
        q=text, groups=found, ticket_ref=request.GET.get("ticket", ""),
    )  # fmt: skip


def _open_ticket(request: DeskRequest) -> Ticket | None:
    try:
        return TicketDeed.find(request.GET.get("ticket", ""), request.actor)
    except NotFound:
        return None
