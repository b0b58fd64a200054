"""A file that shows a complaint to somebody outside: the platform, the regulator."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.files.packs import Pack
from tickets.models.complaint import Complaint
from tickets.models.ticket import Ticket
from tickets.queries import PackQuerySet


class EvidencePack(Pack):
    """Of one complaint. `names_masked`: names of customer and staff are left out of it.

    `cases` are those beside the complaint's own ticket that whoever asked for it saw; `left_out` counts the others, which are
    not in it.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="packs", verbose_name=_("complaint"))
    names_masked = models.BooleanField(_("names left out"), default=True)
    cases = models.ManyToManyField(Ticket, related_name="+")
    left_out = models.PositiveSmallIntegerField(default=0)

    objects = PackQuerySet.as_manager()

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
