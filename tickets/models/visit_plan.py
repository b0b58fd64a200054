"""When customers are asked how it goes: plans with their steps and questions, as data that managers change in the office."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.accounts.models import Team
from aftersales.kernel.reader import of_two
from customers.models import Category

_DAYS = [MaxValueValidator(730)]


class VisitPlan(models.Model):
    """Whom it is for, what it wants to know, and what follows where nobody answers. Plans are switched off, not deleted.

    Of the plans that fit an order only the most exact ones are used: those of its categories, else those of its goods
    classes, else those for everything. Days and hours are counted where the shop is.
    """

    class Occasion(models.TextChoices):
        SIGNED = "signed", _("the parcel was signed for")
        LATE = "late", _("the parcel came later than promised")
        COMPLAINT = "complaint", _("a complaint was closed")
        RETURN = "return", _("a return was settled")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    purpose_zh = models.CharField(_("purpose (Chinese)"), max_length=200)
    purpose_en = models.CharField(_("purpose (English)"), max_length=200)
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion, default=Occasion.SIGNED)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("Empty: not bound to one."),
    )  # fmt: skip
    goods_class = models.CharField(
        _("goods class"), max_length=40, blank=True, help_text=_("As categories name it, such as three_guarantees.")
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team"),
        help_text=_("Who makes the visits; without one, everybody who may take tickets."),
    )  # fmt: skip
    tries = models.PositiveSmallIntegerField(
        _("tries"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("After so many in vain the visit ends as not reached."),
    )  # fmt: skip
    again_hours = models.PositiveSmallIntegerField(
        _("hours until the next try"), default=24, validators=[MinValueValidator(1), MaxValueValidator(336)]
    )
    until_proficient = models.BooleanField(
        _("until the customer is proficient"), default=False,
        help_text=_("After the last step one more visit follows each time, until the customer copes or wants no more."),
    )  # fmt: skip
    series_days = models.PositiveSmallIntegerField(
        _("days between the visits of a series"), default=14, validators=[MinValueValidator(1), *_DAYS]
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("visit plan")
        verbose_name_plural = _("visit plans")
        ordering = ("occasion", "code")
        constraints = [models.CheckConstraint(condition=Q(tries__gte=1), name="visit_plan_tries_once")]

    def __str__(self) -> str:
        return of_two(self.name_zh, self.name_en)

    @property
    def purpose(self) -> str:
        """What the visit is for, in the reader's language."""
        return of_two(self.purpose_zh, self.purpose_en)


class VisitStep(models.Model):
    """One visit of a plan: so many days after its occasion, by this channel."""

    class Channel(models.TextChoices):
        CALL = "call", _("Call")
        LETTER = "letter", _("Letter")
        MESSAGE = "message", _("Message")
        HOME = "home", _("Home visit")

    plan = models.ForeignKey(VisitPlan, models.PROTECT, related_name="steps", verbose_name=_("visit plan"))
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1), MaxValueValidator(99)])
    days = models.PositiveSmallIntegerField(_("days after"), validators=_DAYS)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.CALL)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("visit step")
        verbose_name_plural = _("visit steps")
        ordering = ("plan", "number")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_visit_step_per_number")]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"


class VisitQuestion(models.Model):
    """One question of a plan's script, asked on the phone or answered by the customer. What was answered keeps its words."""

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("answer", "in words")
        YES_NO = "yes_no", _("yes or no")
        SCORE = "score", _("1 to 5")

    plan = models.ForeignKey(VisitPlan, models.PROTECT, related_name="questions", verbose_name=_("visit plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("answered"), max_length=8, choices=Kind, default=Kind.TEXT)
    text_zh = models.CharField(_("question (Chinese)"), max_length=200)
    text_en = models.CharField(_("question (English)"), max_length=200)
    for_leads = models.BooleanField(
        _("about the staff"), default=False, help_text=_("The answer is shown to leads, managers and auditors only.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("visit question")
        verbose_name_plural = _("visit questions")
        ordering = ("plan", "number", "id")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_visit_question_per_number")]

    def __str__(self) -> str:
        return of_two(self.text_zh, self.text_en)
