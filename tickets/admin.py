"""The office's pages of work: tickets with their conversation to read, queues to name."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aftersales.kernel import clock
from aftersales.kernel.admin import OfficeInline, OfficePage, actor_of, column, moment
from aftersales.ledger.configuration import ConfigurationPage
from tickets.actions.mail import accounts
from tickets.forms import MailAccountForm
from tickets.models import Closure, MailAccount, Message, Queue, Reopening, Ticket


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


@admin.register(Queue)
class QueuePage(ConfigurationPage):
    """The shipped queues may be renamed and sorted; their keys are what programs know them by."""

    can_add = False
    list_display = ("key", "name_zh", "name_en", "position")
    readonly_fields = ("key",)


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
