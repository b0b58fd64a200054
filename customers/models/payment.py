"""How an order was paid: one row a tender, because a refund goes back the way the money came (seven-day measures art. 14)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.order import Order


class Payment(models.Model):
    """One tender of one order, in minor units of the order's currency. `captured_at` (UTC) is empty until it was paid."""

    class Method(models.TextChoices):
        ALIPAY = "alipay", _("Alipay")
        WECHAT = "wechat", _("WeChat Pay")
        CREDIT_CARD = "credit_card", _("credit card")
        DEBIT_CARD = "debit_card", _("debit card")
        BANK_SLIP = "bank_slip", _("bank slip")
        BANK_TRANSFER = "bank_transfer", _("bank transfer")
        VOUCHER = "voucher", _("voucher")
        POINTS = "points", _("points")
        OTHER = "other", _("other")

    order = models.ForeignKey(Order, models.CASCADE, related_name="payments", verbose_name=_("order"))
    number = models.PositiveSmallIntegerField(_("sequence"))
    method = models.CharField(_("method"), max_length=16, choices=Method, default=Method.OTHER)
    instalments = models.PositiveSmallIntegerField(_("instalments"), default=1)
    amount_minor = models.BigIntegerField(_("amount"))
    reference = models.CharField(_("payment reference"), max_length=64, blank=True)
    captured_at = models.DateTimeField(_("paid at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="one_payment_per_sequence"),
            models.CheckConstraint(condition=models.Q(amount_minor__gte=0), name="payment_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.amount_minor}"
