"""Money going back: the intent with its components, kept apart from the payment, which the outbox makes once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.money import Money
from aftersales.kernel.worded import Worded
from returns.models.request import Return, ReturnLine


class Refund(Worded):
    """A sum to pay once. All `_minor` columns are minor units of `currency`; the total is the sum of the components.

    `goods` and `difference` refunds count against what was paid for the order (`Order.refunded_minor`); `freight` and
    `top_up` are transfers of their own, because a refund to the original payment can never exceed what was paid with it.
    """

    class Purpose(models.TextChoices):
        GOODS = "goods", _("goods")
        DIFFERENCE = "difference", _("price difference")
        FREIGHT = "freight", _("return freight")
        TOP_UP = "top_up", _("price difference the customer had paid")
        OBJECTION = "objection", _("after an objection")

    class Status(models.TextChoices):
        DUE = "due", _("due")
        SENDING = "sending", _("being paid")
        PAID = "paid", _("paid")
        FAILED = "failed", _("refused by the provider")
        UNKNOWN = "unknown", _("possibly paid")
        CANCELLED = "cancelled", _("cancelled")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    of = models.ForeignKey(Return, models.PROTECT, related_name="refunds", verbose_name=_("return"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.GOODS)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DUE)
    total_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    # Above the shop's limit two different people are needed. The constraint below holds it whatever the door.
    needs_second = models.BooleanField(_("needs a second person"), default=False)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second person"),
    )
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    provider = models.CharField(_("provider"), max_length=20, blank=True)
    provider_ref = models.CharField(_("payment number"), max_length=200, blank=True)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="refund_positive"),
            models.UniqueConstraint(
                fields=["of", "purpose"],
                condition=~Q(status__in=("failed", "cancelled")),
                name="one_live_refund_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="second_person_is_another"
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(second_by__isnull=False)
                | Q(status__in=("due", "failed", "cancelled")),
                name="large_refunds_have_two_people",
            ),
        ]
        indexes = [
            # The view of refunds that wait for a second person.
            models.Index(fields=["of"], condition=Q(status="due", needs_second=True), name="refund_second_person"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def is_transfer(self) -> bool:
        """Money that never was part of the order's payment: it goes back by hand and takes nothing from that payment."""
        return self.purpose in (self.Purpose.FREIGHT, self.Purpose.TOP_UP)


class RefundComponent(Worded):
    """One addend of a refund: goods, outbound freight, a deduction. Negative where it lowers the sum."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("goods")
        OUTBOUND_FREIGHT = "outbound_freight", _("freight of the first delivery")
        FREE_SHIPPING_LOST = "free_shipping_lost", _("free delivery no longer earned")
        RETURN_FREIGHT = "return_freight", _("freight of the return")
        PRICE_DIFFERENCE = "price_difference", _("price difference")
        AGREED = "agreed", _("as agreed")

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="components", verbose_name=_("refund"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    line = models.ForeignKey(
        ReturnLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("line")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    amount_minor = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("refund component")
        verbose_name_plural = _("refund components")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class FreightEntry(models.Model):
    """Who bears one leg of one return, for the freight ledger. Minor units; amount 0 until it is known."""

    class Leg(models.TextChoices):
        OUTBOUND = "outbound", _("first delivery")
        RETURN = "return", _("return")
        REPLACEMENT = "replacement", _("replacement")
        HANDBACK = "handback", _("refused goods sent back")

    of = models.ForeignKey(Return, models.CASCADE, related_name="freight", verbose_name=_("return"))
    leg = models.CharField(_("leg"), max_length=12, choices=Leg)
    payer = models.CharField(_("payer"), max_length=16)  # shop | buyer | split | not_applicable
    amount_minor = models.BigIntegerField(_("amount"), default=0)

    class Meta:
        verbose_name = _("freight entry")
        verbose_name_plural = _("freight ledger")
        constraints = [models.UniqueConstraint(fields=["of", "leg"], name="one_payer_per_leg")]

    def __str__(self) -> str:
        return f"{self.leg}: {self.payer}"
