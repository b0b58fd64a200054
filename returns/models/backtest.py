"""A back-test somebody asked for: which text against which, how far it has come. Its result is kept as `RuleEvidence`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from returns.models.rulebook import RuleEvidence, RuleVersion
from returns.queries import BacktestQuerySet


class BacktestRun(models.Model):
    """One run over the stored cases. `sha256` and `against_sha256` are the texts it was begun with; `state` is what has
    been counted so far, with the place from which to read on, and is emptied at the end. `fee_minor`: what one leg is
    taken to cost where no freight is stored."""

    class Status(models.TextChoices):
        RUNNING = "running", pgettext_lazy("backtest", "running")
        DONE = "done", pgettext_lazy("backtest", "finished")
        CANCELLED = "cancelled", pgettext_lazy("backtest", "cancelled")
        FAILED = "failed", pgettext_lazy("backtest", "stopped by an error")

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="backtests", verbose_name=_("version"))
    sha256 = models.CharField(max_length=64)
    against = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+", verbose_name=_("compared with"))
    against_sha256 = models.CharField(max_length=64)
    since = models.DateField(_("cases decided since"), null=True, blank=True)
    fee_minor = models.PositiveBigIntegerField(_("assumed freight of one leg"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RUNNING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    begun_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    state = models.JSONField(default=dict)
    trouble = models.CharField(max_length=500, blank=True)
    evidence = models.OneToOneField(RuleEvidence, models.PROTECT, null=True, blank=True, related_name="backtest")

    objects = BacktestQuerySet.as_manager()

    class Meta:
        verbose_name = _("back-test")
        verbose_name_plural = _("back-tests")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(status="running"), name="one_running_backtest_per_version"
            ),
            models.CheckConstraint(
                condition=Q(status="done", evidence__isnull=False) | (~Q(status="done") & Q(evidence=None)),
                name="finished_backtests_have_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} / {self.against}"

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.RUNNING

    @property
    def percent(self) -> int:
        """How far it has come, 0 to 100."""
        return min(100, 100 * self.counted // self.total) if self.total else 0
