"""What the shop claims from a carrier. Opened whenever a verdict says so; the customer never waits for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Shipment
from returns.models.request import Return


class CarrierClaim(models.Model):
    """`amount_minor` is what the shop asks for, in minor units of the order's currency. `due_at`: carriers must handle
    a complaint within seven days (Express Regulation 28)."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        PAID = "paid", _("paid")
        REFUSED = "refused", _("refused")

    of = models.ForeignKey(Return, models.PROTECT, related_name="carrier_claims", verbose_name=_("return"))
    shipment = models.ForeignKey(
        Shipment, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("shipment")
    )
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    number = models.CharField(_("tracking number"), max_length=40, blank=True)
    reason = models.CharField(_("reason"), max_length=40)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("carrier answers by"))

    class Meta:
        verbose_name = _("carrier claim")
        verbose_name_plural = _("carrier claims")
        indexes = [
            # Claims to chase, on the day of everybody.
            models.Index(fields=["due_at"], condition=Q(status="open"), name="claim_to_chase")
        ]
        constraints = [
            models.UniqueConstraint(fields=["of"], condition=Q(status="open"), name="one_open_claim_per_return")
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.carrier}"
