"""Phrases at the desk: the list behind `/` in the composer, and one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.desk import phrasebook
from aftersales.desk.case import find_ticket
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.page import go, show
from aftersales.kernel.errors import BadInput
from tickets.actions import phrases
from tickets.models import Phrase


class OwnPhraseForm(forms.Form):
    """A phrase of one's own: a name and words, in one language or both."""

    title_zh = forms.CharField(label=gettext_lazy("title"), max_length=60)
    text_zh = forms.CharField(
        label=gettext_lazy("text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), strip=False
    )
    step_lines = forms.CharField(
        label=gettext_lazy("steps"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One a line, done when the message is sent: "
            "assign: me · tag: a tag · wait: customer · priority: high · note: what to note · close"
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text_zh"].help_text = phrases.variables_told()


@door("phrase.use")
def of_ticket(request: DeskRequest, ref: str) -> HttpResponse:
    """What `/` and `@` offer on this ticket; as a page of its own where there is no JavaScript."""
    ticket = find_ticket(ref, request.actor, "order")
    return show(
        request,
        "desk/phrases.html",
        fragment="desk/phrase_list.html",
        ticket=ticket,
        entries=phrasebook.entries(ticket, request.actor),
        colleagues=phrasebook.colleagues(request.actor),
    )


@door("phrase.use", *READ, *WRITE)
def own(request: DeskRequest) -> HttpResponse:
    """One's own phrases, and a form for another."""
    form = OwnPhraseForm(request.POST if request.method in WRITE else None)
    if request.method in WRITE and form.is_valid():
        given = form.cleaned_data
        try:
            steps = phrases.read_steps(given["step_lines"], field="step_lines")
            phrases.save_phrase(
                None, actor=request.actor, title_zh=given["title_zh"], text_zh=given["text_zh"], steps=steps, mine=True
            )
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Saved. Type / in a message to use it."))
            return go(request, reverse("desk:phrases"))
    mine = Phrase.objects.filter(owner=request.actor.id, retired_at=None)
    return show(request, "desk/own_phrases.html", status=422 if form.errors else 200, form=form, phrases=mine)


@door("phrase.use", *WRITE)
def retirement(request: DeskRequest, pk: int) -> HttpResponse:
    """Put away one of one's own."""
    phrases.retire_phrase(pk, actor=request.actor)
    messages.success(request, _("It is not offered any more."))
    return go(request, reverse("desk:phrases"))
