"""What the rules said about one line, with everything needed to say it again years later."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from returns.models.request import ReturnLine
from returns.models.rulebook import RuleVersion


class Verdict(models.Model):
    """Append-only. `facts` and `outcome` are as the engine took and gave them; pack, version and hash pin the rules.

    The standing verdict of a line is the one that nothing supersedes.
    """

    class Stage(models.TextChoices):
        TOLD = "told", _("on what the customer told")
        FOUND = "found", _("on what the inspection found")

    line = models.ForeignKey(ReturnLine, models.CASCADE, related_name="verdicts", verbose_name=_("line"))
    stage = models.CharField(_("stage"), max_length=6, choices=Stage)
    pack = models.CharField(_("rule pack"), max_length=20)
    pack_version = models.CharField(_("version"), max_length=20)
    pack_sha256 = models.CharField(max_length=64)
    semantics = models.CharField(max_length=8)
    # Null for verdicts that were given before there were versions; their hash pins the rules all the same.
    version = models.ForeignKey(
        RuleVersion, models.PROTECT, null=True, blank=True, related_name="verdicts", verbose_name=_("rule version")
    )
    facts = models.JSONField(_("facts"))
    outcome = models.JSONField(_("outcome"))
    decided_at = models.DateTimeField(_("decided at"))
    superseded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(superseded=False), name="one_standing_verdict_per_line"
            )
        ]

    def __str__(self) -> str:
        return f"{self.line}: {', '.join(self.outcome.get('remedies', []))}"
