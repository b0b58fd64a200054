"""Phrases that colleagues share, and the words that replies are looked over for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aftersales.kernel.admin import OfficePage, actor_of, moment
from aftersales.kernel.errors import BadInput
from aftersales.ledger.configuration import ConfigurationPage
from tickets.actions import phrases
from tickets.models import (
    Phrase,
    Ticket,
    WordingTerm,
)

_PHRASE_KINDS = [*Ticket.Kind.choices, (Phrase.FOR_REVIEWS, _("Public reply to a review"))]


class PhraseForm(forms.ModelForm):
    """The steps as lines, the kinds as ticks; an unknown variable or step is told at its field, by name."""

    kinds = forms.MultipleChoiceField(
        label=_("kinds of tickets"), choices=_PHRASE_KINDS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: on every ticket."),
    )  # fmt: skip
    step_lines = forms.CharField(
        label=_("steps"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One a line, done when the message is sent: "
            "assign: me · tag: a tag · wait: customer · priority: high · note: what to note · close"
        ),
    )  # fmt: skip

    class Meta:
        model = Phrase
        fields = ("key", "title_zh", "title_en", "text_zh", "text_en", "team")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = phrases.variables_told()
        for name in ("text_zh", "text_en"):
            if name in self.fields:
                self.fields[name].help_text = known
        if self.instance.pk:
            self.initial["kinds"] = self.instance.kinds
            self.initial["step_lines"] = phrases.written(self.instance.steps)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("text_zh", "text_en"):
            self._tell(name, partial(phrases.check_variables, given.get(name, ""), field=name))
        self._tell("step_lines", partial(self._read_steps, given))
        return given

    def _read_steps(self, given: dict[str, Any]) -> None:
        given["steps"] = phrases.read_steps(given.get("step_lines", ""))

    def _tell(self, field: str, check: Callable[[], Any]) -> None:
        try:
            check()
        except BadInput as refusal:
            self.add_error(field, str(refusal))


@admin.register(Phrase)
class PhrasePage(OfficePage):
    """Everybody's and every team's. What single people keep for themselves is not shown here."""

    change_verb = "phrase.manage"
    can_add = True
    form = PhraseForm
    list_display = (
        "title_zh", "title_en", "key", "team", "uses", moment("used_at", _("last used")), moment("retired_at", _("retired at")),
    )  # fmt: skip
    list_filter = (("retired_at", admin.EmptyFieldListFilter), "team")
    list_select_related = ("team",)
    search_fields = ("key", "title_zh", "title_en", "text_zh", "text_en")
    ordering = ("-uses", "key")
    actions = ("retire", "offer_again")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Phrase]:
        rows: QuerySet[Phrase] = super().get_queryset(request).filter(owner=None)
        return rows

    def get_fields(self, request: HttpRequest, obj: Phrase | None = None) -> Any:
        fields = ["key", "title_zh", "title_en", "text_zh", "text_en"]
        ways = ["kinds", "step_lines"] if self.has_change_permission(request, obj) else ["kinds", "steps"]
        return [*fields, *ways, "team", *(self.readonly_fields if obj else ())]

    readonly_fields = ("uses", "used_at", "retired_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Phrase | None = None) -> Any:
        return self.in_words(["key", *self.readonly_fields] if obj else self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Phrase, form: forms.ModelForm, change: bool) -> None:
        given = form.cleaned_data
        team = given.get("team")
        saved = phrases.save_phrase(
            obj.pk if change else None, actor=actor_of(request), key=given.get("key", ""), team_id=team.pk if team else None,
            kinds=given["kinds"], steps=given["steps"],
            **{name: given[name] for name in ("title_zh", "title_en", "text_zh", "text_en")},
        )  # fmt: skip
        obj.pk = saved.pk

    @admin.action(description=_("Offer the chosen phrases no more"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Phrase]) -> None:
        self._each(request, queryset, back=False)

    @admin.action(description=_("Offer the chosen phrases again"), permissions=["change"])
    def offer_again(self, request: HttpRequest, queryset: QuerySet[Phrase]) -> None:
        self._each(request, queryset, back=True)

    def _each(self, request: HttpRequest, rows: QuerySet[Phrase], *, back: bool) -> None:
        done = self.each_of(
            request, rows, lambda row: phrases.retire_phrase(row.pk, actor=actor_of(request), back=back)
        )
        if done:
            self.said(request, done, ngettext("%(count)d phrase changed.", "%(count)d phrases changed.", done))


@admin.register(WordingTerm)
class WordingTermPage(ConfigurationPage):
    """The words the check before sending looks for. One that warns too often is not looked for any more."""

    list_display = ("text", "fault", "language", "instead", "retired")
    list_filter = ("fault", "language", "retired")
    search_fields = ("text",)
