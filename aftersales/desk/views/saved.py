"""Saved views: keep the list one looks at, and put one's views in order."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.forms.saved import ViewForm
from aftersales.desk.lists.choices import Choices
from aftersales.desk.lists.filterbar import bar_of
from aftersales.desk.lists.shelf import shelf_of
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.desk.page import go, show
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import may
from tickets.actions import saved_views
from tickets.models import SavedView


@door("view.save", *READ, *WRITE)
def new(request: DeskRequest) -> HttpResponse:
    """Keep what the address asks for under a name."""
    asked = TicketList.read(request.GET, request.actor)
    data = request.POST if request.method in WRITE else None
    form = ViewForm(data, actor=request.actor)
    if data is not None and (view := _together(form, asked.kept())):
        messages.success(request, _("The view is kept. It stands on the left, with its count."))
        return go(request, f"{reverse('desk:queue')}?view=saved-{view.pk}")
    return show(
        request, "desk/view_new.html", fragment="desk/view_form.html", status=form.status,
        form=form, action=request.get_full_path(), heading=_("Keep as a view"),
        chips=bar_of(asked, request.GET, Choices.read()).chips,
        back=f"{reverse('desk:queue')}?{request.GET.urlencode()}",
    )  # fmt: skip


@transaction.atomic
def _together(form: ViewForm, query: str) -> SavedView | None:
    """Kept and shared, or neither."""
    view = form.keep(query)
    if view is None:
        transaction.set_rollback(True)
    return view


@door("view.save")
def views(request: DeskRequest) -> HttpResponse:
    """All views somebody may see, with what may be done to each."""
    actor, now = request.actor, clock.now()
    shelf = shelf_of(actor, now)
    counts = {line.key: line.count for line in shelf.lines}
    rows = list(SavedView.objects.visible_to(actor).select_related("owner", "team"))
    listed = [(row, counts.get(f"saved-{row.pk}"), _may_change(row, actor)) for row in rows]
    return show(request, "desk/saved_views.html", now=now, shelf=shelf, rows=listed)


@door("view.save", *READ, *WRITE)
def view(request: DeskRequest, pk: int) -> HttpResponse:
    """Another name, other people."""
    found = _find(pk, request.actor)
    data = request.POST if request.method in WRITE else None
    form = ViewForm(data, actor=request.actor, initial={"name": found.name, "team": found.team_id})
    if data is not None and form.change(found):
        messages.success(request, _("The view is changed."))
        return go(request, reverse("desk:views"))
    return show(
        request, "desk/view_new.html", fragment="desk/view_form.html", status=form.status,
        form=form, action=request.get_full_path(), heading=_("Rename or share"), back=reverse("desk:views"),
    )  # fmt: skip


@door("view.save", *WRITE)
def place(request: DeskRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    saved_views.move_view(pk, up=request.POST.get("up") == "yes", actor=request.actor)
    return redirect("desk:views")


@door("view.save", *WRITE)
def deletion(request: DeskRequest, pk: int) -> HttpResponse:
    """Throw the view away; its tickets stay."""
    saved_views.delete_view(pk, actor=request.actor)
    messages.success(request, _("The view is deleted. The tickets in it stay where they are."))
    return go(request, reverse("desk:views"))


def _find(pk: int, actor: Actor) -> SavedView:
    found: SavedView | None = SavedView.objects.visible_to(actor).select_related("team").filter(pk=pk).first()
    if found is None or not _may_change(found, actor):
        raise NotFound
    return found


def _may_change(view: SavedView, actor: Actor) -> bool:
    return view.owner_id == actor.id or may(actor, "view.share")
