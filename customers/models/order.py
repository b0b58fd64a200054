"""An order and its lines: what was bought, what was really paid for each, and how much of it is already coming back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.money import Money
from aftersales.kernel.worded import Worded
from customers.models.catalogue import Sku
from customers.models.person import Address, Person
from customers.models.shop import Shop
from customers.queries import OrderLineQuerySet, OrderQuerySet


class Order(Worded):
    """One purchase. Money columns are minor units of `currency`; instants are UTC.

    `number` is text: Taobao's nineteen digits do not fit a float. `claim_sha256` is the keyed hash of the code on the
    parcel card. `refunded_minor` can never exceed `paid_minor`: the database holds it.
    """

    class Status(models.TextChoices):
        PAID = "paid", _("paid, not shipped")
        SHIPPED = "shipped", _("shipped")
        DELIVERED = "delivered", _("delivered")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        UNAVAILABLE = "unavailable", _("out of stock")
        UNPAID = "unpaid", _("not paid")

    class FreeShipping(models.TextChoices):
        FREE = "free", _("free shipping")
        PAID = "paid", _("customer paid the freight")
        CONDITIONAL = "conditional", _("free above a minimum")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders", verbose_name=_("shop"))
    platform = models.CharField(_("platform"), max_length=20)
    number = models.CharField(_("order number"), max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="orders", verbose_name=_("customer"))
    address = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, verbose_name=_("delivery address"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PAID)
    external_status = models.CharField(_("status at the platform"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    goods_minor = models.BigIntegerField(_("goods"), default=0)  # list prices
    discount_minor = models.BigIntegerField(_("discount"), default=0)  # positive: taken off
    freight_minor = models.BigIntegerField(_("freight paid"), default=0)
    paid_minor = models.BigIntegerField(_("paid"), default=0)
    refunded_minor = models.BigIntegerField(_("refunded"), default=0)
    free_shipping = models.CharField(_("shipping"), max_length=12, choices=FreeShipping, default=FreeShipping.FREE)
    free_shipping_above_minor = models.BigIntegerField(_("free shipping above"), default=0)
    has_freight_insurance = models.BooleanField(_("return-freight insurance"), default=False)
    payment_method = models.CharField(_("payment"), max_length=40, blank=True)
    buyer_message = models.CharField(_("buyer's message"), max_length=500, blank=True)
    seller_memo = models.CharField(_("shop's memo"), max_length=500, blank=True)
    placed_at = models.DateTimeField(_("ordered at"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("signed for at"), null=True, blank=True)
    promised_at = models.DateTimeField(_("delivery promised for"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    claim_sha256 = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)  # of the imported row: an unchanged one is skipped

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-placed_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["platform", "number"], name="one_order_per_platform_number"),
            models.CheckConstraint(condition=Q(refunded_minor__gte=0), name="refunded_not_negative"),
            models.CheckConstraint(condition=Q(refunded_minor__lte=F("paid_minor")), name="refunded_at_most_paid"),
        ]
        indexes = [
            models.Index(fields=["number"], name="order_number"),
            models.Index(fields=["person", "-placed_at"], name="order_of_person"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def paid(self) -> Money:
        return Money(self.paid_minor, self.currency)

    @property
    def refundable(self) -> Money:
        """What may still go back at most."""
        return Money(self.paid_minor - self.refunded_minor, self.currency)


class OrderLine(models.Model):
    """So many of one article. `paid_minor` is the line's share of what was really paid for goods, discounts taken off.

    `claimed_quantity` counts units in open and settled returns; it cannot pass `shipped_quantity`, whatever happens at
    the same moment: two check constraints hold it.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name=_("order"))
    number = models.CharField(_("line number"), max_length=64)
    sku = models.ForeignKey(Sku, models.PROTECT, null=True, blank=True, verbose_name=_("SKU"))
    title = models.CharField(_("title"), max_length=200)
    variant = models.CharField(_("variant"), max_length=120, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    shipped_quantity = models.PositiveIntegerField(_("shipped"), default=0)
    claimed_quantity = models.PositiveIntegerField(_("in returns"), default=0)
    unit_price_minor = models.BigIntegerField(_("unit price"), default=0)
    discount_minor = models.BigIntegerField(_("discount share"), default=0)
    paid_minor = models.BigIntegerField(_("paid for the line"), default=0)
    freight_minor = models.BigIntegerField(_("freight share"), default=0)
    exclusion_confirmed = models.BooleanField(_("buyer confirmed the exclusion at purchase"), default=False)
    is_gift = models.BooleanField(_("gift"), default=False)
    platform_refund = models.CharField(_("refund at the platform"), max_length=60, blank=True)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="one_line_per_number"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_quantity_positive"),
            models.CheckConstraint(condition=Q(shipped_quantity__lte=F("quantity")), name="shipped_at_most_bought"),
            models.CheckConstraint(
                condition=Q(claimed_quantity__lte=F("shipped_quantity")), name="claimed_at_most_shipped"
            ),
            models.CheckConstraint(condition=Q(paid_minor__gte=0), name="line_paid_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.variant}".strip()

    @property
    def paid(self) -> Money:
        """What was really paid for all units of the line."""
        return Money(self.paid_minor, self.order.currency)

    @property
    def free_quantity(self) -> int:
        """Units that are not in a return yet."""
        return self.shipped_quantity - self.claimed_quantity

    def paid_for(self, quantity: int, *, already: int = 0) -> Money:
        """What was paid for `quantity` units after `already` units were settled: any split sums to the whole line."""
        whole = Money(self.paid_minor, self.order.currency)
        units = whole.split([1] * self.quantity)
        total = Money.zero(self.order.currency)
        for unit in units[already : already + quantity]:
            total += unit
        return total
