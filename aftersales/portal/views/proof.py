"""Prove an order: by a code we send, by the card in the parcel, by a link. Each ends at the order or where one came from."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aftersales.accounts import proven
from aftersales.portal import road
from aftersales.portal.doors import Visit, for_everybody
from aftersales.portal.forms.proof import ClaimForm, CodeForm, CodeRequestForm
from aftersales.portal.forms.trying import attempt, status_of, typed
from customers.actions.proof import LinkExpired, NotProven, check_claim, check_code, request_code, use_link
from customers.models import Order

_ASKED = "portal_asked"  # number and contact the code was asked for, so that the address bar does not hold them


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def code_request(request: Visit) -> HttpResponse:
    """Ask for a code. The next page is the same whether one was sent or not."""
    form = CodeRequestForm(typed(request), initial=request.session.get(_ASKED))
    if request.method == "POST" and form.is_valid():
        request_code(form.cleaned_data["number"], form.cleaned_data["contact"], actor=request.actor)
        request.session[_ASKED] = form.cleaned_data
        return redirect(reverse("portal:code") + road.suffix(request))
    context = {"form": form, "next": road.suffix(request)}
    return render(request, "portal/proof/code_request.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def code(request: Visit) -> HttpResponse:
    """Type the code."""
    if request.method == "POST" and (order_again := _just_proven(request, request.POST.get("code", ""))):
        return _go_on(request, order_again)
    asked = request.session.get(_ASKED)
    if asked is None:
        return redirect(reverse("portal:code_request") + road.suffix(request))
    form = CodeForm(typed(request))
    if request.method == "POST":
        order = attempt(form, lambda: check_code(asked["number"], form.cleaned_data["code"], actor=request.actor))
        if order is not None:
            del request.session[_ASKED]
            return _go_on(request, order, typed=request.POST["code"])
    context = {"form": form, "asked": asked, "next": road.suffix(request)}
    return render(request, "portal/proof/code.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def claim(request: Visit) -> HttpResponse:
    """Type the code of the parcel card."""
    form = ClaimForm(typed(request))
    if request.method == "POST":
        order = attempt(
            form,
            lambda: check_claim(form.cleaned_data["number"], form.cleaned_data["claim_code"], actor=request.actor),
        )
        if order is not None:
            return _go_on(request, order)
    context = {"form": form, "next": road.suffix(request)}
    return render(request, "portal/proof/claim.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_everybody
def link(request: Visit, token: str) -> HttpResponse:
    """A link of the shop: looking shows a button, pressing it uses the link up."""
    if request.method != "POST":
        return render(request, "portal/proof/link.html")
    if order := _just_proven(request, token):
        return _go_on(request, order)
    try:
        return _go_on(request, use_link(token, actor=request.actor), typed=token)
    except NotProven as refusal:
        late = isinstance(refusal, LinkExpired)
        return render(request, "portal/proof/link_spent.html", {"late": late}, status=410)


def _just_proven(request: Visit, typed: str) -> Order | None:
    """The order this code or link has opened a moment ago from this very page: the second half of a double press."""
    pk = proven.just_proven(request.session, typed)
    return Order.objects.filter(pk=pk).first() if pk else None


def _go_on(request: Visit, order: Order, *, typed: str = "") -> HttpResponse:
    proven.remember(request.session, order.pk, typed=typed)
    road.note_proof(request)
    return redirect(road.way_after_proof(request, order))
