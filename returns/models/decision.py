"""Decisions as rows: approved, refused, contested, proof asked for. Each unique per thing decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from returns.models.request import Return

# What a refusal is about: the request itself, all the goods that came, or a part of them (or of the money).
REQUEST, GOODS, PART = "request", "goods", "part"


class Decided(models.Model):
    """Who decided and when. `by` is empty when the rules decided by themselves."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        abstract = True


class Approval(Decided):
    """That goods may come back: where to, and the most that will be refunded. Frozen at the moment of approval (T4)."""

    of = models.OneToOneField(Return, models.PROTECT, related_name="approval", verbose_name=_("return"))
    recipient = models.CharField(_("return to (name)"), max_length=60)
    phone = models.CharField(_("return to (phone)"), max_length=30)
    address = models.CharField(_("return address"), max_length=300)
    most_minor = models.BigIntegerField(_("refund at most"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return str(self.of)


class Rejection(Decided):
    """That the request, or goods after inspection, were refused: why, by which clause, and what is offered instead.

    `final_at`: the time to object is over, it was accepted, or a lead has answered the objection.
    """

    of = models.ForeignKey(Return, models.PROTECT, related_name="rejections", verbose_name=_("return"))
    stage = models.CharField(_("stage"), max_length=10, default=REQUEST)
    reason = models.CharField(_("reason"), max_length=1000)
    clause = models.CharField(_("clause"), max_length=200)
    alternative = models.CharField(_("what is offered instead"), max_length=500, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    final_at = models.DateTimeField(_("final since"), null=True, blank=True)

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        constraints = [
            models.UniqueConstraint(fields=["of"], condition=Q(lifted_at=None), name="one_standing_refusal"),
            models.CheckConstraint(condition=Q(lifted_at=None) | Q(final_at=None), name="lifted_or_final"),
        ]

    @property
    def is_part(self) -> bool:
        """Whether the rest goes on meanwhile."""
        return self.stage == PART

    def __str__(self) -> str:
        return f"{self.of}: {self.reason[:40]}"


class Contest(models.Model):
    """That the customer contests a refusal. A lead settles it once: upheld keeps the refusal, else it is lifted."""

    rejection = models.OneToOneField(Rejection, models.PROTECT, related_name="contest", verbose_name=_("refusal"))
    story = models.CharField(_("what the customer says"), max_length=2000)
    at = models.DateTimeField(_("at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    upheld = models.BooleanField(_("refusal stands"), null=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")

    def __str__(self) -> str:
        return str(self.rejection)


class InfoRequest(Decided):
    """That proof was asked for. One open question at a time."""

    of = models.ForeignKey(Return, models.PROTECT, related_name="info_requests", verbose_name=_("return"))
    question = models.CharField(_("question"), max_length=1000)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=2000, blank=True)
    lapsed_at = models.DateTimeField(_("lapsed at"), null=True, blank=True)  # the return ended before an answer came

    class Meta:
        verbose_name = _("request for proof")
        verbose_name_plural = _("requests for proof")
        constraints = [
            models.UniqueConstraint(
                fields=["of"], condition=Q(answered_at=None, lapsed_at=None), name="one_open_question"
            )
        ]

    def __str__(self) -> str:
        return self.question[:60]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for."""
        return self.answered_at is None and self.lapsed_at is None
