"""The office's view of what happened and what is due: everything to read, and what is stuck to be put right by leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from aftersales.kernel.admin import OfficePage, actor_of, column, day, moment
from aftersales.kernel.policy import may
from aftersales.ledger import catalogue, repair
from aftersales.ledger.models import DailyRun, Delivery, Due, Event, Outbound, SweepRun, Timer
from aftersales.ledger.stops import LONGEST_REASON


class Stuck(admin.SimpleListFilter):
    """Rows only a person can move on; the number of them is on the dashboard."""

    title = _("needs a person")
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.stuck() if self.value() else queryset  # type: ignore[attr-defined]


class WhyForm(ActionForm):
    """What is put right by hand is explained; the event keeps the words."""

    reason = forms.CharField(label=_("reason"), max_length=LONGEST_REASON, required=False)


class DuePage(OfficePage):
    """A table of things due. Leads and managers put right what is stuck; everybody else of the office reads."""

    list_filter: ClassVar[Any] = (Stuck, "status")
    ordering = ("-id",)
    actions: Sequence[str] | None = ("try_again", "give_up")
    action_form = WhyForm

    def has_repair_permission(self, request: HttpRequest) -> bool:
        return may(actor_of(request), "work.repair")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing to put right, nothing to press. What was pressed on a page that is out of date is still answered."""
        if request.method == "GET" and not self.model._default_manager.stuck().exists():  # type: ignore[attr-defined]
            return {}
        return super().get_actions(request)

    def action_checkbox(self, obj: Due) -> SafeString:
        """Only rows that need a person can be chosen."""
        return super().action_checkbox(obj) if obj.status in Due.STUCK else SafeString("")

    @admin.action(description=_("Try the chosen rows again"), permissions=["repair"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Due]) -> None:
        waits = {Due.Status.PENDING: _("waits its turn already; nothing was changed.")}
        self._repair(request, queryset, partial(repair.retry, **_by(request)), waits)

    @admin.action(description=_("Give the chosen rows up"), permissions=["repair"])
    def give_up(self, request: HttpRequest, queryset: QuerySet[Due]) -> None:
        ended = {Due.Status.CANCELLED: _("was cancelled or given up before; nothing was changed.")}
        self._repair(request, queryset, partial(repair.give_up, **_by(request)), ended)

    def _repair(
        self, request: HttpRequest, rows: QuerySet[Due], do: Callable[[Any], Any], already: Mapping[Due.Status, Promise]
    ) -> None:
        """Do it to each chosen row. Those that are where it would bring them are named, not counted."""
        for row in rows.filter(status__in=already):
            messages.info(request, f"{row} {already[Due.Status(row.status)]}")
        done = self.each_of(request, rows.exclude(status__in=already), do)
        if done:
            self.said(request, done, ngettext("%(count)d row put right.", "%(count)d rows put right.", done))


def _by(request: HttpRequest) -> dict[str, Any]:
    """Who does it, and why."""
    return {"reason": request.POST.get("reason", ""), "actor": actor_of(request)}


def link_to(subject_type: str, subject_id: int) -> SafeString | str:
    """A row in words, with the way to its page where it has one. Asks the database nothing."""
    try:
        model = apps.get_model(subject_type)
    except (LookupError, ValueError):  # of a table that is no more
        return f"{subject_type} {subject_id}"
    words = f"{capfirst(str(model._meta.verbose_name))} {subject_id}"
    if not admin.site.is_registered(model):
        return words
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[subject_id])
    return format_html('<a href="{}">{}</a>', page, words)


@column(_("about"))
def subject(row: Any) -> SafeString | str:
    """What a row with `subject_type` and `subject_id` is about."""
    return link_to(row.subject_type, row.subject_id)


class EventKind(admin.SimpleListFilter):
    """Kinds of events, from the catalogue: asking the table for its distinct names would read all of it."""

    title = _("what happened")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, name) for name in sorted(catalogue.event_types())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(name=self.value()) if self.value() else queryset


ACTORS = {"customer": _("the customer"), "system": _("the system"), "api": _("a program"), "anonymous": _("nobody")}


@admin.register(Event)
class EventPage(OfficePage):
    """The audit trail. Nobody changes it, here or anywhere."""

    list_display = ("name", "sentence", subject, "who", moment("at", _("when")))
    list_display_links = ("name",)
    list_filter = (EventKind, "actor_kind")
    open_lookups = frozenset({"subject_type", "subject_id", "actor_id"})
    ordering = ("-id",)
    readonly_fields: ClassVar[Any] = ("name", "sentence", subject, "who", "at", "data")
    fields = readonly_fields

    @column(_("in words"))
    def sentence(self, event: Event) -> str:
        """The event's text with its data. An old row may lack a word that a newer text asks for; then the text stands bare."""
        known = catalogue.event_types().get(event.name)
        if known is None:
            return event.name
        try:
            return str(str(known.text) % event.data)
        except (KeyError, TypeError, ValueError):
            return str(known.text)

    @column(_("who"))
    def who(self, event: Event) -> str:
        if event.actor_label and event.actor_kind != "system":
            return event.actor_label
        return str(ACTORS.get(event.actor_kind, event.actor_kind))


LIMITS = {
    "shop": pgettext_lazy("limit", "the shop"),
    "law": pgettext_lazy("limit", "the law"),
    "platform": _("the platform"),
}


@admin.register(Timer)
class TimerPage(DuePage):
    list_display = ("kind", subject, moment("due_at", _("due at")), "status", "limit", "failures", "last_error")
    list_filter = (*DuePage.list_filter, "source")
    fields: ClassVar[Any] = (
        "kind", subject, "limit", "due_at", "status", "attempts", "failures", "abandoned", "last_error", "set_at",
        "paused_at", "done_at", "data",
    )  # fmt: skip
    readonly_fields = fields

    @column(_("set by"), order="source")
    def limit(self, timer: Timer) -> str:
        return str(LIMITS.get(timer.source, timer.source))

    search_fields = ("=kind",)
    open_lookups = frozenset({"subject_type", "subject_id"})


@admin.register(Delivery)
class DeliveryPage(DuePage):
    list_display = ("listener", "event", moment("due_at", _("due at")), "status", "attempts", "failures", "last_error")
    list_select_related = ("event",)
    search_fields = ("=listener",)
    raw_id_fields = ("event",)


_SETTLED = dict.fromkeys((Due.Status.DONE, Due.Status.FAILED), _("was settled before; nothing was changed."))


@admin.register(Outbound)
class OutboundPage(DuePage):
    """Messages and payments on their way out. What they say is personal data, so only those who may repair see it."""

    list_display = (
        "channel", "key", subject, moment("due_at", _("due at")), "status", "attempts", "provider_ref", "reason",
    )  # fmt: skip
    list_display_links = ("channel", "key")
    list_filter = (*DuePage.list_filter, "channel")
    search_fields = ("=key",)
    actions = ("try_again", "was_done", "was_not_done")

    fields: ClassVar[Any] = (
        "channel", "key", subject, "due_at", "status", "attempts", "failures", "repeats", "abandoned", "reason",
        "first_tried_at", "sending_since", "done_at", "provider_ref",
    )  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = list(self.fields)
        return [*shown, "content"] if self.has_repair_permission(request) else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    @column(_("last error"), order="last_error")
    def reason(self, item: Outbound) -> str:
        return item.reason or "–"

    @column(_("content"))
    def content(self, item: Outbound) -> SafeString | str:
        rows = [(name, value) for name, value in item.payload.items()]
        return format_html("<pre>{}</pre>", "\n".join(f"{name}: {value}" for name, value in rows)) if rows else "–"

    @admin.action(description=_("The chosen ones were done (I looked)"), permissions=["repair"])
    def was_done(self, request: HttpRequest, queryset: QuerySet[Outbound]) -> None:
        self._repair(request, queryset, partial(repair.settle, was_done=True, **_by(request)), _SETTLED)

    @admin.action(description=_("The chosen ones were not done (I looked)"), permissions=["repair"])
    def was_not_done(self, request: HttpRequest, queryset: QuerySet[Outbound]) -> None:
        self._repair(request, queryset, partial(repair.settle, was_done=False, **_by(request)), _SETTLED)


@admin.register(DailyRun)
class DailyRunPage(DuePage):
    list_display = ("job", day("day", _("day")), moment("due_at", _("due at")), "status", "failures", "last_error")


@admin.register(SweepRun)
class SweepRunPage(OfficePage):
    """Whether somebody is sweeping at all, and since when not."""

    list_display = ("trigger", moment("at", _("last pass")), "done", "skew_ms")
