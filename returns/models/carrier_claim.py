"""What the shop claims from a carrier, and what came of it. Opened when a verdict says so; the customer never waits for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.actor import Actor
from customers.models import Shipment
from returns.models.request import Return


class CarrierClaimQuerySet(models.QuerySet["CarrierClaim"]):
    def visible_to(self, actor: Actor) -> CarrierClaimQuerySet:
        """Those of returns that the actor sees."""
        return self.filter(of__in=Return.objects.visible_to(actor))

    def to_chase(self) -> CarrierClaimQuerySet:
        """The carrier owes an answer; the next due first."""
        return self.filter(status=CarrierClaim.Status.OPEN).order_by("due_at", "pk")


class CarrierClaim(models.Model):
    """`amount_minor` is what the shop asks for and `paid_minor` what the carrier pays, in minor units of the order's currency.
    `due_at`: carriers must handle a complaint within seven days (Express Regulation 28). `answer`: in the carrier's words."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        PAID = "paid", pgettext_lazy("claim", "paid")
        REFUSED = "refused", pgettext_lazy("claim", "refused")

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
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    paid_minor = models.BigIntegerField(_("paid by the carrier"), null=True, blank=True)
    answer = models.CharField(_("the carrier’s answer"), max_length=500, blank=True)

    objects = CarrierClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("carrier claim")
        verbose_name_plural = _("carrier claims")
        indexes = [
            # Claims to chase, on the day of everybody.
            models.Index(fields=["due_at"], condition=Q(status="open"), name="claim_to_chase"),
            models.Index(fields=["-answered_at", "-id"], condition=Q(answered_at__isnull=False), name="claim_answered"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["of"], condition=Q(status="open"), name="one_open_claim_per_return"),
            models.CheckConstraint(condition=Q(paid_minor=None) | Q(paid_minor__gte=0), name="carrier_takes_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.carrier}"
