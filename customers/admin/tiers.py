"""The tiers a manager sets, and who has reached which."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficePage, column, day, money
from aftersales.ledger.configuration import ConfigurationPage
from customers.admin import columns
from customers.admin.entry import AmountField, AmountForm
from customers.models import Membership, Tier


class TierForm(AmountForm):
    amounts: ClassVar = {"spent_from": "spent_from_minor"}
    spent_from = AmountField(
        label=_("paid and kept from"), required=False,
        help_text=_("Less what was refunded, in this currency only. Empty: the money does not matter."),
    )  # fmt: skip

    class Meta:
        model = Tier
        fields = (
            "key", "name_zh", "name_en", "level", "orders_from", "currency", "within_days", "is_first", "gives_zh",
            "gives_en", "in_use",
        )  # fmt: skip


@admin.register(Tier)
class TierPage(ConfigurationPage):
    """Service levels name tiers, and lists filter by them; so a tier is taken out of use, not deleted."""

    form = TierForm
    list_display = (
        "name", "level", "orders_from", money("spent_from_minor", _("paid and kept from")), "within_days", "is_first",
        "people", "in_use",
    )  # fmt: skip
    list_filter = ("in_use",)
    search_fields = ("key", "name_zh", "name_en")
    fields = (
        ("key", "level"), ("name_zh", "name_en"), "orders_from", ("spent_from", "currency"), "within_days", "is_first",
        "gives_zh", "gives_en", "in_use",
    )  # fmt: skip
    people = columns.people("membership", "tier")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tier]:
        rows: QuerySet[Tier] = super().get_queryset(request).annotate(people=Count("memberships"))
        return rows

    @column(_("name"))
    def name(self, tier: Tier) -> str:
        return str(tier)


@admin.register(Membership)
class MembershipPage(OfficePage):
    view_verb = "order.view"
    open_lookups: ClassVar[frozenset[str]] = frozenset({"since"})
    list_display = ("customer", "tier", day("since", _("since")), "before")
    list_display_links = ("tier",)
    list_select_related = ("person", "tier", "before")
    list_filter = ("tier",)
    search_fields = ("=person__ref", "^person__name")
    search_help_text = _("Reference or name of the customer, from the beginning")
    fields = ("customer", "tier", "since", "before", "counted_at")
    readonly_fields = fields
    customer = columns.customer()
