"""Tiers of customers that a manager sets: from how much on, within how long, and what it gives. Who has reached which."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.money import Money
from aftersales.kernel.reader import of_two
from customers.models.person import Person
from customers.queries import MembershipQuerySet


class Tier(models.Model):
    """One step of the ladder. Whatever is set of orders and money must be reached, within the days that are set.

    `spent_from_minor` is paid less refunded in minor units of `currency`; other currencies do not count towards it. A
    higher `level` includes what the lower ones give, whichever way it was reached. Service levels name tiers by `key`.
    `counted_at` is when a night last asked who reaches it, whether anybody did or not.
    """

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    level = models.PositiveSmallIntegerField(
        _("level"), unique=True, validators=[MinValueValidator(1)], help_text=_("1 is the lowest.")
    )
    orders_from = models.PositiveIntegerField(
        _("orders from"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Without those that were cancelled or not paid. Empty: the number does not matter."),
    )  # fmt: skip
    spent_from_minor = models.BigIntegerField(_("paid and kept from"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    within_days = models.PositiveIntegerField(
        _("within days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3_650)],
        help_text=_("Orders of the last so many days. Empty: of all time."),
    )  # fmt: skip
    is_first = models.BooleanField(
        _("first in line"), default=False, help_text=_("New tickets of these customers begin with high priority.")
    )
    gives_zh = models.CharField(_("what else it gives (Chinese)"), max_length=200, blank=True)
    gives_en = models.CharField(_("what else it gives (English)"), max_length=200, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    counted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ("level",)
        constraints = [
            models.CheckConstraint(
                condition=Q(orders_from__isnull=False, orders_from__gte=1)
                | Q(spent_from_minor__isnull=False, spent_from_minor__gte=1),
                name="tier_asks_for_something",
            )
        ]

    def __str__(self) -> str:
        return of_two(self.name_zh, self.name_en)

    @property
    def gives(self) -> str:
        """In the reader's language."""
        return of_two(self.gives_zh, self.gives_en)

    @property
    def spent_from(self) -> Money | None:
        return None if self.spent_from_minor is None else Money(self.spent_from_minor, self.currency)

    def clean(self) -> None:
        if not self.orders_from and not self.spent_from_minor:
            raise ValidationError(_("Say how many orders or how much money a customer needs for it."))


class Membership(models.Model):
    """The highest tier in use that a person has reached. `since` is a day of the shop's calendar.

    `before` is the tier until then: none where it was reached from none, the same one where the very first count of the
    shop found it. Written by the nightly count only; `is_news` until the change is in the ledger.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="membership", verbose_name=_("person"))
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="memberships", verbose_name=_("tier"))
    before = models.ForeignKey(
        Tier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tier before")
    )
    since = models.DateField(_("since"))
    is_news = models.BooleanField(default=True)
    counted_at = models.DateTimeField(_("counted at"))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer by tier")
        verbose_name_plural = _("customers by tier")
        ordering = ("-since", "-id")
        indexes = [
            models.Index(fields=["-since", "-id"], name="membership_latest"),
            models.Index(fields=["tier", "-since", "-id"], name="membership_of_tier"),
            models.Index(fields=["id"], condition=Q(is_news=True), name="membership_news"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.tier}"

    @property
    def has_risen(self) -> bool:
        """As `MembershipQuerySet.risen`."""
        return self.before is None or self.before.level < self.tier.level
