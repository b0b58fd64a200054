"""A service that is asked where parcels are, and how that goes: the quota of the day and what failed. Read by operations."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrackingService(models.Model):
    """One row for each service; its lock lets one worker at a time choose what is asked next. Instants are UTC."""

    source = models.CharField(_("source"), max_length=20, unique=True)
    day = models.DateField(_("day"))  # of the shop's calendar
    asked = models.PositiveIntegerField(_("asked on that day"), default=0)
    asked_at = models.DateTimeField(_("last chosen at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("last answer at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failure at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("tracking service")
        verbose_name_plural = _("tracking services")

    def __str__(self) -> str:
        return self.source

    def left(self, day: dt.date, most: int) -> int:
        """How many may still be asked on this day."""
        return max(most - (self.asked if self.day == day else 0), 0)

    @property
    def is_failing(self) -> bool:
        """Whether the last thing heard of it was a failure."""
        return self.failed_at is not None and (self.answered_at is None or self.failed_at > self.answered_at)
