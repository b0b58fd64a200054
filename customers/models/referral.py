"""Who recommended the shop to whom, and where that was said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.person import Person
from customers.queries import ReferralQuerySet


class Referral(models.Model):
    """`person` came because `by` had recommended the shop: once for each new customer. `on` is a day of the shop's calendar."""

    class How(models.TextChoices):
        CODE = "code", _("gave the customer number")
        WORD = "word", _("said so")

    person = models.OneToOneField(Person, models.CASCADE, related_name="referral", verbose_name=_("new customer"))
    by = models.ForeignKey(Person, models.CASCADE, related_name="referrals", verbose_name=_("recommended by"))
    how = models.CharField(_("how we know"), max_length=4, choices=How)
    source = models.CharField(_("where they said it"), max_length=300)
    on = models.DateField(_("written down on"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written down by")
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ("-on", "-id")
        constraints = [models.CheckConstraint(condition=~Q(person=F("by")), name="referral_by_another")]
        indexes = [models.Index(fields=["-on", "-id"], name="referral_latest")]

    def __str__(self) -> str:
        return f"{self.by} → {self.person}"
