"""How lately, how often and for how much somebody bought beside all others, and the segments that managers make of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import of_two
from customers.models.person import Person
from customers.queries import ScoreQuerySet

LEAST, MOST = 1, 5
_SCORES = ("recency", "frequency", "money")


def _bound(label: Any, default: int) -> Any:
    return models.PositiveSmallIntegerField(
        label, choices=[(n, str(n)) for n in range(LEAST, MOST + 1)], default=default
    )


class Segment(models.Model):
    """A range of each score, under a name. A person belongs to the first segment in use, by position, whose ranges fit."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    recency_from = _bound(_("how lately, from"), LEAST)
    recency_to = _bound(_("how lately, to"), MOST)
    frequency_from = _bound(_("how often, from"), LEAST)
    frequency_to = _bound(_("how often, to"), MOST)
    money_from = _bound(_("how much, from"), LEAST)
    money_to = _bound(_("how much, to"), MOST)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("customer segment")
        verbose_name_plural = _("customer segments")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    **{f"{name}_from__gte": LEAST, f"{name}_to__lte": MOST, f"{name}_from__lte": F(f"{name}_to")}
                ),
                name=f"segment_{name}_is_a_range",
            )
            for name in _SCORES
        ]

    def __str__(self) -> str:
        return of_two(self.name_zh, self.name_en)

    def clean(self) -> None:
        wrong = {
            f"{name}_to": ValidationError(_("“To” cannot be less than “from”."))
            for name in _SCORES
            if (getattr(self, f"{name}_from") or 0) > (getattr(self, f"{name}_to") or MOST)
        }
        if wrong:
            raise ValidationError(wrong)


class Score(models.Model):
    """One person beside everybody who bought: each score is 1 to 5, and n says that n−1 fifths of them did less.

    Money is compared within one currency; of several currencies the best score holds. `since` is the day of the shop's
    calendar from which the segment is the person's. Written by the nightly count only, as old as `counted_at` says.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="score", verbose_name=_("person"))
    recency = models.PositiveSmallIntegerField(_("how lately"))
    frequency = models.PositiveSmallIntegerField(_("how often"))
    money = models.PositiveSmallIntegerField(_("how much"))
    orders = models.PositiveIntegerField(_("orders"))
    last_order_on = models.DateField(_("last order"))
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="scores", verbose_name=_("customer segment")
    )
    since = models.DateField(_("in it since"))
    counted_at = models.DateTimeField(_("counted at"))

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer by segment")
        verbose_name_plural = _("customers by segment")
        ordering = ("-last_order_on", "-id")
        indexes = [
            # The office's list, whole and of one segment.
            models.Index(fields=["-last_order_on", "-id"], name="score_latest"),
            models.Index(fields=["segment", "-last_order_on", "-id"], name="score_of_segment"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.recency}-{self.frequency}-{self.money}"
