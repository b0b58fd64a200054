"""The office's pages of returns: everything about one return to read, and the words of the rules for the archive's pages.

Nothing here changes a return: status, money and goods move by actions, from the desk.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.admin import OfficeInline, OfficePage, column, moment, money
from customers.admin import CategoryPage, ProductPage, ShopPage
from returns import providers
from returns.models import (
    CarrierClaim,
    FreightEntry,
    Inspection,
    Refund,
    RefundComponent,
    Rejection,
    Return,
    ReturnLine,
    ReturnParcel,
    Verdict,
)
from returns.queries import FINAL
from returns.rules import reasons
from returns.rules.facts import vocabulary
from returns.rules.pack import load_pack, shipped
from returns.rules.verdict import REMEDIES

# The archive stands below the rules and cannot ask them which words they know, so they tell it here.
ShopPage.offered |= {
    "rule_pack": lambda language: [(name, load_pack(name).title[language[:2]]) for name in shipped()],
    "refund_provider": lambda _language: [(name, name) for name in (providers.MANUAL, *providers.PROVIDERS)],
}


def _values_of(fact: str) -> Any:
    def choices(language: str) -> list[tuple[str, str]]:
        known = vocabulary()[fact]
        return [(value, known.value_label(value, language)) for value in known.values]

    return choices


CategoryPage.offered |= {"goods_class": _values_of("goods")}
ProductPage.offered |= {"exclusion": _values_of("exclusion")}


def reason_label(code: str) -> str:
    """A reason in the reader's words; a code that a newer list dropped stands for itself."""
    known = reasons.reasons().get(code)
    return known.label(get_language() or "zh-hans") if known else code


def remedy_label(code: str) -> str:
    """A remedy in the reader's words."""
    zh = (get_language() or "zh-hans").startswith("zh")
    return REMEDIES[code][0 if zh else 1] if code in REMEDIES else code


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
        zh = (get_language() or "zh-hans").startswith("zh")
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


PAYERS = {
    "shop": _("the shop"),
    "buyer": _("the customer"),
    "split": _("half each"),
    "not_applicable": _("not needed"),
}


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
        except ValueError:
            return queryset
        if self.ends:
            return queryset.filter(**{f"{self.column}__lt": clock.end_of_shop_day(day)})
        return queryset.filter(**{f"{self.column}__gte": clock.end_of_shop_day(day - dt.timedelta(days=1))})


class SubmittedFrom(ShopDay):
    title, parameter_name, column = _("submitted from"), "from", "submitted_at"


class SubmittedUntil(ShopDay):
    title, parameter_name, column, ends = _("submitted until"), "until", "submitted_at", True


class ClosedFrom(ShopDay):
    title, parameter_name, column = _("closed from"), "closed_from", "closed_at"


class ClosedUntil(ShopDay):
    title, parameter_name, column, ends = _("closed until"), "closed_until", "closed_at", True


class Lines(OfficeInline):
    model = ReturnLine
    fields = (
        "order_line",
        "quantity",
        "told",
        "found",
        "story",
        "wanted_sku",
        "received_quantity",
        "accepted_quantity",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnLine]:
        return super().get_queryset(request).select_related("order_line", "wanted_sku__product")

    @column(_("reason as told"))
    def told(self, line: ReturnLine) -> str:
        return reason_label(line.reason)

    @column(_("reason as found"))
    def found(self, line: ReturnLine) -> str:
        return reason_label(line.found_reason) if line.found_reason else "–"


class Freight(OfficeInline):
    model = FreightEntry
    fields = ("leg", "who", "amount")
    readonly_fields = fields
    amount = money("amount_minor", _("amount"), currency="of__currency")

    @column(_("payer"))
    def who(self, entry: FreightEntry) -> str:
        return str(PAYERS.get(entry.payer, entry.payer))


class Parcels(OfficeInline):
    model = ReturnParcel
    fields = ("carrier", "number", "entered_at", "signed_at", "freight")
    readonly_fields = fields
    freight = money("freight_told_minor", _("freight the customer paid"), currency="of__currency")


class Rejections(OfficeInline):
    model = Rejection
    fields = ("stage", "reason", "clause", "alternative", "by", "at", "lifted")
    readonly_fields = fields

    lifted = moment("lifted_at", _("lifted at"))


class Refunds(OfficeInline):
    model = Refund
    fields = ("link", "purpose", "status", "total", "due_at", "first_by", "second_by", "paid_at")
    readonly_fields = fields
    total = money("total_minor", _("amount"))

    @column(_("reference"))
    def link(self, refund: Refund) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:returns_refund_change", args=[refund.pk]), refund.ref)


@admin.register(Return)
class ReturnPage(OfficePage):
    view_verb = "return.view"
    list_display = (
        "ref", "kind", "status", "is_contested", "order", "shop", "person",
        moment("submitted_at", _("submitted")), moment("status_at", _("in this status since")),
    )  # fmt: skip
    list_filter = (
        State, "status", "kind", "is_contested", ReasonGroup, ReturnPayer,
        SubmittedFrom, SubmittedUntil, ClosedFrom, ClosedUntil, "order__shop",
    )  # fmt: skip
    list_select_related = ("order__shop", "person")
    search_fields = ("=ref", "^order__number", "^person__name")
    search_help_text = _("Reference, order number or name, from the beginning")
    fields = (
        "ref", "on_the_desk", "kind", "status", "is_contested", "order", "person", "channel",
        "submitted_at", "status_at", "closed_at", "verdicts",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Lines, Freight, Parcels, Rejections, Refunds)

    @column(_("shop"), order="order__shop")
    def shop(self, ret: Return) -> str:
        return str(ret.order.shop)

    @column(_("on the desk"))
    def on_the_desk(self, ret: Return) -> SafeString:
        return format_html('<a href="/desk/tickets/{}/">{}</a>', ret.ticket.ref, ret.ticket.ref)

    @column(_("verdicts"))
    def verdicts(self, ret: Return) -> SafeString | str:
        found = Verdict.objects.filter(line__of=ret).select_related("line__order_line").order_by("line", "id")
        rows = (
            (
                reverse("admin:returns_verdict_change", args=[each.pk]),
                each.line.order_line,
                each.get_stage_display(),
                ", ".join(remedy_label(code) for code in each.outcome.get("remedies", [])),
            )
            for each in found
        )
        return format_html_join("", '<div><a href="{}">{} · {}</a>: {}</div>', rows) or "–"


class Components(OfficeInline):
    model = RefundComponent
    fields = ("kind", "line", "quantity", "amount")
    readonly_fields = fields
    amount = money("amount_minor", _("amount"), currency="refund__currency")


@admin.register(Refund)
class RefundPage(OfficePage):
    view_verb = "return.view"
    list_display = (
        "ref", "of", "purpose", "status", money("total_minor", _("amount")), moment("due_at", _("due at")),
        "needs_second", "first_by", "second_by", "provider", moment("paid_at", _("paid at")),
    )  # fmt: skip
    list_filter = ("status", "purpose", "needs_second", "provider", "currency", "of__order__shop")
    list_select_related = ("of", "first_by", "second_by")
    search_fields = ("=ref", "=of__ref", "=provider_ref")
    total = money("total_minor", _("amount"))
    fields = (
        "ref", "of", "purpose", "status", "total", "due_at", "created_at", "needs_second", "first_by", "second_by",
        "provider", "provider_ref", "paid_at", "failure",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Components,)


@admin.register(CarrierClaim)
class CarrierClaimPage(OfficePage):
    view_verb = "claim.view"
    list_display = (
        "of", "carrier", "number", "why", "status", money("amount_minor", _("amount")), moment("due_at", _("carrier answers by")),
    )  # fmt: skip
    list_filter = ("status", "carrier")
    list_select_related = ("of",)
    search_fields = ("=of__ref", "=number")

    @column(_("reason"), order="reason")
    def why(self, claim: CarrierClaim) -> str:
        return reason_label(claim.reason)


@admin.register(Verdict)
class VerdictPage(OfficePage):
    """What the rules said, with the facts they were given and the version that spoke: enough to say it again."""

    view_verb = "return.view"
    list_display = ("line", "stage", "pack", "pack_version", moment("decided_at", _("decided at")), "superseded")
    list_filter = ("stage", "pack", "pack_version", "superseded")
    list_select_related = ("line__order_line",)
    readonly_fields = (
        "line",
        "stage",
        "pack",
        "pack_version",
        "pack_sha256",
        "semantics",
        "facts",
        "outcome",
        "decided_at",
        "superseded",
    )
    fields = readonly_fields


@admin.register(Inspection)
class InspectionPage(OfficePage):
    view_verb = "return.view"
    list_display = ("line", "quantity", "accepted", "grade", "disposition", "by", moment("at", _("at")))
    list_filter = ("accepted", "grade", "disposition")
    list_select_related = ("line__order_line", "by")
