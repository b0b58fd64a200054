"""What follows a complaint: who else was asked to look, how content the customer is, what the shop does differently."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.models.complaint import Complaint
from tickets.queries import OfComplaintQuerySet


class Escalation(models.Model):
    """A complaint handed up: to a lead, to the platform, to the regulator. `due_at` (UTC) is when we hear or answer."""

    class To(models.TextChoices):
        LEAD = "lead", pgettext_lazy("escalation", "a lead")
        PLATFORM = "platform", pgettext_lazy("escalation", "the platform")
        REGULATOR = "regulator", pgettext_lazy("escalation", "the regulator (12315)")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="escalations", verbose_name=_("complaint"))
    to = models.CharField(_("to"), max_length=10, choices=To)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    due_at = models.DateTimeField(_("due at"))
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "to"], condition=Q(settled_at=None), name="one_open_escalation_to_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint.ticket.ref} → {self.get_to_display()}"


class Satisfaction(models.Model):
    """How content the customer was, 1 (not at all) to 5 (fully): with what happened, and with what was done about it."""

    class Stage(models.TextChoices):
        BEFORE = "before", pgettext_lazy("satisfaction", "before")
        AFTER = "after", pgettext_lazy("satisfaction", "after")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="ratings", verbose_name=_("complaint"))
    stage = models.CharField(_("when"), max_length=6, choices=Stage)
    score = models.PositiveSmallIntegerField(_("score"))
    channel = models.CharField(_("asked by"), max_length=8)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("satisfaction")
        verbose_name_plural = _("satisfactions")
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "stage"], name="one_satisfaction_a_stage"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="satisfaction_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.score}"


class Improvement(models.Model):
    """What the shop does so that it does not happen again: who sees to it, by the end of which day (the shop's)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="improvements", verbose_name=_("complaint"))
    text = models.CharField(_("what is done differently"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("by"))
    at = models.DateTimeField(_("at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.text[:60]
