"""Lists by due time, one's own, others', or all, which keep themselves fresh: promises, claims on carriers, improvements."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from aftersales.desk import claimed, improving, promised
from aftersales.desk.deeds.all import ON_CLAIM, ON_IMPROVEMENT, ON_PROMISE
from aftersales.desk.deeds.deed import Deed, Offer
from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.fresh import answer_fresh, is_fresh
from aftersales.desk.page import show
from aftersales.desk.stretches import Part
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor


class Listed(Protocol):
    """A module that reads such a list: `parts_of` takes a key of `WHOSE` and shows `MOST` rows of a kind."""

    WHOSE: dict[str, str | Promise]
    MOST: int

    def parts_of(self, actor: Actor, whose: str, now: dt.datetime) -> list[Part[Any]]: ...


@door("promise.settle")
def promises(request: DeskRequest) -> HttpResponse:
    """What was promised and is not settled, the next due first."""
    return _answer(request, promised, ON_PROMISE, "promises", title=_("Promises"), label=_("Whose promises"))


@door("claim.view")
def claims(request: DeskRequest) -> HttpResponse:
    """Which carriers owe an answer, the next due first; and what was answered."""
    return _answer(request, claimed, ON_CLAIM, "claims", title=_("Carrier claims"), label=_("Which claims"))


@door("complaint.handle")
def improvements(request: DeskRequest) -> HttpResponse:
    """What is done differently after complaints, the next due first; and what was done."""
    return _answer(
        request, improving, ON_IMPROVEMENT, "improvements", title=_("Improvements"), label=_("Which improvements")
    )


def _answer(
    request: DeskRequest, listed: Listed, deeds: tuple[type[Deed[Any]], ...], name: str, *, title: str, label: str
) -> HttpResponse:
    """The page; or its list alone, where the open page asks for what has changed."""
    asked, template = request.GET.get("whose", ""), f"desk/list_of_{name}.html"
    whose = asked if asked in listed.WHOSE else "mine"

    def read() -> dict[str, Any]:
        now = clock.now()
        found = listed.parts_of(request.actor, whose, now)
        parts = [(part, [(row, Offer.all(deeds, row.thing, request.actor)) for row in part.rows]) for part in found]
        return {"now": now, "parts": parts, "most": listed.MOST if any(part.more for part in found) else None}

    if is_fresh(request):
        return answer_fresh(request, template, read)
    tabs = [{"label": label, "href": f"?whose={key}", "current": key == whose} for key, label in listed.WHOSE.items()]
    return show(
        request, "desk/dated.html", fragment=template, title=title, label=label, tabs=tabs, name=name,
        address=reverse(f"desk:{name}"), list=template, **read(),
    )  # fmt: skip
