"""Goods that were not accepted, on their way back to the customer whose they are."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from returns.models.request import Return


class Handback(models.Model):
    """One per return, owed from the moment the refusal is final. A second try after the first came back replaces the
    parcel; the events keep both. `ended_at`: delivered, or kept in vain until a lead said so.
    """

    class Payer(models.TextChoices):
        SHOP = "shop", _("the shop")
        BUYER = "buyer", _("the customer, freight collect")

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        UNCLAIMED = "unclaimed", _("not claimed")

    of = models.OneToOneField(Return, models.PROTECT, related_name="handback", verbose_name=_("return"))
    owed_at = models.DateTimeField(_("owed since"))
    due_at = models.DateTimeField(_("due at"))
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    number = models.CharField(_("tracking number"), max_length=40, blank=True)
    payer = models.CharField(_("payer"), max_length=8, choices=Payer, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    came_back_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    keep_until = models.DateTimeField(_("kept until"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("handback")
        verbose_name_plural = _("handbacks")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "number"], condition=~Q(number=""), name="one_handback_per_tracking_number"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, number="") | (Q(sent_at__isnull=False) & ~Q(number="") & ~Q(payer="")),
                name="sent_handbacks_have_a_number_and_a_payer",
            ),
            models.CheckConstraint(
                condition=Q(came_back_at=None, keep_until=None)
                | Q(came_back_at__isnull=False, keep_until__isnull=False, sent_at__isnull=False),
                name="handbacks_that_came_back_are_kept_until",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="ended_handbacks_have_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of}: {self.carrier} {self.number}".rstrip(": ")
