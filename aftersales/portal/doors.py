"""Who may come in through the customer's pages, and what a refusal looks like there. Every view of the portal wears one."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound, NotPermitted, Refusal, TooMany
from aftersales.portal import road

P = ParamSpec("P")


class Elsewhere(Exception):
    """The page that was asked for is not the one that is wanted now. `address` is."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Visit(HttpRequest):
    """A request as the middleware and the doors leave it. `held` is what was typed before the proof ran out."""

    actor: Actor
    held: QueryDict | None


View = Callable[Concatenate[Visit, P], HttpResponse]


def for_everybody(view: View[P]) -> View[P]:
    """A page that needs no proof. Staff are told that this is the customers' side."""

    @wraps(view)
    def guarded(request: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.held = None
        if request.actor.is_staff:
            return render(request, "portal/staff.html", status=403)
        return _answer(view, request, *args, **kwargs)

    return guarded


def for_customers(view: View[P]) -> View[P]:
    """A page about a proven order. Without a proof it leads to the start, and back here after it, with what was typed."""

    @for_everybody
    @wraps(view)
    def guarded(request: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.actor.orders:
            road.hold(request)
            return redirect(road.start_from(request))
        request.held = road.take_held(request)
        return view(request, *args, **kwargs)

    return guarded


def _answer(view: View[P], request: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except Elsewhere as way:
        return redirect(way.address)
    except NotFound:
        road.hold(request)  # the proof of this order may have run out while that of another still stands
        return render(request, "portal/missing.html", {"start": road.start_from(request)}, status=404)
    except NotPermitted:
        return render(request, "403.html", status=403)
    except TooMany as refusal:
        return _too_many(request, refusal)
    except Refusal as refusal:
        return render(request, "portal/refused.html", {"refusal": refusal}, status=refusal.status)


def _too_many(request: HttpRequest, refusal: TooMany) -> HttpResponse:
    minutes = math.ceil(refusal.retry_after / 60)
    answer = render(request, "429.html", {"retry_minutes": minutes}, status=429)
    answer["Retry-After"] = str(refusal.retry_after)
    return answer
