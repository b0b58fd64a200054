"""The office's pages of the archive: orders, people and promises to read; shops, goods and stock to enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficeInline, OfficePage, column, moment, money
from aftersales.kernel.errors import BadInput
from aftersales.kernel.money import Money
from aftersales.ledger.configuration import ConfigurationPage
from customers.models import (
    Category,
    ContactPoint,
    ImportRun,
    Order,
    OrderLine,
    Payment,
    Person,
    Product,
    Promise,
    Shipment,
    Shop,
    Sku,
)

Choices = Callable[[str], Sequence[tuple[str, str]]]


class OrderLines(OfficeInline):
    model = OrderLine
    fields = ("title", "variant", "quantity", "shipped_quantity", "claimed_quantity", "paid", "is_gift")
    readonly_fields = fields
    paid = money("paid_minor", _("paid for the line"), currency="order__currency")


class Payments(OfficeInline):
    model = Payment
    fields = ("number", "method", "amount", "reference", "captured_at")
    readonly_fields = fields
    amount = money("amount_minor", _("amount"), currency="order__currency")


class Shipments(OfficeInline):
    model = Shipment
    fields = ("carrier", "number", "status", "shipped_at", "signed_at", "promised_at")
    readonly_fields = fields


@admin.register(Order)
class OrderPage(OfficePage):
    view_verb = "order.view"
    list_display = (
        "number", "shop", "person", "status",
        moment("placed_at", _("ordered")), moment("delivered_at", _("signed for")),
        money("paid_minor", _("paid")), money("refunded_minor", _("refunded")),
    )  # fmt: skip
    list_filter = ("status", "shop", "platform")
    list_select_related = ("shop", "person")
    search_fields = ("^number", "^person__name", "^person__nick")
    search_help_text = _("Order number, name or platform nickname, from the beginning")
    inlines = (OrderLines, Payments, Shipments)
    goods = money("goods_minor", _("goods"))
    discount = money("discount_minor", _("discount"))
    freight = money("freight_minor", _("freight paid"))
    paid = money("paid_minor", _("paid"))
    refunded = money("refunded_minor", _("refunded"))
    # The buyer's street and phone are for the parcel, not for lists and managers: region only.
    fields = (
        "number", "platform", "shop", "person", "region", "status", "external_status",
        "goods", "discount", "freight", "paid", "refunded",
        "free_shipping", "has_freight_insurance", "payment_method", "buyer_message", "seller_memo",
        "placed_at", "paid_at", "shipped_at", "promised_at", "delivered_at", "completed_at", "imported_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).select_related("shop", "person", "address")

    @column(_("region"))
    def region(self, order: Order) -> str:
        return str(order.address) if order.address else "–"


class ContactPoints(OfficeInline):
    model = ContactPoint
    fields = ("kind", "masked", "verified_at")
    readonly_fields = fields

    @column(_("value"))
    def masked(self, contact: ContactPoint) -> str:
        return contact.masked


@admin.register(Person)
class PersonPage(OfficePage):
    view_verb = "order.view"
    list_display = ("ref", "name", "nick", "contacts", "locale", moment("created_at", _("since")))
    list_filter = ("source", "locale")
    search_fields = ("=ref", "^name", "^nick")
    search_help_text = _("Reference, name or platform nickname, from the beginning")
    fields = ("ref", "name", "nick", "locale", "source", "external_id", "created_at")
    readonly_fields = fields
    inlines = (ContactPoints,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).prefetch_related("contact_points")

    @column(_("contacts (masked)"))
    def contacts(self, person: Person) -> SafeString | str:
        return format_html_join(" · ", "{}", ((each.masked,) for each in person.contact_points.all())) or "–"


@admin.register(Promise)
class PromisePage(OfficePage):
    view_verb = "order.view"
    list_display = (
        "text", "person", "order", moment("due_at", _("by when")), moment("kept_at", _("kept")),
        moment("broken_at", _("broken")), "made_by",
    )  # fmt: skip
    list_select_related = ("person", "order", "made_by")
    list_filter = (("kept_at", admin.EmptyFieldListFilter), ("broken_at", admin.EmptyFieldListFilter))


class AmountField(forms.CharField):
    """An amount as people type it (`12.50`), kept in minor units of the shop's or article's currency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=30, **kwargs)


class AmountForm(forms.ModelForm[Any]):
    """Shows `_minor` columns in major units and reads them back exactly. `amounts` maps form fields to columns."""

    amounts: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {stored: getattr(self.instance, stored) for stored in self.amounts.values()}
        for name, stored in self.amounts.items():
            minor = self.before[stored]
            self.initial[name] = Money(minor, self.instance.currency).plain()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        currency = data.get("currency") or self.instance.currency
        for name, stored in self.amounts.items():
            try:
                amount = Money.parse(data.get(name, ""), currency)
            except BadInput as problem:
                self.add_error(name, ValidationError(str(problem)))
                continue
            if amount.minor < 0:
                self.add_error(name, ValidationError(_("An amount here cannot be less than nothing.")))
            setattr(self.instance, stored, amount.minor)
            self.cleaned_data[stored] = amount.minor
        return data

    @property
    def changed_data(self) -> list[str]:
        """Columns rather than form fields, so that exactly they are saved; `12` typed over `12.00` is no change."""
        plain = [name for name in super().changed_data if name not in self.amounts]
        return plain + [stored for stored, minor in self.before.items() if getattr(self.instance, stored) != minor]


class ShopForm(AmountForm):
    amounts: ClassVar = {
        "second_person_above": "second_person_above_minor",
        "freight_estimate": "freight_estimate_minor",
    }
    second_person_above = AmountField(
        label=_("second person above"), help_text=_("A refund above this needs a second person, a lead or a manager.")
    )
    freight_estimate = AmountField(
        label=_("usual freight of one leg"),
        help_text=_("Deducted where free delivery is no longer earned and the real cost is unknown."),
    )

    class Meta:
        model = Shop
        fields = (
            "name", "platform", "currency", "country", "province", "refund_provider", "rule_pack",
            "return_recipient", "return_phone", "return_address",
        )  # fmt: skip


class VocabularyPage(ConfigurationPage):
    """A page some of whose words belong to the rule engine, which stands above the archive and registers them here."""

    offered: ClassVar[dict[str, Choices]] = {}

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if (choices := self.offered.get(db_field.name)) is not None:
            return forms.ChoiceField(
                label=db_field.verbose_name,
                choices=choices(get_language() or "zh-hans"),
                initial=db_field.get_default(),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


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
    )

    @column(_("can take goods back"))
    def takes_back(self, shop: Shop) -> bool:
        return shop.can_take_back

    takes_back.boolean = True  # type: ignore[attr-defined]


@admin.register(Category)
class CategoryPage(VocabularyPage):
    offered: ClassVar[dict[str, Choices]] = {}
    list_display = ("code", "name_zh", "name_en", "goods_class", "warranty_days")
    search_fields = ("^code", "name_zh", "name_en")
    list_filter = ("goods_class",)


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


@admin.register(ImportRun)
class ImportRunPage(OfficePage):
    """What came in, and what could not be used and why."""

    list_display = (
        "source",
        "path",
        moment("started_at", _("started")),
        moment("finished_at", _("finished")),
        "orders",
        "bad_rows",
    )
    list_filter = ("source",)
    fields = ("source", "path", "started_at", "finished_at", "orders", "bad_rows", "rows_left_out", "remarks")
    readonly_fields = fields

    @column(_("orders"))
    def orders(self, run: ImportRun) -> str:
        counts = run.report.get("orders")
        if not counts:
            return "–"
        return str(_("%(created)s new, %(changed)s changed, %(unchanged)s unchanged, %(left_out)s left out") % counts)

    @column(_("rows with a problem"))
    def bad_rows(self, run: ImportRun) -> int:
        return int(run.report.get("bad_rows_total", 0))

    @column(_("why"))
    def rows_left_out(self, run: ImportRun) -> SafeString | str:
        rows = (
            (bad["file"], bad["line"], bad["column"], bad["reason"]) for bad in run.report.get("bad_rows", [])[:200]
        )
        return format_html_join("", "<div>{}:{} {} – {}</div>", rows) or "–"

    @column(_("remarks"))
    def remarks(self, run: ImportRun) -> SafeString | str:
        return format_html_join("", "<div>{}</div>", ((text,) for text in run.report.get("remarks", []))) or "–"
