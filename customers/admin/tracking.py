"""Reports of carriers: what waits for somebody, and why. A chosen one is tried again, e.g. after its order was imported."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, actor_of, moment
from aftersales.kernel.policy import may
from customers.actions.tracking import place_report
from customers.models import TrackingReport


@admin.register(TrackingReport)
class TrackingReportPage(OfficePage):
    view_verb = "order.view"
    list_display = ("number", "carrier", "state", "why", "source", moment("received_at", _("received")))
    list_filter = ("state", "why", "source")
    search_fields = ("=number",)
    search_help_text = _("Tracking number, whole")
    fields = ("source", "carrier", "number", "received_at", "state", "why", "shipments", "body")
    readonly_fields = fields
    actions = ("place",)

    def has_place_permission(self, request: HttpRequest) -> bool:
        return may(actor_of(request), "shipment.track")

    @admin.action(description=_("Look for the shipment of the chosen reports again"), permissions=["place"])
    def place(self, request: HttpRequest, rows: QuerySet[TrackingReport]) -> None:
        """Those whose shipment is still unknown stay as they are."""
        actor, placed = actor_of(request), TrackingReport.State.PLACED
        waiting = rows.filter(state=TrackingReport.State.UNPLACED)
        count = sum(place_report(row.pk, actor=actor).state == placed for row in waiting)
        self.said(request, count, gettext("%(count)d reports were placed on their shipment."))
