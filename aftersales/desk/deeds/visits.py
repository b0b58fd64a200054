"""What can be done about a visit beside recording it: take it, give it to somebody, call it off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import User
from aftersales.desk.deeds.deed import Deed
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from aftersales.kernel.policy import GRANTS
from tickets.actions.visits.calling_off import call_off
from tickets.actions.visits.giving import give_visit
from tickets.models import Visit


class VisitDeed(Deed[Visit]):
    """Something done to a visit; addressed by its reference, and open while the visit is."""

    subject, verb = "visits", "visit.plan"

    @classmethod
    def find(cls, key: str, actor: Actor) -> Visit:
        found: Visit | None = Visit.objects.visible_to(actor).preloaded().with_cases(actor).filter(ref=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: Visit) -> str:
        return target.ref

    @classmethod
    def back(cls, target: Visit) -> str:
        return reverse("desk:visit", args=[target.ref])

    @classmethod
    def is_open(cls, target: Visit, actor: Actor) -> bool:
        return target.is_open


class TakingVisit(VisitDeed):
    noun, icon = "taking", "user"
    label = pgettext_lazy("deed", "Take it")
    done = _("The visit is yours.")

    @classmethod
    def is_open(cls, target: Visit, actor: Actor) -> bool:
        return target.is_open and target.assignee_id != actor.id and actor.kind == "staff"

    def act(self) -> object:
        return give_visit(self.target.pk, user_id=self.actor.id or 0, actor=self.actor)


class VisitAssignee(VisitDeed):
    noun, icon = "assignee", "users"
    label = pgettext_lazy("deed", "Give to somebody…")
    done = _("The visit was handed over.")

    user = forms.TypedChoiceField(label=_("Who makes the visit"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, role__in=sorted(GRANTS["visit.record"]))
        self.fields["user"].choices = [(user.pk, str(user)) for user in people.order_by("name", "pk")]  # type: ignore[attr-defined]
        self.fields["user"].initial = self.target.assignee_id

    def act(self) -> object:
        return give_visit(self.target.pk, user_id=self.cleaned_data["user"], actor=self.actor)


class CallingOff(VisitDeed):
    noun, icon, tone = "calling-off", "cross", "danger"
    label = pgettext_lazy("deed", "Call it off…")
    done = _("The visit is called off.")
    explains = _("Only this visit. If the customer wants no visits at all, record that below the questions.")

    reason = forms.CharField(label=_("Why"), max_length=200)

    def act(self) -> object:
        return call_off(self.target.pk, reason=self.cleaned_data["reason"], actor=self.actor)
