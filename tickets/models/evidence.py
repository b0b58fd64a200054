"""A file that shows a complaint to somebody outside: the platform, the regulator."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.files.packs import Pack
from tickets.models.complaint import Complaint
from tickets.queries import OfComplaintQuerySet


class EvidencePack(Pack):
    """Of one complaint. `names_masked`: names of customer and staff are left out of it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="packs", verbose_name=_("complaint"))
    names_masked = models.BooleanField(_("names left out"), default=True)

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
