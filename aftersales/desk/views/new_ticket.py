"""A ticket opened by hand."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.new_ticket import BLANK, NewTicketForm, told_of
from aftersales.desk.page import go, show


@door("ticket.open", *READ, *WRITE)
def new_ticket(request: DeskRequest) -> HttpResponse:
    """The form; `?about=` fills in whom it is about, `?kind=` what."""
    if request.method not in WRITE:
        asked = {name: request.GET[name][:80] for name in ("about", "kind") if name in request.GET}
        if asked.get("kind") == "task":
            asked["channel"] = "desk"
        return _page(request, NewTicketForm(initial=asked) if asked else BLANK)
    form = NewTicketForm(request.POST)
    ref = form.open(request.actor)
    if ref is None:
        return _page(request, form)
    messages.success(request, _("Ticket %(ref)s is open.") % {"ref": ref})
    return go(request, reverse("desk:ticket", args=[ref]))


@door("ticket.open")
def about(request: DeskRequest) -> HttpResponse:
    """Whom `?about=` names and which of their tickets are open already, to be read before another is opened."""
    whom = told_of(request.GET.get("about", "")[:80], request.actor)
    return render(request, "desk/new_ticket_about.html", {"whom": whom})


def _page(request: DeskRequest, form: NewTicketForm) -> HttpResponse:
    is_blank = form is BLANK
    key = secrets.token_hex(16) if is_blank else form["key"].value() or ""
    return show(request, "desk/new_ticket.html", status=form.status, form=form, key=key, is_blank=is_blank)
