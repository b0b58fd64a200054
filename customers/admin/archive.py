"""Orders, people and promises, to read. Contacts are masked and streets left out: they are for the parcel."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import OfficeInline, OfficePage, column, moment, money
from customers.models import ContactPoint, Order, OrderLine, Payment, Person, Promise, Shipment


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
        "placed_at", "paid_at", "shipped_at", "promised_at", "delivered_at", "completed_at", "imported",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).select_related("shop", "person", "address")

    imported = moment("imported_at", _("imported"))

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
    fields = ("ref", "name", "nick", "locale", "source", "external_id", "created_at", "merged_into")
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
