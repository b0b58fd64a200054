"""Who may come in: `door` wraps every view of the desk and says its verb. `urls.py` uses nothing else; a test enumerates them."""

from __future__ import annotations

import functools
from typing import Any, Protocol

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound, NotPermitted
from aftersales.kernel.policy import check


class DeskRequest(HttpRequest):
    """A request as the middleware hands it to the desk; behind a door its actor is a member of staff."""

    actor: Actor
    htmx: HtmxDetails


class View(Protocol):
    def __call__(self, request: DeskRequest, **kwargs: Any) -> HttpResponse: ...


READ = ("GET", "HEAD")
WRITE = ("POST",)


class Door(Protocol):
    """A wrapped view, with the verb it asks for and the methods it knows, for the permission table."""

    verb: str
    methods: tuple[str, ...]

    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponse: ...


def door(verb: str, *methods: str) -> Any:
    """Let staff in whose role has `verb`; by default for reading only.

    Nobody signed in, or a customer: to the sign-in. Staff without the verb: 403. What is out of scope: 404.
    """
    allowed = methods or READ

    def wrap(view: View) -> Door:
        @require_http_methods(list(allowed))
        @functools.wraps(view)
        def entered(request: DeskRequest, **kwargs: Any) -> HttpResponse:
            if not request.actor.is_staff:
                return _to_sign_in(request)
            try:
                check(request.actor, "desk.enter")
                check(request.actor, verb)
                return view(request, **kwargs)
            except NotFound as refusal:
                raise Http404(str(refusal)) from refusal
            except NotPermitted as refusal:
                raise PermissionDenied(str(refusal)) from refusal

        entered.verb, entered.methods = verb, allowed  # type: ignore[attr-defined]
        return entered  # type: ignore[return-value]

    return wrap


def _to_sign_in(request: DeskRequest) -> HttpResponse:
    """To the sign-in and then back; a form that was sent comes back to the start, because its data is gone by then.
    What a page sent in place leads back to that page."""
    where = request.get_full_path() if request.method in READ and not request.htmx else reverse("desk:home")
    if request.htmx and request.htmx.current_url_abs_path:
        where = request.htmx.current_url_abs_path  # the page that sent it still has the words, and shows them again
    response = redirect_to_login(where)
    return HttpResponseClientRedirect(response.url) if request.htmx else response
