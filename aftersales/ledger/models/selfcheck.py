"""What the hourly self-check found last, one row for each thing that must always hold. Read by operations and `/metrics`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SelfCheck(models.Model):
    """`examples` names a few of the rows that broke it: model label, primary key, what the row calls itself."""

    code = models.CharField(_("self-check"), max_length=8, unique=True)
    at = models.DateTimeField(_("checked at"))
    next_at = models.DateTimeField(_("next look at"), null=True, blank=True)  # empty: now
    rows = models.PositiveIntegerField(_("rows that break it"), default=0)
    examples = models.JSONField(_("examples"), default=list, blank=True)

    class Meta:
        verbose_name = _("self-check")
        verbose_name_plural = _("self-checks")

    def __str__(self) -> str:
        return self.code
