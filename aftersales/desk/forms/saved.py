"""Forms of saved views: keep a list under a name, rename it, share it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.accounts.models import Team, User
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted, Refusal
from aftersales.kernel.policy import may
from tickets.actions import saved_views
from tickets.models import SavedView


def teams_of(actor: Actor) -> Any:
    """The teams somebody may share with: their own; every team for who may share with any."""
    teams = Team.objects.order_by("name")
    return (
        teams if may(actor, "view.share") else teams.filter(pk__in=User.objects.filter(pk=actor.id or 0).values("team"))
    )


class ViewForm(forms.Form):
    """The name of a view, and whom it is for. `replace` is asked only where a view of that name stands."""

    name = forms.CharField(label=_("Name of the view"), max_length=saved_views.LONGEST_NAME)
    team = forms.ModelChoiceField(
        label=_("Who sees it"), queryset=Team.objects.none(), required=False, empty_label=_("only me")
    )
    replace = forms.BooleanField(label=_("It takes the place of the view of this name"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "view-%s")
        super().__init__(*args, **kwargs)
        self.actor, self.status = actor, 200
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams_of(actor)
        self._asked_to_replace = self.fields["replace"]
        if "replace" not in self.data:
            del self.fields["replace"]

    def keep(self, query: str) -> SavedView | None:
        """A new view of this list."""
        return self._act(
            lambda name: saved_views.save_view(
                name=name, query=query, replace=self.cleaned_data.get("replace", False), actor=self.actor
            )
        )

    def change(self, view: SavedView) -> SavedView | None:
        return self._act(lambda name: saved_views.rename_view(view.pk, name=name, actor=self.actor))

    def _act(self, first: Any) -> SavedView | None:
        if not self.is_valid():
            self.status = 422
            return None
        team = self.cleaned_data["team"]
        try:
            view: SavedView = first(self.cleaned_data["name"])
            return saved_views.share_view(view.pk, team_id=team.pk if team else None, actor=self.actor)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self.status = refusal.status
            if isinstance(refusal, saved_views.ViewStands):
                self.fields["replace"] = self._asked_to_replace
            named = isinstance(refusal, BadInput) and refusal.field in self.fields
            self.add_error(refusal.field if named else None, str(refusal))  # type: ignore[attr-defined]
            return None
