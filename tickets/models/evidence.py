"""A file that shows a complaint to somebody outside: the platform, the regulator."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.models.complaint import Complaint
from tickets.queries import OfComplaintQuerySet


class EvidencePack(models.Model):
    """One asked for. `counted` of `total` says how far it has come; the file goes at `expires_at` (UTC), the row stays.

    `names_masked`: names of customer and staff are left out of it. `language` is that of whoever asked.
    """

    class Status(models.TextChoices):
        BUILDING = "building", pgettext_lazy("evidence pack", "being made")
        DONE = "done", pgettext_lazy("evidence pack", "ready")
        EXPIRED = "expired", pgettext_lazy("evidence pack", "deleted")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="packs", verbose_name=_("complaint"))
    names_masked = models.BooleanField(_("names left out"), default=True)
    language = models.CharField(max_length=10)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.BUILDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    total = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    stored_name = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    done_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence pack")
        verbose_name_plural = _("evidence packs")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "names_masked"],
                condition=models.Q(status="building"),
                name="one_evidence_pack_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint.ticket.ref} {self.at:%Y-%m-%d}"
