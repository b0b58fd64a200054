"""How a customer without an account proves an order, and how often somebody has tried."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.order import Order
from customers.models.person import ContactPoint


class ProofAttempt(models.Model):
    """One try to prove an order. Kept by hash of what was typed, so that unknown orders are limited like known ones."""

    target_sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=64)  # network address
    kind = models.CharField(max_length=10)  # code | claim | link | send
    succeeded = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("proof attempt")
        verbose_name_plural = _("proof attempts")
        indexes = [
            models.Index(fields=["target_sha256", "at"], name="attempt_by_target"),
            models.Index(fields=["source", "at"], name="attempt_by_source"),
            models.Index(fields=["at"], name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class ProofCode(models.Model):
    """A six-digit code sent to a contact on file. Ten minutes, five tries, one use; a new one cancels the old."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="proof_codes")
    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=200)  # slow salted hash (ASVS 6.5.2)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proof code")
        verbose_name_plural = _("proof codes")
        indexes = [models.Index(fields=["order", "-sent_at"], name="code_of_order")]

    def __str__(self) -> str:
        return f"{self.order} {self.sent_at:%Y-%m-%d %H:%M}"


class ShopLink(models.Model):
    """A link the shop sends: 256 random bits, kept as a hash, one order, one use, consumed by POST only."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="shop_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("shop link")
        verbose_name_plural = _("shop links")

    def __str__(self) -> str:
        return str(self.order)
