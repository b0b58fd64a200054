"""Gifts to read: what waits for approval, what was given to whom and why."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, column, moment, money
from customers.admin import columns
from customers.models import Gift


@admin.register(Gift)
class GiftPage(OfficePage):
    view_verb = "order.view"
    list_display = (
        "customer",
        "what",
        "why",
        money("cost_minor", _("cost")),
        "state",
        moment("asked_at", _("thought of at")),
    )
    list_display_links = ("what",)
    list_select_related = ("person",)
    list_filter = ("state", "way")
    search_fields = ("=person__ref", "^person__name")
    search_help_text = _("Reference or name of the customer, from the beginning")
    fields = (
        "customer", "what", "why", "cost_shown", "way", "state", "asked_at", "asked_by", "decided_at", "decided_by",
        "dropped_because", "sent_at",
    )  # fmt: skip
    readonly_fields = fields
    customer = columns.customer()

    @column(_("cost"))
    def cost_shown(self, gift: Gift) -> str:
        return str(gift.cost)

    @column(_("why dropped"))
    def dropped_because(self, gift: Gift) -> str:
        return gift.dropped_because
