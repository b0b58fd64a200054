"""Shops: where goods come back to, and the limits of money."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import column, money
from customers.admin.entry import AmountField, AmountForm, Choices, VocabularyPage
from customers.models import Shop


class ShopForm(AmountForm):
    amounts: ClassVar = {
        "second_person_above": "second_person_above_minor",
        "freight_estimate": "freight_estimate_minor",
        "goodwill_limit": "goodwill_limit_minor",
    }
    second_person_above = AmountField(
        label=_("second person above"), help_text=_("A refund above this needs a second person, a lead or a manager.")
    )
    freight_estimate = AmountField(
        label=_("usual freight of one leg"),
        help_text=_("Deducted where free delivery is no longer earned and the real cost is unknown."),
    )

    goodwill_limit = AmountField(
        label=_("goodwill of an agent at most"),
        help_text=_("What an agent may give in one complaint beyond what the rules grant. Above it a lead plans."),
    )

    class Meta:
        model = Shop
        fields = (
            "name", "platform", "currency", "country", "province", "refund_provider", "rule_pack",
            "return_recipient", "return_phone", "return_address", "undo_seconds", "mails_words",
            "complaints_until", "complaints_next_day", "review_reply_hours",
        )  # fmt: skip


@admin.register(Shop)
class ShopPage(VocabularyPage):
    """Where goods come back to, and the limits. Without a complete return address nothing can be approved."""

    form = ShopForm
    offered: ClassVar[dict[str, Choices]] = {}
    list_display = (
        "name",
        "platform",
        "currency",
        "takes_back",
        money("second_person_above_minor", _("second person above")),
    )
    fieldsets = (
        (None, {"fields": ("name", "platform", "currency", "country", "province")}),
        (_("Where goods come back to"), {"fields": ("return_recipient", "return_phone", "return_address")}),
        (_("Money"), {"fields": ("refund_provider", "second_person_above", "freight_estimate")}),
        (_("Rules"), {"fields": ("rule_pack",)}),
        (_("Conversation"), {"fields": ("undo_seconds", "mails_words")}),
        (_("Complaints"), {"fields": ("complaints_until", "complaints_next_day", "goodwill_limit")}),
        (_("Reviews"), {"fields": ("review_reply_hours",)}),
    )

    @column(_("can take goods back"))
    def takes_back(self, shop: Shop) -> bool:
        return shop.can_take_back

    takes_back.boolean = True  # type: ignore[attr-defined]
