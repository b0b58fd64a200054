"""What a customer wrote about the shop on a platform, in public, and what the shop answers there."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models.catalogue import Product
from customers.models.order import Order
from customers.models.person import Person
from customers.queries import ReviewQuerySet

CONTENT_FROM = 4  # stars from which a review is a good one, unless its words complain


class Review(models.Model):
    """One review. `key` is `platform:number`, or a fingerprint where the platform gives no number: read in again it is known.

    `complaints` are the complaining words found in it. `reply_due_at` (UTC) is by when a bad one is answered in public; null
    for good ones. Nothing here is secret: the platform shows it to everybody; whom it is from stands in the archive.
    """

    class Platform(models.TextChoices):
        TAOBAO = "taobao", _("Taobao")
        TMALL = "tmall", _("Tmall")
        JD = "jd", _("JD")
        PDD = "pdd", _("Pinduoduo")
        DOUYIN = "douyin", _("Douyin")
        OWN = "own", _("the shop’s own site")
        OTHER = "other", pgettext_lazy("platform", "another")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("review", "to be answered")
        READY = "ready", pgettext_lazy("review", "reply to be copied")
        ANSWERED = "answered", pgettext_lazy("review", "answered")
        PASSED = "passed", pgettext_lazy("review", "left without a reply")

    class Passed(models.TextChoices):
        """Why a review was left by itself; the label has its parameters in it."""

        OLD = "old", _("older than %(days)s days when it came in")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    key = models.CharField(max_length=100, unique=True)
    platform = models.CharField(_("platform"), max_length=10, choices=Platform)
    external_id = models.CharField(_("number at the platform"), max_length=64, blank=True)
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="reviews", verbose_name=_("customer")
    )
    order = models.ForeignKey(
        Order, models.SET_NULL, null=True, blank=True, related_name="reviews", verbose_name=_("order")
    )
    order_number = models.CharField(_("order number"), max_length=64, blank=True)  # as told; the order may be unknown
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="reviews", verbose_name=_("product")
    )
    goods = models.CharField(_("goods"), max_length=200, blank=True)  # what the platform calls them
    nick = models.CharField(_("nickname shown"), max_length=80, blank=True)
    stars = models.PositiveSmallIntegerField(_("stars"))
    text = models.TextField(_("text"), max_length=2000, blank=True)
    photos = models.PositiveSmallIntegerField(_("photos"), default=0)
    complaints = models.JSONField(_("complaining words"), default=list, blank=True)
    is_bad = models.BooleanField(_("bad"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    passed_why = models.CharField(
        _("why it is left without a reply"), max_length=200, blank=True
    )  # as a person wrote it
    passed_code = models.CharField(max_length=10, choices=Passed, blank=True)  # where nobody wrote: the shop's own rule
    passed_params = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(_("written at"))
    added_at = models.DateTimeField(_("came in at"))
    reply_due_at = models.DateTimeField(_("public reply due"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_stars_one_to_five"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "ready"), settled_at=None)
                | Q(state__in=("answered", "passed"), settled_at__isnull=False),
                name="settled_reviews_have_a_time",
            ),
        ]
        indexes = [
            # The work list: what waits for an answer, the most urgent first; and its counts.
            models.Index(
                fields=["reply_due_at", "id"], condition=Q(state__in=("open", "ready")), name="review_to_answer"
            ),
            models.Index(fields=["-at", "-id"], name="review_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.get_platform_display()} {self.stars}/5"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def excerpt(self) -> str:
        """Its words, or that there are none."""
        return self.text or str(_("Stars only, no words."))

    @property
    def passed_reason(self) -> str:
        """Why it is left without a reply, in the reader's language; what a person wrote as they wrote it."""
        return str(self.Passed(self.passed_code).label) % self.passed_params if self.passed_code else self.passed_why

    def was_answered_in_time(self) -> bool | None:
        """Whether the reply stood on the platform in time; None without a due time or while it is open."""
        if self.reply_due_at is None or self.state != self.State.ANSWERED or self.settled_at is None:
            return None
        late: dt.timedelta = self.settled_at - self.reply_due_at
        return late <= dt.timedelta(0)


class ReviewReply(models.Model):
    """The shop's public answer. One stands at a time; an earlier one is taken back, not deleted.

    `published_at`: when somebody said that it stands on the platform. We cannot put it there ourselves.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="replies", verbose_name=_("review"))
    text = models.TextField(_("text"), max_length=500)
    # Empty where it was found on the platform by an import.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("public reply")
        verbose_name_plural = _("public replies")
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(withdrawn_at=None), name="one_standing_reply_per_review"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
