"""The list of promises by due time, which keeps itself fresh."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from aftersales.desk import promised
from aftersales.desk.deeds.all import ON_PROMISE
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.fresh import answer_fresh, is_fresh
from aftersales.desk.page import show
from aftersales.kernel import clock


@door("promise.settle")
def promises(request: DeskRequest) -> HttpResponse:
    """What was promised and is not settled, the next due first."""
    if is_fresh(request):
        return answer_fresh(request, "desk/promise_list.html", lambda: _read(request))
    return show(request, "desk/promises.html", fragment="desk/promise_list.html", **_read(request))


def _read(request: DeskRequest) -> dict[str, Any]:
    now, asked = clock.now(), request.GET.get("whose", "")
    whose = asked if asked in promised.WHOSE else "mine"
    found = promised.parts_of(request.actor, whose, now)
    parts = [(part, [(row, Offer.all(ON_PROMISE, row.promise, request.actor)) for row in part.rows]) for part in found]
    tabs = [{"label": words, "href": f"?whose={key}", "current": key == whose} for key, words in promised.WHOSE.items()]
    most = promised.MOST if any(part.more for part in found) else None
    return {"now": now, "parts": parts, "tabs": tabs, "most": most}
