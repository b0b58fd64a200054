"""The second half of an exchange: stock held, the price difference either way, and the parcel with the replacement."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.money import Money
from returns.models.request import Return


class Exchange(models.Model):
    """`difference_minor` > 0: the customer tops up; < 0: the shop refunds it (多退少补). Stock is held from approval."""

    class Difference(models.TextChoices):
        NONE = "none", _("no difference")
        CUSTOMER_OWES = "customer_owes", _("customer pays the difference")
        SHOP_OWES = "shop_owes", _("shop refunds the difference")
        SETTLED = "settled", _("settled")
        WAIVED = "waived", _("waived")

    of = models.OneToOneField(Return, models.PROTECT, related_name="exchange", verbose_name=_("return"))
    difference_minor = models.BigIntegerField(_("price difference"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    difference_status = models.CharField(_("difference"), max_length=14, choices=Difference, default=Difference.NONE)
    payment_ref = models.CharField(_("payment number"), max_length=100, blank=True)
    stock_held = models.BooleanField(_("stock held"), default=False)
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")

    def __str__(self) -> str:
        return str(self.of)

    @property
    def difference(self) -> Money:
        return Money(self.difference_minor, self.currency)


class Reshipment(models.Model):
    """A parcel with the replacement. One per return, so that two clicks are one parcel."""

    of = models.OneToOneField(Return, models.PROTECT, related_name="reshipment", verbose_name=_("return"))
    carrier = models.CharField(_("carrier"), max_length=40)
    number = models.CharField(_("tracking number"), max_length=40)
    shipped_at = models.DateTimeField(_("shipped at"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reshipment")
        verbose_name_plural = _("reshipments")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "number"], condition=~Q(number=""), name="one_reshipment_per_tracking_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"
