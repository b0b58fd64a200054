"""What came of a visit, on the page with its script. One form for all six ends, so that nobody hunts for the right one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.desk.forms.complaint import today_and
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.days import DayField
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted, Refusal
from tickets.actions.visits.recording import Said, record_callback, record_missed, record_outcome
from tickets.models import Visit, VisitQuestion

Out = Visit.Outcome
CALLBACK, MISSED = "callback", "missed"
RESULTS = [
    (Out.CONTENT.value, pgettext_lazy("visit", "Reached: all is well")),
    (Out.PROFICIENT.value, pgettext_lazy("visit", "Reached: copes by themselves, the series ends")),
    (Out.HELP.value, pgettext_lazy("visit", "Reached: needs help, a ticket is opened")),
    (CALLBACK, pgettext_lazy("visit", "Another time is wished")),
    (MISSED, pgettext_lazy("visit", "Not reached")),
    (Out.DECLINED.value, pgettext_lazy("visit", "Wants no visits: none is made again")),
]
SCORES = [(score, str(score)) for score in range(1, 6)]
_YES_NO = [("", "–"), ("yes", _("yes")), ("no", _("no"))]
_ROWS = {"rows": 2}


def field_of(question: VisitQuestion) -> forms.Field:
    """The input for a question of the script; none must be answered."""
    if question.kind == VisitQuestion.Kind.YES_NO:
        return forms.ChoiceField(label=str(question), choices=_YES_NO, required=False)
    if question.kind == VisitQuestion.Kind.SCORE:
        scores = [("", "–"), *((str(score), words) for score, words in SCORES)]
        return forms.ChoiceField(label=str(question), choices=scores, required=False)
    return forms.CharField(
        label=str(question), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 1})
    )


class OutcomeForm(forms.Form):
    """`number` is which try the page was opened for, so that the same page sent twice counts one."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=99)
    result = forms.ChoiceField(
        label=_("What came of it"), choices=RESULTS, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )  # fmt: skip
    satisfaction = forms.TypedChoiceField(
        label=_("How content, 1 to 5"), choices=SCORES, coerce=int, required=False, empty_value=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    usage = forms.CharField(label=_("How it is used"), max_length=1000, required=False, widget=forms.Textarea(_ROWS))
    suggestion = forms.CharField(label=_("Suggestions"), max_length=1000, required=False, widget=forms.Textarea(_ROWS))
    needs = forms.CharField(
        label=_("What help is needed"), max_length=1000, required=False, widget=forms.Textarea(_ROWS),
        help_text=_("In the customer’s words. It becomes the ticket."),
    )  # fmt: skip
    again_day = DayField(label=_("Call again on"), required=False)
    again_time = forms.TimeField(
        label=_("at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    remark = forms.CharField(label=_("Remark for the next try"), max_length=300, required=False)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "%s")
        kwargs["initial"] = {"number": visit.tries + 1, "again_day": today_and(1), "again_time": dt.time(10)}
        super().__init__(*args, **kwargs)
        self.visit, self.status = visit, 200
        self.script = visit.script()
        for question in self.script:
            self.fields[f"q{question.pk}"] = field_of(question)

    def questions(self) -> list[forms.BoundField]:
        """The fields of the script, in its order."""
        return [self[f"q{question.pk}"] for question in self.script]

    def carry_out(self, actor: Actor) -> bool:
        """Call the action the result stands for; a refusal becomes an error of the form and nothing typed is lost."""
        if not self.is_valid():
            self.status = 422
            return False
        try:
            self._act(actor)
        except (NotFound, NotPermitted):
            raise
        except Refusal as refusal:
            self.status = refusal.status
            field = refusal.field if isinstance(refusal, BadInput) else None
            self.add_error(
                "again_day" if field == "again_at" else field if field in self.fields else None, str(refusal)
            )
            return False
        return True

    def _act(self, actor: Actor) -> object:
        given, pk = self.cleaned_data, self.visit.pk
        if given["result"] == MISSED:
            return record_missed(pk, number=given["number"], remark=given["remark"], actor=actor)
        if given["result"] == CALLBACK:
            return record_callback(pk, again_at=self._again_at(), remark=given["remark"], actor=actor)
        said = Said(
            satisfaction=given["satisfaction"], usage=given["usage"], suggestion=given["suggestion"],
            answers={question.pk: given[f"q{question.pk}"] for question in self.script}, help=given["needs"],
        )  # fmt: skip
        return record_outcome(pk, given["result"], said, actor=actor)

    def _again_at(self) -> dt.datetime | None:
        """Day and time as the shop's clock shows them."""
        day, time = self.cleaned_data["again_day"], self.cleaned_data["again_time"]
        if day is None or time is None:
            return None
        return dt.datetime.combine(day, time, clock.shop_zone()).astimezone(dt.UTC)
