"""The one view behind every deed: a form to fill, or the thing done and the way back to the ticket."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from aftersales.desk import ticketpage
from aftersales.desk.deeds.deed import Deed
from aftersales.desk.deeds.ticket_relations import LONGEST_REF, ticket_called
from aftersales.desk.doors import READ, WRITE, DeskRequest, Door, door
from aftersales.desk.page import go, lead, show
from aftersales.kernel.errors import BadInput


def door_of(deed: type[Deed[Any]]) -> Door:
    """The view of one deed. Reading shows its form; sending carries it out."""

    @door(deed.verb, *READ, *WRITE)
    def opened(request: DeskRequest, key: Any) -> HttpResponse:
        target = deed.find(key, request.actor)
        if request.method not in WRITE:
            said = request.GET.get(deed.says) if deed.says else None
            read = {"initial": {deed.says: said}} if said else {}
            return _form(request, deed(target=target, actor=request.actor, **read))
        form = deed(request.POST, request.FILES, target=target, actor=request.actor)
        if not form.carry_out():
            return _form(request, form)
        messages.success(request, str(getattr(form, "said", deed.done)))
        if onward := form.onward():
            return lead(request, onward)
        if ref := ticketpage.stands_open(request, request.GET.get("next") or deed.back(target)):
            return ticketpage.renewed(request, ref, news=False)  # done on the very page, which stays where it is
        return go(request, deed.back(target))

    return opened  # type: ignore[no-any-return]


@door("ticket.merge")
def ticket_named(request: DeskRequest) -> HttpResponse:
    """Which ticket somebody means who has typed its reference into a form of `ticket_relations`, before it is sent."""
    ref = next((request.GET[name] for name in ("into", "other") if name in request.GET), "").strip()[:LONGEST_REF]
    shown: dict[str, Any] = {}
    try:
        if ref:
            shown["ticket"] = ticket_called(ref, request.actor)
    except BadInput as refusal:
        shown["why"] = str(refusal)
    return render(request, "desk/ticket_named.html", shown)


def _form(request: DeskRequest, form: Deed[Any]) -> HttpResponse:
    """On a page of its own, or alone for the dialog. One that is not open now says so instead of failing at the end."""
    return show(
        request,
        "desk/deed.html",
        fragment="desk/deed_form.html",
        status=form.status,
        form=form,
        back=form.back(form.target),
        heading=str(form.label_of(form.target)).removesuffix("…"),  # the dots say that a question follows; here it is
        is_open=form.is_bound or form.is_open(form.target, request.actor),
        question=form.question() if hasattr(form, "question") else "",
    )
