"""What a person's buying came to so far, counted every night: how lately, how often, how much. One row for each currency."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.money import Money
from customers.models.person import Person


class Standing(models.Model):
    """Figures of one person in one currency. Days are of the shop's calendar; `spent_minor` is paid less refunded.

    Cancelled and unpaid orders do not count. Written by the nightly count only, so it is as old as `counted_at` says.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="standings", verbose_name=_("person"))
    currency = models.CharField(_("currency"), max_length=3)
    orders = models.PositiveIntegerField(_("orders"))
    spent_minor = models.BigIntegerField(_("paid and kept"))
    first_order_on = models.DateField(_("first order"))
    last_order_on = models.DateField(_("last order"))
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint(fields=["person", "currency"], name="one_standing_per_person_and_currency")
        ]
        indexes = [models.Index(fields=["last_order_on"], name="standing_last_order")]

    def __str__(self) -> str:
        return f"{self.person} {self.currency}"

    @property
    def spent(self) -> Money:
        return Money(self.spent_minor, self.currency)
