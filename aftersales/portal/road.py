"""Where a customer was when the proof ran out, and what they had typed: both are there again after the next. Called by the doors.

The way travels in the address (`?next=`), so that a link in a message works in a browser that knows nothing yet. What was
typed waits in the session, and only where there was one already: strangers cannot fill our tables.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from customers.models import Order
from returns.models import Return
from tickets.models import Ticket

_HELD = "portal_held"
_BEFORE = "portal_before"
_MOST_HELD = 20_000  # characters
_WAYS = re.compile(r"/(?P<kind>orders|returns|questions|complaints)/(?P<name>[\w-]+)/[\w./-]*")


def start_from(request: HttpRequest) -> str:
    """The start page, remembering the page that was asked for."""
    return f"{reverse('portal:start')}?{urlencode({'next': request.path})}"


def asked_way(request: HttpRequest) -> str:
    """The page to go back to, or nothing. Only our own pages count: a foreign address is no way back."""
    way = request.GET.get("next", "")
    return way if _WAYS.fullmatch(way) else ""


def suffix(request: HttpRequest) -> str:
    """What a link on the road to a proof carries along: `?next=…` or nothing."""
    way = asked_way(request)
    return f"?{urlencode({'next': way})}" if way else ""


def way_after_proof(request: HttpRequest, order: Order) -> str:
    """The page that was asked for where it is about this order, else the page of the order."""
    way = asked_way(request)
    return way if way and _is_about(way, order) else reverse("portal:order", args=[order.pk])


def _is_about(way: str, order: Order) -> bool:
    found = _WAYS.fullmatch(way)
    if found is None:
        return False
    kind, name = found["kind"], found["name"]
    if kind == "orders":
        return name == str(order.pk)
    if kind == "returns":
        return Return.objects.filter(ref=name, order=order).exists()
    return Ticket.objects.filter(ref=name, order=order).exists()


def note_proof(request: HttpRequest) -> None:
    """That an order was open here once: a later start page can say why it asks again."""
    request.session[_BEFORE] = True


def was_open_before(request: HttpRequest) -> bool:
    return bool(request.session.get(_BEFORE))


def hold(request: HttpRequest) -> None:
    """Keep what was typed on this page until the order is proven again. Passwords and photos are none of it."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    size = sum(len(value) for values in typed.values() for value in values)
    if typed and size <= _MOST_HELD and request.session.session_key:
        request.session[_HELD] = {"path": request.path, "typed": typed}


def take_held(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the proof ran out, once."""
    held = request.session.get(_HELD)
    if request.method != "GET" or not held or held["path"] != request.path:
        return None
    del request.session[_HELD]
    typed = QueryDict(mutable=True)
    for name, values in held["typed"].items():
        typed.setlist(name, values)
    return typed
