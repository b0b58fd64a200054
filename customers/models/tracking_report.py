"""Every report of a carrier as it came in, once: what became of it can be read here, and nothing is lost."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.shipment import Shipment
from customers.queries import TrackingReportQuerySet


class TrackingReport(models.Model):
    """`key` is a hash of the report, so that the same one again is known. `why` is a code, told in words by `get_why_display`.

    `body` is what the carrier sent; it names a place and a courier, at times a phone, and goes with the shipment's data.
    """

    class State(models.TextChoices):
        PLACED = "placed", _("on its shipment")
        UNPLACED = "unplaced", _("waits for somebody")
        REFUSED = "refused", _("not believed")

    class Why(models.TextChoices):
        NOTHING = "", "–"
        UNKNOWN = "unknown", _("no shipment has this number")
        CLAIMED_TWICE = "claimed_twice", _("shipments of several customers have this number")
        OTHER_CARRIER = "other_carrier", _("the shipment with this number travels with another carrier")
        FUTURE = "future", _("a scan lies in the future")

    source = models.CharField(_("source"), max_length=20)
    key = models.CharField(max_length=64)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    number = models.CharField(_("tracking number"), max_length=40)
    received_at = models.DateTimeField(_("received at"))
    body = models.JSONField(_("report"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    why = models.CharField(_("why"), max_length=20, choices=Why, blank=True, default=Why.NOTHING)
    shipments = models.ManyToManyField(Shipment, related_name="reports", blank=True, verbose_name=_("shipments"))

    objects = TrackingReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("tracking report")
        verbose_name_plural = _("tracking reports")
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="one_row_per_tracking_report")]
        indexes = [
            # The work list of those that found no shipment.
            models.Index(fields=["-id"], condition=models.Q(state="unplaced"), name="report_unplaced"),
            models.Index(fields=["number"], name="report_number"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}".strip()
