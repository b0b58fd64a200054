"""One run of an importer and its report."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """`report` counts orders, lines, people created, changed, unchanged, and lists bad rows with line, column, reason.

    A dry run leaves no row: it writes nothing at all.
    """

    source = models.CharField(_("source"), max_length=20)
    path = models.CharField(_("files"), max_length=300)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    report = models.JSONField(_("report"), default=dict)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"
