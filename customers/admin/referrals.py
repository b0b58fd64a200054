"""Referrals to read: who recommended whom, and how we know."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, column, day
from customers.models import Person, Referral


def _link(person: Person) -> SafeString:
    return format_html('<a href="/desk/people/{}/">{}</a>', person.ref, str(person))


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

    @column(_("recommended by"))
    def recommender(self, referral: Referral) -> SafeString:
        return _link(referral.by)

    @column(_("new customer"))
    def newcomer(self, referral: Referral) -> SafeString:
        return _link(referral.person)
