"""A repair: the customer's own goods in our workshop, what was wrong with them, and how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from returns.models.request import Return


class Repair(models.Model):
    """One per return. From `came_in_at` to `ended_at` the goods were in repair: both feed the rules of a later request."""

    class Outcome(models.TextChoices):
        REPAIRED = "repaired", _("repaired")
        BEYOND = "beyond", _("beyond repair")

    of = models.OneToOneField(Return, models.PROTECT, related_name="repair", verbose_name=_("return"))
    came_in_at = models.DateTimeField(_("came in at"))
    fault = models.CharField(_("fault found"), max_length=500, blank=True)
    parts = models.CharField(_("parts replaced"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    ended_at = models.DateTimeField(_("repair ended at"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="") & ~Q(fault="")),
                name="ended_repairs_name_outcome_and_fault",
            )
        ]

    def __str__(self) -> str:
        return f"{self.of}: {self.get_outcome_display()}".rstrip(": ")
