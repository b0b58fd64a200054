"""A parcel from the shop to the customer and what its carrier reported."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import shop_date
from aftersales.kernel.worded import Worded
from customers.models.order import Order


class TrackingStatus(models.TextChoices):
    """The carrier's words, mapped to ours (returns.md 6.3). The no-reason window opens at `SIGNED`, not at a station."""

    CREATED = "created", _("label made")
    PICKED_UP = "picked_up", _("picked up")
    IN_TRANSIT = "in_transit", _("on the way")
    OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
    AT_STATION = "at_station", _("at the pick-up point")
    SIGNED = "signed", _("signed for")
    SIGNED_BY_OTHER = "signed_by_other", _("signed for by somebody else")
    EXCEPTION = "exception", _("problem on the way")
    REFUSED = "refused", _("refused at the door")
    RETURNING = "returning", _("going back")
    RETURNED = "returned", _("back with the sender")
    LOST_SUSPECTED = "lost_suspected", _("possibly lost")


class Shipment(Worded):
    """One parcel of an order. Instants are UTC; `freight_cost_minor` is what the shop paid the carrier."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments", verbose_name=_("order"))
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    number = models.CharField(_("tracking number"), max_length=40, blank=True)
    carrier_chosen_by_buyer = models.BooleanField(_("carrier chosen by the buyer"), default=False)  # EC Law 20
    status = models.CharField(_("status"), max_length=20, choices=TrackingStatus, default=TrackingStatus.CREATED)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed for at"), null=True, blank=True)
    promised_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    freight_cost_minor = models.BigIntegerField(_("freight cost"), default=0)
    asked_at = models.DateTimeField(
        _("carrier asked at"), null=True, blank=True
    )  # `enquiries`: by us, for lack of a push

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "carrier", "number"], condition=~Q(number=""), name="one_shipment_per_number"
            )
        ]
        indexes = [
            models.Index(fields=["number"], name="shipment_number"),
            # Those that may be asked for next, however many have arrived.
            models.Index(
                fields=["asked_at"],
                condition=~Q(number="") & ~Q(status__in=("signed", "signed_by_other", "returned")),
                name="shipment_to_ask",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}".strip()

    @property
    def is_late(self) -> bool:
        """Handed over on a later day of the shop's calendar than was promised of it or, failing that, of its order."""
        promised_at = self.promised_at or self.order.promised_at
        if self.signed_at is None or promised_at is None:
            return False
        return shop_date(self.signed_at) > shop_date(promised_at)


class TrackingEvent(models.Model):
    """One scan. The same scan reported twice is one row."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="tracking", verbose_name=_("shipment"))
    at = models.DateTimeField(_("at"))
    status = models.CharField(_("status"), max_length=20, choices=TrackingStatus)
    text = models.CharField(_("text"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["shipment", "at", "status"], name="one_row_per_scan")]

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} {self.status}"
