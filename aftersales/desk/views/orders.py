"""An order with its parcels, lines and cases, and a new request for a customer who calls."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk import bought, cards
from aftersales.desk.deeds.all import ON_ORDER, ON_PROMISE
from aftersales.desk.deeds.deed import Offer
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.request import RequestForm
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import may
from aftersales.notices.actions.telling import status_url
from customers.actions.proof import make_link
from customers.actions.proof.links import LIFETIME
from customers.models import Order
from returns.actions.verdicts import preview


def _order(pk: int, actor: Actor) -> Order:
    found: Order | None = Order.objects.visible_to(actor).preloaded().filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@door("order.view")
def order(request: DeskRequest, pk: int) -> HttpResponse:
    """What was bought, paid, sent, promised and asked back."""
    actor = request.actor
    found, asked = bought.order_with(pk, actor)
    return show(
        request,
        "desk/order.html",
        order=found,
        payments=asked.payments.rows,
        returns=asked.returns.rows,
        tickets=asked.tickets.rows,
        promises=[(promise, Offer.all(ON_PROMISE, promise, actor)) for promise in asked.promises.rows],
        notes=asked.notes.rows,
        offers=Offer.all(ON_ORDER, found, actor),
        can_ask=may(actor, "return.submit") and any(line.free_quantity > 0 for line in found.lines.all()),
    )


@door("return.submit", *READ, *WRITE)
def request_for_order(request: DeskRequest, pk: int) -> HttpResponse:
    """Look first at what the rules say, then open the request; both from one form, so that nothing is typed twice."""
    found, actor = _order(pk, request.actor), request.actor
    if request.method not in WRITE:
        return _asking(request, RequestForm(order=found))
    form = RequestForm(request.POST, order=found)
    if "preview" in request.POST:
        asks = form.asks(actor)
        outcomes = preview(found, asks, at=clock.now()) if asks else []
        judged = cards.previewed((str(ask.order_line) for ask in asks or ()), outcomes)
        return _asking(request, form, judged)
    opened = form.submit(actor)
    if opened is None:
        return _asking(request, form)
    messages.success(request, _("Request %(ref)s is open. The customer is told.") % {"ref": opened.ref})
    return go(request, reverse("desk:ticket", args=[opened.ticket.ref]))


@door("order.link", *READ, *WRITE)
def link(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a link that opens the order for its customer. It is shown on this one page and can be read only now."""
    found = _order(pk, request.actor)
    made = ""
    if request.method in WRITE:
        made = status_url(reverse("portal:link", args=[make_link(found.pk, actor=request.actor)]))
    return show(
        request,
        "desk/order_link.html",
        fragment="desk/order_link_form.html",
        order=found,
        value=made,
        minutes=LIFETIME // dt.timedelta(minutes=1),
    )


def _asking(request: DeskRequest, form: RequestForm, judged: list[cards.Card] | None = None) -> HttpResponse:
    legs = cards.legs(judged) if judged else None
    return show(
        request, "desk/request.html", status=form.status, form=form, order=form.order, cards=judged or [], legs=legs
    )
