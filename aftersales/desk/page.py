"""How the desk answers: a whole page, only the fragment htmx asked for, or the way back after a change. Used by every view."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from aftersales.desk.doors import DeskRequest
from aftersales.desk.lists.shelf import bare_shelf, views_of
from aftersales.desk.nav import areas
from aftersales.kernel import clock
from aftersales.kernel.prepared import Later
from aftersales.kernel.together import together
from aftersales.notices.actions.reading import unread_of


def show(
    request: DeskRequest, template: str, *, fragment: str = "", status: int = 200, badge: Later[int] | None = None,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """Render a page of the desk, or `fragment` alone when htmx asks (not when it restores a page from history).

    `badge` is how many notices wait, where that was asked along with what else the page shows.
    """
    if "now" not in context:
        context["now"] = clock.now()
    wants_part = bool(request.htmx) and not request.htmx.history_restore_request
    if fragment and wants_part:
        template = fragment
    else:
        unread = badge or unread_of(request.actor)
        if "shelf" not in context:
            asked, views = context.get("asked"), views_of(request.actor)
            together(views, unread)
            context["shelf"] = bare_shelf(request.actor, asked.key if asked else None, views)
        context["desk_nav"] = areas(request, unread.rows[0] if unread else 0)
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def go(request: DeskRequest, otherwise: str) -> HttpResponse:
    """After a change: to the page named by `?next=` if it is one of ours, else `otherwise`. Never renders an answer to POST."""
    wanted = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return lead(request, wanted if wanted and ours else otherwise)


def lead(request: DeskRequest, where: str) -> HttpResponse:
    """To that page, whole."""
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
