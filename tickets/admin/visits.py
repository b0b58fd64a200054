"""The office's pages of visits: the plans with their steps and questions to change, and the list behind the report."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficeInline, OfficePage, column, moment
from aftersales.ledger.configuration import ConfigurationPage
from tickets.models import Visit, VisitPlan, VisitQuestion, VisitStep


class Opens(OfficeInline):
    """Rows with a page of their own, which their number leads to."""

    @column(_("number"))
    def opens(self, row: Any) -> SafeString:
        address = reverse(f"admin:tickets_{row._meta.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, row.number)


class Steps(Opens):
    model = VisitStep
    fields = ("opens", "days", "channel", "is_active")
    readonly_fields = fields


class Questions(Opens):
    model = VisitQuestion
    fields = ("opens", "kind", "text_zh", "text_en", "for_leads", "is_active")
    readonly_fields = fields


@admin.register(VisitPlan)
class VisitPlanPage(ConfigurationPage):
    """Who is visited, why, and what follows. Steps and questions have pages of their own; visits planned already stay."""

    list_display = (
        "code",
        "name_zh",
        "name_en",
        "occasion",
        "category",
        "goods_class",
        "until_proficient",
        "is_active",
    )
    list_filter = ("occasion", "is_active")
    list_select_related = ("category",)
    inlines = (Steps, Questions)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj is not None else [])]


@admin.register(VisitStep)
class VisitStepPage(ConfigurationPage):
    """A changed step holds for what is planned from now on."""

    list_display = ("plan", "number", "days", "channel", "is_active")
    list_filter = ("plan", "channel", "is_active")
    list_select_related = ("plan",)


@admin.register(VisitQuestion)
class VisitQuestionPage(ConfigurationPage):
    """Answers keep the words they were asked with, so a question may be changed at any time."""

    list_display = ("plan", "number", "kind", "text_zh", "text_en", "for_leads", "is_active")
    list_filter = ("plan", "kind", "is_active")
    list_select_related = ("plan",)


class Suggested(admin.SimpleListFilter):
    """Those that brought a suggestion."""

    title = _("suggestion")
    parameter_name = "suggested"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("with a suggestion"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.exclude(suggestion="") if self.value() else queryset


class Reached(admin.SimpleListFilter):
    """Whether somebody was reached."""

    title = _("reached")
    parameter_name = "reached"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("reached")), ("no", _("not reached"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        done = queryset.filter(state=Visit.State.DONE)
        if self.value() == "yes":
            return done.exclude(outcome=Visit.Outcome.UNREACHED)
        return done.filter(outcome=Visit.Outcome.UNREACHED) if self.value() == "no" else queryset


@admin.register(Visit)
class VisitPage(OfficePage):
    view_verb = "visit.view"
    list_display = (
        "ref", "plan", "person", "channel", "state", "outcome", "satisfaction", "suggestion", "assignee",
        moment("due_at", _("due at")), moment("ended_at", _("ended at")),
    )  # fmt: skip
    list_filter = (Reached, Suggested, "state", "outcome", "channel", "satisfaction", "by_customer", "plan")
    list_select_related = ("plan", "person", "assignee")
    search_fields = ("=ref", "^person__name", "^order__number")
    search_help_text = _("Reference, name or order number, from the beginning")
    open_lookups = frozenset(
        {"ended_at", "order__shop", "by", "plan__category", "order__lines__sku__product__category"}
    )
    # What customers say of the staff stands on the desk's page for those who may read it.
    exclude = ("answers", "key")
    ordering = ("-due_at", "-id")
