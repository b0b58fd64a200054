"""The list of tickets at its address: what the view and the filters ask, page by page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict

from aftersales.desk import queue
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.fresh import answer_fresh, is_fresh
from aftersales.desk.lists.asked import PLACES
from aftersales.desk.lists.beside import beside_of
from aftersales.desk.lists.choices import Choices
from aftersales.desk.lists.order import page
from aftersales.desk.lists.shelf import shelf_of
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.desk.ownfields import say_choices
from aftersales.desk.page import show
from aftersales.kernel import clock
from aftersales.kernel.policy import may
from tickets.actions.bulk.kinds import KINDS


@door("ticket.view")
def tickets(request: DeskRequest) -> HttpResponse:
    """The list, for everybody."""
    return list_page(request)


def list_page(request: DeskRequest) -> HttpResponse:
    """The filter bar asks for the list alone; an open page for what has changed on it, beside a ticket for that."""
    if is_fresh(request):
        return answer_fresh(request, "desk/fresh.html", lambda: _fresh(request))
    return show(request, "desk/queue.html", fragment="desk/list.html", **listed(request, Choices.read()))


def _fresh(request: DeskRequest) -> dict[str, Any]:
    current = request.headers["X-Fresh"]
    if current == "list":
        return listed(request, Choices.read())
    actor, now = request.actor, clock.now()
    beside = beside_of(request.GET, actor, now)
    return {
        "now": now, "beside": beside, "current": current, "query": request.GET.urlencode(),
        "shelf": shelf_of(actor, now, here=beside.asked),
    }  # fmt: skip


def listed(request: DeskRequest, choices: Choices) -> dict[str, Any]:
    """What the templates of a list show: rows, places around them, filters, views with counts."""
    actor, now, query = request.actor, clock.now(), request.GET
    asked = TicketList.read(query, actor)
    order, form = asked.wishes.order, asked.form(choices)
    with_tags = "tags" in asked.wishes.columns
    found = page(
        asked.tickets(actor, now), order, queue.ROWS, after=query.get("after", ""), before=query.get("before", ""),
        load=lambda rows: queue.rows(rows).prefetch_related("tags") if with_tags else queue.rows(rows),
    )  # fmt: skip
    if "own" in asked.wishes.columns:
        say_choices(found.rows)
    return {
        "now": now,
        "asked": asked,
        "filter": form,
        "order": order,
        "columns": asked.wishes.columns,
        "chips": form.chips(query),
        "page": found,
        "shelf": shelf_of(actor, now, here=asked),
        "bulk_kinds": [kind for kind in KINDS.values() if may(actor, kind.verb)],
        "kept": without_place(query, all_of_it=bool(asked.key)).urlencode(),
        "query": query.urlencode(),
    }


def without_place(query: QueryDict, *, all_of_it: bool) -> QueryDict:
    """What an address asks for, without where in the list one is. What is empty says something only against a view."""
    rest = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in PLACES and (all_of_it or any(values)):
            rest.setlist(name, values)
    return rest
