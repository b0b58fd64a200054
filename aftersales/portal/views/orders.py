"""The page of one order, and the beginning of a request."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.kernel import clock
from aftersales.kernel.errors import NotFound
from aftersales.portal.doors import Visit, for_customers
from aftersales.portal.offers import offer_of
from customers.models import Order
from returns.actions.drafts import begin_draft
from returns.models import Return, ReturnDraft
from tickets.models import Ticket


@require_safe
@for_customers
def order(request: Visit, pk: int) -> HttpResponse:
    """Parcels, items, running requests, and what can be done now."""
    found = Order.objects.visible_to(request.actor).preloaded().filter(pk=pk).first()
    if found is None:
        raise NotFound
    context = {
        "order": found,
        "now": clock.now(),
        "offer": offer_of(found),
        "returns": Return.objects.visible_to(request.actor).filter(order=found),
        "questions": Ticket.objects.visible_to(request.actor).filter(order=found).conversations(),
        "complaints": Ticket.objects.visible_to(request.actor).filter(order=found, kind=Ticket.Kind.COMPLAINT),
        "draft": ReturnDraft.objects.filter(order=found, submitted=None).first(),
    }
    return render(request, "portal/order.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def request_begin(request: Visit, pk: int) -> HttpResponse:
    """Begin a request, or go on with the one that was begun. Looking at the address begins nothing."""
    if request.method != "POST":
        return redirect("portal:order", pk)
    begin_draft(pk, actor=request.actor)
    return redirect("portal:items", pk)
