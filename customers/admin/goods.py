"""What the shop sells and what lies on the shelf."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import money
from aftersales.ledger.configuration import ConfigurationPage
from customers.admin.entry import AmountField, AmountForm, Choices, VocabularyPage
from customers.models import Category, Product, Sku


@admin.register(Category)
class CategoryPage(VocabularyPage):
    offered: ClassVar[dict[str, Choices]] = {}
    list_display = ("code", "name_zh", "name_en", "goods_class", "dated", "warranty_days")
    search_fields = ("^code", "name_zh", "name_en")
    list_filter = ("goods_class", "dated")


@admin.register(Product)
class ProductPage(VocabularyPage):
    offered: ClassVar[dict[str, Choices]] = {}
    list_display = ("code", "title", "category", "exclusion")
    list_select_related = ("category",)
    list_filter = ("exclusion",)
    search_fields = ("^code", "title")


class SkuForm(AmountForm):
    amounts: ClassVar = {"price": "price_minor"}
    price = AmountField(label=_("price"))

    def clean_on_hand(self) -> int:
        """Django checks no constraint on a column that is not in the form, and `reserved` belongs to the exchanges."""
        on_hand: int = self.cleaned_data["on_hand"]
        if on_hand < self.instance.reserved:
            raise ValidationError(
                _("%(reserved)s are set aside for exchanges; there cannot be fewer on the shelf."),
                params={"reserved": self.instance.reserved},
            )
        return on_hand

    class Meta:
        model = Sku
        fields = ("product", "code", "variant", "currency", "on_hand")
        help_texts = {"on_hand": _("As counted on the shelf. What exchanges have set aside is part of it.")}


@admin.register(Sku)
class SkuPage(ConfigurationPage):
    form = SkuForm
    list_display = ("code", "product", "variant", money("price_minor", _("price")), "on_hand", "reserved")
    list_select_related = ("product",)
    search_fields = ("^code", "product__title", "^variant")
    raw_id_fields = ("product",)  # the admin's autocomplete cannot be named for readers of screens
    fields = ("product", "code", "variant", "currency", "price", "on_hand", "reserved")
    readonly_fields = ("reserved",)
