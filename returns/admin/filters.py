"""What the list of returns may be narrowed by; the dashboard's links carry the same names."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.reader import reads_chinese
from returns.admin.words import PAYERS
from returns.models import FreightEntry, Return, ReturnLine
from returns.queries import FINAL
from returns.rules import reasons


class State(admin.SimpleListFilter):
    """Sets of statuses that the dashboard counts."""

    title = _("progress")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("overdue", _("overdue")), ("closed", _("closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Return]) -> QuerySet[Return]:
        match self.value():
            case "open":
                return queryset.exclude(status__in=FINAL)
            case "overdue":
                return queryset.exclude(ticket__status="closed").filter(ticket__due_at__lt=clock.now())
            case "closed":
                return queryset.filter(status__in=FINAL)
        return queryset


class ReasonGroup(admin.SimpleListFilter):
    """Returns with a line whose reason, as found or else as told, is of one group."""

    title = _("reason")
    parameter_name = "reason_group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        zh = reads_chinese()
        return [(group.code, group.zh if zh else group.en) for group in reasons.groups()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Return]) -> QuerySet[Return]:
        if not self.value():
            return queryset
        codes = [reason.code for reason in reasons.reasons().values() if reason.group == self.value()]
        lines = ReturnLine.objects.filter(Q(found_reason__in=codes) | Q(found_reason="", reason__in=codes))
        return queryset.filter(pk__in=lines.values("of"))


class ReturnPayer(admin.SimpleListFilter):
    """Who bears the freight of the way back."""

    title = _("return freight")
    parameter_name = "payer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*PAYERS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Return]) -> QuerySet[Return]:
        if not self.value():
            return queryset
        legs = FreightEntry.objects.filter(leg=FreightEntry.Leg.RETURN, payer=self.value())
        return queryset.filter(pk__in=legs.values("of"))


class ShopDay(admin.SimpleListFilter):
    """One end of a period in days where the shop is. Subclasses name the column and the end."""

    column = ""
    ends = False

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        """Not a list of links: the dashboard's links carry it."""
        return True

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("any"),
        }
        if self.value():
            yield {"selected": True, "query_string": changelist.get_query_string(), "display": self.value()}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            day = dt.date.fromisoformat(self.value() or "")
            midnight = clock.end_of_shop_day(day if self.ends else day - dt.timedelta(days=1))
        except (ValueError, OverflowError):
            return queryset
        return queryset.filter(**{f"{self.column}__{'lt' if self.ends else 'gte'}": midnight})


class SubmittedFrom(ShopDay):
    title, parameter_name, column = _("submitted from"), "from", "submitted_at"


class SubmittedUntil(ShopDay):
    title, parameter_name, column, ends = _("submitted until"), "until", "submitted_at", True


class ClosedFrom(ShopDay):
    title, parameter_name, column = _("closed from"), "closed_from", "closed_at"


class ClosedUntil(ShopDay):
    title, parameter_name, column, ends = _("closed until"), "closed_until", "closed_at", True
