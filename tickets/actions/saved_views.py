"""Keep a list as a view, name it, share it with a team, put it in its place, throw it away. Called by the desk.

A view is somebody's own; a team's view is changed by its owner and by whoever may share views with any team.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound, NotPermitted
from aftersales.kernel.policy import check, may
from aftersales.ledger.record import record
from tickets.actions.conversation import clean_text
from tickets.models import SavedView

LONGEST_NAME = 40
MOST = 40  # views of one person: each is counted on every page


class TooManyViews(Conflict):
    """Each view is counted again and again, so there is an end to them."""

    code = "too_many_views"
    sentence = _("You keep %(most)s views already. Delete one that you no longer use.")


class ViewStands(BadInput):
    """What it asked for would be gone."""

    code, status = "view_stands", 409
    sentence = _(
        "You have a view called “%(name)s” already, and it asks for something else. Give this one another name, or tick"
        " that it takes the place of the other."
    )


def _name(text: str) -> str:
    return clean_text(text, field="name", longest=LONGEST_NAME).replace("\n", " ")


def _locked(view_id: int, actor: Actor) -> SavedView:
    view: SavedView | None = SavedView.objects.visible_to(actor).select_for_update().filter(pk=view_id).first()
    if view is None:
        raise NotFound
    check(actor, "view.save")
    if view.owner_id != actor.id and not may(actor, "view.share"):
        raise NotPermitted
    return view


def _taken(name: str) -> BadInput:
    return BadInput(_("You have a view called “%(name)s” already."), field="name", code="name_taken", name=name)


@transaction.atomic
def save_view(*, name: str, query: str, actor: Actor, replace: bool = False) -> SavedView:
    """Keep what a list asks for under a name. The same again changes nothing.

    A view of that name that asks for something else is only replaced with `replace`, else raises `ViewStands`.
    """
    check(actor, "view.save")
    name = _name(name)
    if len(query) > SavedView._meta.get_field("query").max_length:  # type: ignore[operator]
        raise BadInput(_("This list asks for too much to be kept. Take a filter off."), field="name", code="too_long")
    mine = SavedView.objects.filter(owner_id=actor.id)
    kept = mine.select_for_update().filter(name=name).first()
    if kept is not None:
        if kept.query != query:
            if not replace:
                raise ViewStands(field="name", name=name)
            kept.query = query
            kept.save(update_fields=["query"])
            record("view.saved", on=kept, actor=actor, name=name)
        return kept
    if mine.count() >= MOST:
        raise TooManyViews(most=MOST)
    last = mine.order_by("-position").values_list("position", flat=True).first()
    view: SavedView = SavedView.objects.create(
        owner_id=actor.id or 0, name=name, query=query, position=0 if last is None else last + 1, created_at=clock.now()
    )
    record("view.saved", on=view, actor=actor, name=name)
    return view


@transaction.atomic
def rename_view(view_id: int, *, name: str, actor: Actor) -> SavedView:
    """Another name. The same name changes nothing."""
    view, name = _locked(view_id, actor), _name(name)
    if view.name == name:
        return view
    view.name = name
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as clash:
        raise _taken(name) from clash
    record("view.saved", on=view, actor=actor, name=name)
    return view


@transaction.atomic
def share_view(view_id: int, *, team_id: int | None, actor: Actor) -> SavedView:
    """Show it to a team, or to nobody but its owner. One's own team needs no further right."""
    view = _locked(view_id, actor)
    if view.team_id == team_id:
        return view
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    if team_id and team is None:
        raise NotFound
    own = User.objects.filter(pk=actor.id or 0).values_list("team_id", flat=True).first()
    if team is not None and team.pk != own and not may(actor, "view.share"):
        raise NotPermitted
    view.team = team
    view.save(update_fields=["team"])
    record("view.shared", on=view, actor=actor, name=view.name, team=str(team) if team else "–")
    return view


@transaction.atomic
def move_view(view_id: int, *, up: bool, actor: Actor) -> SavedView:
    """One place up or down among its owner's views. At the end it stays where it is."""
    view = _locked(view_id, actor)
    order = list(SavedView.objects.select_for_update().filter(owner_id=view.owner_id))
    here = next(place for place, each in enumerate(order) if each.pk == view.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return view
    order[here], order[there] = order[there], order[here]
    for place, each in enumerate(order):
        if each.position != place:
            each.position = place
            each.save(update_fields=["position"])
    view.refresh_from_db(fields=["position"])
    return view


@transaction.atomic
def delete_view(view_id: int, *, actor: Actor) -> None:
    """Throw it away; the tickets behind it stay. One that is gone is gone: a second time finds nothing."""
    view = _locked(view_id, actor)
    record("view.deleted", on=view, actor=actor, name=view.name)
    view.delete()
