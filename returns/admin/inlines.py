"""Rows that belong to a return or a refund, on its page."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficeInline, column, moment, money
from returns.admin.words import PAYERS, reason_label
from returns.models import FreightEntry, Refund, RefundComponent, Rejection, Repair, ReturnLine, ReturnParcel


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


class Repairs(OfficeInline):
    model = Repair
    fields = ("came_in_at", "ended_at", "outcome", "fault", "parts", "by")
    readonly_fields = fields


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


class Components(OfficeInline):
    model = RefundComponent
    fields = ("kind", "line", "quantity", "amount")
    readonly_fields = fields
    amount = money("amount_minor", _("amount"), currency="refund__currency")
