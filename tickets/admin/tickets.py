"""Tickets to read: their conversation, how they ended and were opened again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import OfficeInline, OfficePage, moment
from tickets.models import (
    Closure,
    Message,
    Reopening,
    Ticket,
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
