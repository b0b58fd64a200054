"""What a customer answers behind the link of a visit: how content, the plan's questions, and whether help is needed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.portal.forms.complaint import SCORES
from aftersales.portal.forms.returns import TOO_LONG
from tickets.actions.visits.recording import Said
from tickets.models import Visit, VisitQuestion

_YES_NO = [("yes", _("yes")), ("no", _("no"))]
_ONE_TO_FIVE = [(str(score), str(score)) for score in range(1, 6)]


def _words(label: Any, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=1000, error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def _asked(question: VisitQuestion) -> forms.Field:
    """The field for one question; none must be answered."""
    if question.kind == VisitQuestion.Kind.TEXT:
        return _words(str(question))
    choices = _YES_NO if question.kind == VisitQuestion.Kind.YES_NO else _ONE_TO_FIVE
    return forms.ChoiceField(label=str(question), choices=choices, required=False, widget=forms.RadioSelect)


class VisitForm(forms.Form):
    """Only the first question must be answered, and not even that by whoever wants to be left alone."""

    score = forms.TypedChoiceField(
        label=_("How content are you?"), coerce=int, choices=SCORES, required=False, empty_value=None,
        widget=forms.RadioSelect, error_messages={"required": _("Choose one of the five answers.")},
    )  # fmt: skip
    usage = _words(_("How do you use it?"))
    suggestion = _words(_("What could we do better?"))
    needs = _words(_("Do you need help? Tell us with what."))
    wants_none = forms.BooleanField(label=_("Please do not ask me again"), required=False)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.script = visit.script()
        for question in self.script:
            self.fields[f"q{question.pk}"] = _asked(question)
        if visit.after_id is not None:
            del self.fields["usage"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("score") is None and "score" not in self.errors and not given.get("wants_none"):
            self.add_error("score", self.fields["score"].error_messages["required"])
        return given

    def questions(self) -> list[forms.BoundField]:
        """The fields of the script, in its order."""
        return [self[f"q{question.pk}"] for question in self.script]

    def said(self) -> Said:
        """What was typed, for the action."""
        given = self.cleaned_data
        return Said(
            satisfaction=given["score"], usage=given.get("usage", ""), suggestion=given["suggestion"],
            answers={question.pk: given[f"q{question.pk}"] for question in self.script}, help=given["needs"],
        )  # fmt: skip
