"""The office's pages of complaints: the list behind the report, the classes to name, and what is to be improved."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import OfficePage, moment
from aftersales.kernel.couriers import COURIERS
from aftersales.ledger.configuration import ConfigurationPage
from tickets.models import Complaint, ComplaintClass, Improvement, Satisfaction


class Answer(admin.SimpleListFilter):
    """Whether the first answer came on its day."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("in_time", _("answered on its day")), ("late", _("answered too late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        late = Q(answered_at__gt=F("answer_due_at")) | Q(answered_at=None, answer_due_at__lt=clock.now())
        if self.value() == "late":
            return queryset.filter(late)
        return queryset.filter(answered_at__lte=F("answer_due_at")) if self.value() == "in_time" else queryset


class Rated(admin.SimpleListFilter):
    """Those whose customer said how content they are."""

    title = _("satisfaction")
    parameter_name = "rated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Satisfaction.Stage.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(ratings__stage=self.value()) if self.value() else queryset


class Carrier(admin.SimpleListFilter):
    """Who carried a parcel of the order."""

    title = _("carrier")
    parameter_name = "carrier"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(COURIERS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(ticket__order__shipments__carrier=value).distinct() if value else queryset


class Made(admin.SimpleListFilter):
    """Improvements to make, overdue or done."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to make")), ("late", _("overdue")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = clock.shop_date(clock.now())
        narrowed = {
            "open": Q(done_at=None),
            "late": Q(done_at=None, due_on__lt=today),
            "done": Q(done_at__isnull=False),
        }
        return queryset.filter(narrowed.get(self.value() or "", Q()))


@admin.register(Complaint)
class ComplaintPage(OfficePage):
    view_verb = "ticket.view"
    list_display = (
        "ticket", "classification", "fault", moment("received_at", _("received at")),
        moment("answer_due_at", _("answer due")), moment("answered_at", _("answered at")),
    )  # fmt: skip
    list_filter = (Answer, Rated, Carrier, "classification__group", "classification", "fault")
    list_select_related = ("ticket", "classification")
    search_fields = ("=ticket__ref", "^ticket__person__name", "^ticket__order__number")
    search_help_text = _("Reference, name or order number, from the beginning")
    open_lookups = frozenset({"received_at", "line__sku", "ticket__order__shop"})
    ordering = ("-received_at", "-id")


@admin.register(ComplaintClass)
class ComplaintClassPage(ConfigurationPage):
    """Kinds of complaints may be added, renamed and retired; their codes stay."""

    list_display = ("code", "group", "name_zh", "name_en", "position", "is_offered")
    list_filter = ("group", "is_offered")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj is not None else [])]


@admin.register(Improvement)
class ImprovementPage(OfficePage):
    view_verb = "ticket.view"
    list_display = ("text", "owner", "due_on", moment("done_at", _("done at")), "complaint")
    list_filter = (Made, "owner")
    list_select_related = ("owner", "complaint__ticket", "complaint__classification")
    ordering = ("due_on", "id")
