"""Versions of the shop's rules, from draft to published: who wrote, proved and approved them. Changed by `actions.rulebook`.

What a published version holds, and that another person approved it, is kept by the database itself (migration
`_rules_stay`), so that page, shell and a careless UPDATE are refused alike.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from returns.queries import RuleVersionQuerySet

# From here on the first version of every set is in force. Nothing was sold online before.
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class RuleVersion(models.Model):
    """One text of one set of rules. `sha256` is over its meaning (`Pack.sha256`); blank while a draft cannot be read.

    A published version holds from `effective_from` (UTC) until the next published one of its set begins. `revision`
    counts changes of a draft: who saves on top of an older one is refused. The first version of a set is the shipped
    pack, which nobody here wrote.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("rules", "draft")
        SUBMITTED = "submitted", pgettext_lazy("rules", "waiting for approval")
        APPROVED = "approved", pgettext_lazy("rules", "approved")
        PUBLISHED = "published", pgettext_lazy("rules", "published")
        RETIRED = "retired", pgettext_lazy("rules", "retired before it began")
        WITHDRAWN = "withdrawn", pgettext_lazy("rules", "withdrawn")

    rule_set = models.CharField(_("rule pack"), max_length=20)
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    files = models.JSONField(_("text"))
    sha256 = models.CharField(max_length=64, blank=True)
    semantics = models.CharField(max_length=8)
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("begun from"))
    # The shipped pack a draft was begun from, so that a release offers its rules once.
    shipped_sha256 = models.CharField(max_length=64, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("submitted by"),
    )  # fmt: skip
    change_note = models.CharField(_("what changes and why"), max_length=2000, blank=True)
    revision = models.PositiveIntegerField(default=1)
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule version")
        verbose_name_plural = _("rule versions")
        ordering = ("rule_set", "-number")
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "number"], name="one_rule_version_per_number"),
            models.UniqueConstraint(
                fields=["rule_set", "effective_from"],
                condition=Q(status="published"),
                name="one_published_version_per_instant",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["published", "retired"], effective_from__isnull=False, published_at__isnull=False)
                | (~Q(status__in=["published", "retired"]) & Q(effective_from=None, published_at=None)),
                name="published_rules_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="retired", retired_at__lt=F("effective_from"))
                | (~Q(status="retired") & Q(retired_at=None)),
                name="rules_retire_before_they_begin",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(number=1), name="rules_but_the_first_have_an_author"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | ~Q(sha256=""), name="submitted_rules_have_a_hash"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule_set}@{self.number}"


class RuleEdit(models.Model):
    """Append-only: one save of a draft. Its people are the editors, who may not approve what they wrote.

    `changes` are `rules.changes.Change` as data: which row, column or words, before and after.
    """

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="edits")
    revision = models.PositiveIntegerField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("editor"))
    changes = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a draft")
        verbose_name_plural = _("changes of drafts")
        ordering = ("revision",)
        constraints = [models.UniqueConstraint(fields=["version", "revision"], name="one_edit_per_revision")]

    def __str__(self) -> str:
        return f"{self.version} r{self.revision}"


class RuleEvidence(models.Model):
    """Append-only: what a machine found out about one text. It speaks for the text with this hash and for no other."""

    class Kind(models.TextChoices):
        PROOF = "proof", pgettext_lazy("evidence", "proof")
        DIFF = "diff", _("what changes")
        BACKTEST = "backtest", _("back-test")
        TESTS = "tests", _("examples and explanations")

    class Verdict(models.TextChoices):
        PASS = "pass", pgettext_lazy("evidence", "passed")
        FAIL = "fail", pgettext_lazy("evidence", "failed")
        UNPROVED = "unproved", pgettext_lazy("evidence", "not proved")

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    report = models.JSONField()
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.version} {self.kind}: {self.verdict}"


class RuleApproval(models.Model):
    """Append-only: what a second person said of one text at one revision. An edit after it leaves it behind."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", pgettext_lazy("rules", "approved")
        SEND_BACK = "send_back", pgettext_lazy("rules", "sent back")

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="approvals")
    sha256 = models.CharField(max_length=64)
    revision = models.PositiveIntegerField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    comment = models.CharField(_("comment"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("approval of rules")
        verbose_name_plural = _("approvals of rules")
        ordering = ("id",)
        constraints = [
            # Said once for each revision: approving twice is approving once, and a later "send back" takes it away.
            models.UniqueConstraint(fields=["version", "revision", "verdict"], name="one_verdict_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.verdict}"
