"""The first page, and leaving."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.accounts import proven
from aftersales.portal import road
from aftersales.portal.doors import Visit, for_everybody
from customers.models import Order


@require_safe
@for_everybody
def start(request: Visit) -> HttpResponse:
    """What this is, the ways to prove an order, and the orders already proven."""
    orders = Order.objects.visible_to(request.actor).order_by("-placed_at")[:20] if request.actor.orders else []
    context = {
        "orders": orders,
        "next": road.suffix(request),
        "asked": road.asked_way(request),
        "again": road.was_open_before(request),
    }
    return render(request, "portal/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def leave(request: Visit) -> HttpResponse:
    """Forget what was proven in this browser; for a phone that others use too."""
    if request.method == "POST":
        proven.forget(request.session)
        messages.success(request, _("Done. On this device no order is open any more."))
    return redirect("portal:start")
