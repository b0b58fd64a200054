"""The office's pages of work: tickets with their conversation to read, queues to name."""

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

from aftersales.kernel import clock
from aftersales.kernel.admin import OfficeInline, OfficePage, actor_of, column, moment
from aftersales.kernel.errors import BadInput
from aftersales.ledger.configuration import ConfigurationPage
from tickets import complaint_admin, visit_admin  # noqa: F401  register their pages
from tickets.actions import phrases
from tickets.actions.chat import sources
from tickets.actions.mail import accounts
from tickets.forms import ChatSourceForm, ChecklistForm, MailAccountForm, TicketFieldForm
from tickets.models import (
    ChatSource,
    Checklist,
    Closure,
    MailAccount,
    Message,
    Phrase,
    Queue,
    Reopening,
    Skill,
    Tag,
    Ticket,
    TicketField,
    WordingTerm,
)


class Overdue(admin.SimpleListFilter):
    """Open work whose due time has passed."""

    title = _("due at")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.overdue(clock.now()) if self.value() else queryset  # type: ignore[attr-defined]


class Messages(OfficeInline):
    model = Message
    fields = ("at", "by", "author", "internal", "text")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("author")


class Closures(OfficeInline):
    model = Closure
    fields = ("at", "reason", "by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Closure]:
        return super().get_queryset(request).select_related("by")


class Reopenings(OfficeInline):
    model = Reopening
    fields = ("at", "cause", "by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reopening]:
        return super().get_queryset(request).select_related("by")


@admin.register(Ticket)
class TicketPage(OfficePage):
    view_verb = "ticket.view"
    list_display = (
        "ref", "about", "kind", "status", "waiting_on", "priority", "queue", "assignee", "person",
        moment("due_at", _("due at")), moment("opened_at", _("opened")),
    )  # fmt: skip
    list_filter = (Overdue, "status", "kind", "queue", "waiting_on", "priority")
    list_select_related = ("queue", "assignee", "person")
    search_fields = ("=ref", "^person__name", "^order__number")
    search_help_text = _("Reference, name or order number, from the beginning")
    open_lookups = frozenset({"order__shop"})
    ordering = ("-opened_at", "-id")
    inlines = (Messages, Closures, Reopenings)

    @admin.display(description=_("title"))
    def about(self, ticket: Ticket) -> str:
        return ticket.subject


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
        known = ", ".join(f"{{{name}}} {label}" for name, label in phrases.VARIABLES.items())
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


@admin.register(Queue)
class QueuePage(ConfigurationPage):
    """The shipped queues may be renamed and sorted; their keys are what programs know them by."""

    can_add = False
    list_display = ("key", "name_zh", "name_en", "position", "strategy", "team")
    list_select_related = ("team",)
    readonly_fields = ("key", "last_given")


@admin.register(Tag)
class TagPage(ConfigurationPage):
    """A tag that is no longer used is retired: it stays on old tickets and is offered no more."""

    list_display = ("name", "retired_at")
    search_fields = ("name",)


@admin.register(TicketField)
class TicketFieldPage(ConfigurationPage):
    """What the shop wants to know of its tickets. One that is not asked any more is retired; its values stay to be read."""

    form = TicketFieldForm
    list_display = ("label_zh", "label_en", "key", "kind", "required_to_close", "position", "retired_at")
    list_filter = ("kind", "required_to_close", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "label_zh", "label_en")

    def get_readonly_fields(self, request: HttpRequest, obj: TicketField | None = None) -> Any:
        """Values on tickets rely on key and kind."""
        return self.in_words(("key", "kind") if obj else ())


@admin.register(Checklist)
class ChecklistPage(ConfigurationPage):
    """What is gone through. A change holds for tickets that get the list from then on; one not used any more is retired."""

    form = ChecklistForm
    list_display = ("title_zh", "title_en", "reasons", "position", "retired_at")
    list_filter = (("retired_at", admin.EmptyFieldListFilter),)
    search_fields = ("title_zh", "title_en", "items")


@admin.register(Skill)
class SkillPage(ConfigurationPage):
    """Who is good at what, for queues that assign by skill. One that no longer counts is kept."""

    list_display = ("user", "about", "value", "counts")
    list_filter = ("about", "counts")
    list_select_related = ("user",)


@admin.register(MailAccount)
class MailAccountPage(ConfigurationPage):
    """Mailboxes that customers write to. The password lies sealed; whether the server answers is in the list within a minute."""

    form = MailAccountForm
    list_display = ("address", "host", "standing", moment("last_read_at", _("last read")), "failures", "last_error")
    fieldsets = (
        (None, {"fields": ("address",)}),
        (_("Where it is read"), {"fields": ("host", "port", "user", "password", "folder")}),
        (_("What happens with it"), {"fields": ("takes_strangers", "has_plus_addresses", "auth_server")}),
    )
    actions = ("end",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new account takes mail from now on; what the mailbox holds already stays there."""
        if not change:
            obj.begins_at = clock.now()
        super().save_model(request, obj, form, change)
        if password := form.cleaned_data["password"]:
            accounts.change_password(obj.pk, password, actor=actor_of(request))

    @column(_("state"), order="ended_at")
    def standing(self, account: MailAccount) -> str:
        if account.ended_at:
            return str(_("ended"))
        return str(_("is read") if account.host else _("takes mail, reads none"))

    @admin.action(description=_("End the chosen accounts"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[MailAccount]) -> None:
        done = self.each_of(request, queryset, lambda each: accounts.end_account(each.pk, actor=actor_of(request)))
        if done:
            self.said(request, done, ngettext("%(count)d account ended.", "%(count)d accounts ended.", done))


@admin.register(ChatSource)
class ChatSourcePage(ConfigurationPage):
    """Chat tools that hand messages over. The secret lies sealed and is never shown."""

    form = ChatSourceForm
    list_display = ("key", "name", "platform", "reply_url", "accepts", moment("ended_at", _("ended at")))
    fields = ("key", "name", "platform", "reply_url", "new_secret")
    actions = ("end",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if secret := form.cleaned_data["new_secret"]:
            sources.set_secret(obj.pk, secret, actor=actor_of(request))

    @column(_("accepts messages"))
    def accepts(self, source: ChatSource) -> bool:
        return bool(source.sealed_secret) and source.ended_at is None

    accepts.boolean = True  # type: ignore[attr-defined]

    @admin.action(description=_("End the chosen chat sources"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[ChatSource]) -> None:
        done = self.each_of(request, queryset, lambda each: sources.end_source(each.pk, actor=actor_of(request)))
        if done:
            self.said(request, done, ngettext("%(count)d chat source ended.", "%(count)d chat sources ended.", done))
