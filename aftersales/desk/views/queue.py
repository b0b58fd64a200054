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
from aftersales.desk.lists.counting import count_all
from aftersales.desk.lists.filterbar import bar_of
from aftersales.desk.lists.order import page
from aftersales.desk.lists.row import row_of
from aftersales.desk.lists.shelf import HERE, bare_shelf, shelf_of, views_of
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
    shows, actor, now = request.headers["X-Fresh"], request.actor, clock.now()
    if shows == "list":
        return listed(request, Choices.read(), counts=True)
    if shows == "views":  # of a page that is no list
        return {"shelf": shelf_of(actor, now)}
    if shows == "shelf":
        return {"shelf": shelf_of(actor, now, here=TicketList.read(request.GET, actor))}
    beside = beside_of(request.GET, actor, now)
    return {"beside": beside, "current": shows, "shelf": shelf_of(actor, now, here=beside.asked)}


def listed(request: DeskRequest, choices: Choices, *, counts: bool = False) -> dict[str, Any]:
    """What the templates of a list show: rows, places around them, filters; with `counts` the views and what is in each."""
    actor, now, query = request.actor, clock.now(), request.GET
    asked, asked_for = TicketList.read(query, actor), query.urlencode()
    order, columns, bar = asked.wishes.order, asked.wishes.columns, bar_of(asked, query, choices)
    found = page(
        asked.rows(actor, now), order, queue.ROWS, after=query.get("after", ""), before=query.get("before", ""),
        load=lambda keys: queue.shown(keys, columns),
    )  # fmt: skip
    if "own" in columns:
        say_choices(found.rows)
    bulk_kinds = tuple(kind for kind in KINDS.values() if may(actor, kind.verb))
    kept = without_place(query, all_of_it=bool(asked.key)).urlencode()
    shelf = shelf_of(actor, now, here=asked) if counts else bare_shelf(actor, asked.key, views_of(actor))
    return {
        "now": now,
        "asked": asked,
        "bar": bar,
        "order": order,
        "columns": columns,
        "chips": bar.chips,
        "page": found,
        "rows": [row_of(ticket, now, query=asked_for, columns=columns) for ticket in found.rows],
        "shelf": shelf,
        "here": shelf.here if counts else count_all({HERE: asked}, actor, now)[HERE],
        "bulk_kinds": bulk_kinds,
        "picks": bool(bulk_kinds),
        "kept": kept,
        "this_list": f"view={asked.key}&{kept}",
    }


def without_place(query: QueryDict, *, all_of_it: bool) -> QueryDict:
    """What an address asks for, without where in the list one is. What is empty says something only against a view."""
    rest = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in PLACES and (all_of_it or any(values)):
            rest.setlist(name, values)
    return rest
