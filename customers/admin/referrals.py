"""Referrals to read: who recommended whom, and how we know."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, day
from customers.admin import columns
from customers.models import Referral


@admin.register(Referral)
class ReferralPage(OfficePage):
    view_verb = "order.view"
    list_display = (day("on", _("written down on")), "recommender", "newcomer", "how", "source")
    list_select_related = ("person", "by")
    list_filter = ("how",)
    search_fields = ("=person__ref", "=by__ref", "^person__name", "^by__name")
    search_help_text = _("Reference or name of the customer, from the beginning")
    fields = ("recommender", "newcomer", "how", "source", "on", "noted_by")
    readonly_fields = fields
    recommender = columns.customer(_("recommended by"), field="by")
    newcomer = columns.customer(_("new customer"))
