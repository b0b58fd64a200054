"""One thing that happened. Never deleted, and never changed but for what people wrote, which goes with whom it is about (a
database trigger says so too)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.ledger.subject import resolve


class Event(models.Model):
    """Audit trail, timeline, notices and statistics all read this row. `at` is UTC, from the database clock."""

    name = models.CharField(_("event"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    actor_kind = models.CharField(_("who, by kind"), max_length=12)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=120, blank=True)
    data = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("id",)
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_timeline"),
            models.Index(fields=["name", "at"], name="event_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type}:{self.subject_id}"

    @property
    def subject(self) -> Any:
        """The row it happened to, or None when it is gone."""
        return resolve(self.subject_type, self.subject_id)
