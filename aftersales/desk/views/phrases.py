"""Phrases at the desk: the list behind `/` in the composer, and one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.desk import phrasebook
from aftersales.desk.case import find_ticket
from aftersales.desk.doors import READ, WRITE, DeskRequest, door
from aftersales.desk.page import go, show
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound
from tickets.actions import phrases
from tickets.models import Phrase


class OwnPhraseForm(forms.Form):
    """A phrase of one's own: a name and words, in one language or both."""

    title_zh = forms.CharField(label=gettext_lazy("title"), max_length=60)
    text_zh = forms.CharField(
        label=pgettext_lazy("phrase", "text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), strip=False
    )
    title_en = forms.CharField(label=gettext_lazy("title (English)"), max_length=60, required=False)
    text_en = forms.CharField(
        label=gettext_lazy("text (English)"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}), strip=False,
        required=False, help_text=gettext_lazy("For customers who read English. Left empty, they get the text above."),
    )  # fmt: skip
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

    @classmethod
    def of(cls, phrase: Phrase, data: Mapping[str, Any] | None) -> OwnPhraseForm:
        """With what stands in a phrase, its steps as lines."""
        words = {name: getattr(phrase, name) for name in cls.base_fields if name != "step_lines"}
        return cls(data, initial={**words, "step_lines": phrases.written(phrase.steps)})

    def keep(self, phrase: Phrase | None, actor: Actor) -> bool:
        """Keep it as this phrase, or as another. A refusal becomes an error of the form."""
        if not self.is_valid():
            return False
        words = dict(self.cleaned_data)
        try:
            steps = phrases.read_steps(words.pop("step_lines"), field="step_lines")
            phrases.save_phrase(phrase.pk if phrase else None, actor=actor, steps=steps, mine=True, **words)
        except BadInput as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True


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
        colleagues=phrasebook.colleagues(ticket, request.actor),
    )


@door("phrase.use", *READ, *WRITE)
def own(request: DeskRequest) -> HttpResponse:
    """One's own phrases, those put away last, and a form for another."""
    form = OwnPhraseForm(request.POST if request.method in WRITE else None)
    if request.method in WRITE and form.keep(None, request.actor):
        messages.success(request, _("Saved. Type / in a message to use it."))
        return go(request, reverse("desk:phrases"))
    mine = Phrase.objects.filter(owner=request.actor.id)
    return show(
        request,
        "desk/own_phrases.html",
        status=422 if form.errors else 200,
        form=form,
        phrases=mine.filter(retired_at=None),
        put_away=mine.exclude(retired_at=None),
    )


@door("phrase.use", *READ, *WRITE)
def change(request: DeskRequest, pk: int) -> HttpResponse:
    """Other words for one of one's own."""
    phrase = Phrase.objects.filter(owner=request.actor.id, retired_at=None, pk=pk).first()
    if phrase is None:
        raise NotFound
    form = OwnPhraseForm.of(phrase, request.POST if request.method in WRITE else None)
    if request.method in WRITE and form.keep(phrase, request.actor):
        messages.success(request, _("Saved. Type / in a message to use it."))
        return go(request, reverse("desk:phrases"))
    return show(request, "desk/own_phrase.html", status=422 if form.errors else 200, form=form, phrase=phrase)


@door("phrase.use", *WRITE)
def retirement(request: DeskRequest, pk: int) -> HttpResponse:
    """Put away one of one's own, or offer it again."""
    back = request.POST.get("back") == "yes"
    phrases.retire_phrase(pk, actor=request.actor, back=back)
    messages.success(request, _("It is offered again.") if back else _("It is not offered any more."))
    return go(request, reverse("desk:phrases"))
