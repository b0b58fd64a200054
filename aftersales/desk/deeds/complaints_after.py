"""The steps of a complaint after its plan: prevent the next one, ask how content the customer is, hand it up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import User
from aftersales.desk.deeds.complaints import runs
from aftersales.desk.deeds.subjects import ComplaintDeed, EscalationDeed, ImprovementDeed
from aftersales.desk.forms.complaint import today_and
from aftersales.kernel.actor import Actor
from aftersales.kernel.clock import end_of_shop_day
from aftersales.kernel.days import DayField
from tickets.actions.complaints import escalating, evidence, owning, preventing, rating
from tickets.models import Complaint, Escalation, Satisfaction

_SCORES = [(1, _("1 – not at all")), (2, "2"), (3, "3"), (4, "4"), (5, _("5 – fully"))]


class Cause(ComplaintDeed):
    noun, verb, icon = "cause", "complaint.handle", "wrench"
    label = pgettext_lazy("deed", "Root cause")
    done = _("Written down. Whoever sees to it is told, and finds it on their day.")
    explains = _("A complaint closes only with its root cause and one thing the shop does differently from now on.")

    root_cause = forms.CharField(label=_("Why it happened"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    improvement = forms.CharField(
        label=_("What we do differently"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.ModelChoiceField(label=_("Who sees to it"), queryset=User.objects.none(), empty_label=None)
    due_on = DayField(label=_("To be done by the end of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = owning.who_may(self.target.ticket)
        field.initial = self.actor.id
        self.fields["root_cause"].initial = self.target.root_cause
        self.fields["due_on"].initial = today_and(14)

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target) and target.heard_at is not None

    def act(self) -> object:
        said = self.cleaned_data
        return preventing.write_cause(
            self.target.ticket_id, root_cause=said["root_cause"], improvement=said["improvement"],
            owner_id=said["owner"].pk, due_on=said["due_on"], actor=self.actor,
        )  # fmt: skip


class Rating(ComplaintDeed):
    noun, verb, icon = "satisfaction", "complaint.rate", "star"
    label = pgettext_lazy("deed", "Satisfaction")
    done = _("Noted.")
    explains = _(
        "Ask before anything is done, and again when the plan was carried out. The first answer of each counts."
    )

    stage = forms.ChoiceField(label=_("Asked"), choices=Satisfaction.Stage.choices)
    score = forms.TypedChoiceField(
        label=_("How content is the customer?"), coerce=int, choices=_SCORES, widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(
        label=_("How"), choices=(("phone", _("phone")), ("chat", _("chat")), ("email", _("e-mail")))
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.target.planned_at is not None:
            self.fields["stage"].initial = Satisfaction.Stage.AFTER

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        asked = {each.stage for each in target.ratings.all()}
        return "before" not in asked or (target.planned_at is not None and "after" not in asked)

    def act(self) -> object:
        return rating.rate(self.target.ticket_id, actor=self.actor, **self.cleaned_data)


class Escalating(ComplaintDeed):
    noun, verb, icon = "escalation", "complaint.handle", "arrow-up"
    label = pgettext_lazy("deed", "Escalate…")
    done = _("Handed up. It is urgent now.")
    explains = _("To a lead when you cannot go on alone; to the platform when a demand is unreasonable, with the evidence pack;"
                 " “paid already” is never a reason to refuse.")  # fmt: skip

    to = forms.ChoiceField(label=_("To whom"), choices=Escalation.To.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = DayField(label=_("Outcome expected by the end of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = today_and(3)

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return runs(target)

    def act(self) -> object:
        said = self.cleaned_data
        return escalating.escalate(
            self.target.ticket_id, to=said["to"], reason=said["reason"],
            due_at=end_of_shop_day(said["due_on"]), actor=self.actor,
        )  # fmt: skip


class Outcome(EscalationDeed):
    noun, verb, icon = "outcome", "complaint.handle", "check"
    label = pgettext_lazy("deed", "Enter the outcome")
    done = _("Settled.")

    outcome = forms.CharField(label=_("What came of it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def act(self) -> object:
        return escalating.settle_escalation(self.target.pk, actor=self.actor, **self.cleaned_data)


class Improved(ImprovementDeed):
    noun, verb, icon = "finish", "complaint.handle", "check"
    label = pgettext_lazy("deed", "It is done")
    done = _("Done.")

    def act(self) -> object:
        return preventing.finish_improvement(self.target.pk, actor=self.actor)


class ImprovementOwner(ImprovementDeed):
    noun, verb, icon = "owner", "complaint.handle", "users"
    label = pgettext_lazy("deed", "Give to somebody…")
    done = _("Handed over.")

    user = forms.ModelChoiceField(label=_("Who sees to it"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = owning.who_may(self.target.complaint.ticket)
        field.initial = self.target.owner_id

    def act(self) -> object:
        return owning.give_improvement(self.target.pk, user_id=self.cleaned_data["user"].pk, actor=self.actor)


class Pack(ComplaintDeed):
    noun, verb, icon = "evidence-pack", "complaint.export", "download"
    label = pgettext_lazy("deed", "Evidence pack…")
    done = _("It is being made. The link appears here in a moment.")
    explains = _("A ZIP for the platform or the regulator: one page to print with facts, verdicts, promises and conversation, and"
                 " the photos. No notes of colleagues. It is deleted after seven days.")  # fmt: skip

    names_masked = forms.BooleanField(label=_("Leave the names out"), required=False, initial=True)

    @classmethod
    def is_open(cls, target: Complaint, actor: Actor) -> bool:
        return target.heard_at is not None

    def act(self) -> object:
        return evidence.ask_pack(self.target.ticket_id, actor=self.actor, **self.cleaned_data)
