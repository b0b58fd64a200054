"""Words of customers to read: which may be published, which stand where, and which must be taken down."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, moment
from customers.admin import columns
from customers.models import Testimonial


@admin.register(Testimonial)
class TestimonialPage(OfficePage):
    view_verb = "order.view"
    list_display = ("customer", "text", "shown_as", "state", "place", moment("given_at", _("written down at")))
    list_display_links = ("text",)
    list_select_related = ("person",)
    list_filter = ("state",)
    search_fields = ("=person__ref", "^person__name")
    search_help_text = _("Reference or name of the customer, from the beginning")
    fields = (
        "customer", "text", "shown_as", "source", "state", "place", "given_at", "noted_by", "published_at", "ended_at",
    )  # fmt: skip
    readonly_fields = fields
    customer = columns.customer()
