"""When each trigger last swept, so that readiness and the office can see that somebody is sweeping at all."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepRun(models.Model):
    """The latest pass of one trigger: `beat`, `doorbell`, `loop` or `command`."""

    trigger = models.CharField(_("rung by"), max_length=20, unique=True)
    at = models.DateTimeField(_("last pass"))
    done = models.PositiveIntegerField(_("rows done"), default=0)
    # How far the clock of its machine is ahead of the database's. It decides nothing here, but somebody should set it.
    skew_ms = models.IntegerField(_("clock ahead by (ms)"), default=0)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")

    def __str__(self) -> str:
        return f"{self.trigger} {self.at:%H:%M:%S}"
