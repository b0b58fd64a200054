"""The pages themselves. Nothing here changes a return: status, money and goods move by actions, from the desk."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, column, moment, money
from returns.admin.filters import (
    ClosedFrom,
    ClosedUntil,
    ReasonGroup,
    ReturnPayer,
    State,
    SubmittedFrom,
    SubmittedUntil,
)
from returns.admin.inlines import Components, Freight, Lines, Parcels, Refunds, Rejections, Repairs
from returns.admin.words import reason_label, remedy_label
from returns.models import CarrierClaim, Inspection, Refund, Return, Verdict


@admin.register(Return)
class ReturnPage(OfficePage):
    view_verb = "return.view"
    list_display = (
        "ref", "kind", "standing", "order", "shop", "person",
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
        "ref", "on_the_desk", "kind", "standing", "order", "person", "channel",
        "submitted_at", "status_at", "closed_at", "verdicts",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (Lines, Freight, Parcels, Repairs, Rejections, Refunds)

    @column(_("status"), order="status")
    def standing(self, ret: Return) -> SafeString | str:
        """The status; that the customer objects is said where it is so, and nowhere that it is not."""
        if not ret.is_contested:
            return ret.get_status_display()
        return format_html('{} <span class="badge badge--danger">{}</span>', ret.get_status_display(), _("contested"))

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
        money("paid_minor", _("paid by the carrier")), moment("answered_at", _("answered at")),
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
    list_display = ("line", "stage", "pack", "pack_version", moment("decided_at", _("decided at")), "stands")
    list_filter = ("stage", "pack", "pack_version", "superseded")
    open_lookups = frozenset({"pack_sha256"})
    list_select_related = ("line__order_line",)
    readonly_fields = (
        "line",
        "stage",
        "pack",
        "pack_version",
        "sha256",
        "how_read",
        "facts",
        "outcome",
        "decided_at",
        "stands",
    )
    fields = readonly_fields

    @column(_("hash of the rule pack"))
    def sha256(self, verdict: Verdict) -> str:
        return verdict.pack_sha256

    @column(_("rules read as"))
    def how_read(self, verdict: Verdict) -> str:
        return verdict.semantics

    @column(_("stands"), order="superseded")
    def stands(self, verdict: Verdict) -> str:
        return str(_("replaced by a later one") if verdict.superseded else _("stands"))


@admin.register(Inspection)
class InspectionPage(OfficePage):
    view_verb = "return.view"
    list_display = ("line", "quantity", "accepted", "grade", "disposition", "by", moment("at", _("at")))
    list_filter = ("accepted", "grade", "disposition")
    list_select_related = ("line__order_line", "by")
