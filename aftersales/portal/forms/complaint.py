"""What a customer types when something went wrong, and how content they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.files.fields import FilesField
from aftersales.portal.forms.returns import TOO_LONG, OnceForm
from tickets.actions.conversation import LONGEST_MESSAGE

SCORES = [
    (1, _("not at all")),
    (2, _("hardly")),
    (3, _("half and half")),
    (4, _("mostly")),
    (5, _("fully")),
]


class ComplaintForm(OnceForm):
    """Everything they have to say, what would put it right, and files."""

    statement = forms.CharField(
        label=_("What happened?"),
        max_length=LONGEST_MESSAGE,
        error_messages={"required": _("Please write something first."), "max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    wish = forms.CharField(
        label=_("What would put it right for you?"),
        max_length=1000,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    attachments = FilesField(required=False, label=_("Attachments"))


class ContentForm(forms.Form):
    """One question with five answers."""

    score = forms.TypedChoiceField(
        coerce=int,
        choices=SCORES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five answers.")},
    )

    def __init__(self, *, question: str, **options: Any) -> None:
        super().__init__(**options)
        self.fields["score"].label = question
