"""An order as the API shows it. Contacts are masked for everybody: a number is asked for on the desk, with a reason."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.api.serializers.shape import MoneyField
from customers.models import Order, OrderLine, Person, Shipment, Shop, Sku


class ShopAnswer(serializers.ModelSerializer[Shop]):
    class Meta:
        model = Shop
        fields = ("id", "name", "platform", "currency")


class SkuAnswer(serializers.ModelSerializer[Sku]):
    class Meta:
        model = Sku
        fields = ("id", "code", "variant")


class LineAnswer(serializers.ModelSerializer[OrderLine]):
    sku = SkuAnswer(read_only=True)
    free_quantity = serializers.IntegerField(read_only=True, help_text="Units that may still be asked back.")
    unit_price = MoneyField(source="unit_price_minor", currency="order.currency")
    paid = MoneyField(source="paid_minor", currency="order.currency")

    class Meta:
        model = OrderLine
        fields = (
            "id", "number", "title", "variant", "sku", "quantity", "shipped_quantity", "claimed_quantity",
            "free_quantity", "unit_price", "paid", "is_gift",
        )  # fmt: skip


class ShipmentAnswer(serializers.ModelSerializer[Shipment]):
    class Meta:
        model = Shipment
        fields = ("id", "carrier", "number", "status", "shipped_at", "signed_at", "promised_at")


class BuyerAnswer(serializers.ModelSerializer[Person]):
    contacts = serializers.SerializerMethodField(help_text="Masked.")

    class Meta:
        model = Person
        fields = ("ref", "name", "nick", "contacts")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_contacts(self, person: Person) -> list[str]:
        return [contact.masked for contact in person.contact_points.all()]


class OrderBrief(serializers.ModelSerializer[Order]):
    """A row of the list."""

    shop = ShopAnswer(read_only=True)
    paid = MoneyField(source="paid_minor")
    refunded = MoneyField(source="refunded_minor")

    class Meta:
        model = Order
        fields = (
            "id", "number", "platform", "shop", "status", "paid", "refunded", "placed_at", "shipped_at", "delivered_at",
        )  # fmt: skip


class OrderAnswer(OrderBrief):
    """One order with its lines and parcels."""

    buyer = BuyerAnswer(source="person", read_only=True)
    goods = MoneyField(source="goods_minor")
    discount = MoneyField(source="discount_minor")
    freight = MoneyField(source="freight_minor")
    lines = LineAnswer(many=True, read_only=True)
    shipments = ShipmentAnswer(many=True, read_only=True)

    class Meta:
        model = Order
        fields = (
            *OrderBrief.Meta.fields,
            "buyer", "goods", "discount", "freight", "free_shipping", "has_freight_insurance", "payment_method",
            "paid_at", "promised_at", "completed_at", "lines", "shipments",
        )  # fmt: skip
