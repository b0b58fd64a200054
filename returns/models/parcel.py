"""The goods on their way back: parcels, what was counted out of them, and what the inspection found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from returns.models.request import Return, ReturnLine


class ReturnParcel(models.Model):
    """One parcel back. A tracking number belongs to one return only: insurers and couriers ask for that too."""

    of = models.ForeignKey(Return, models.PROTECT, related_name="parcels", verbose_name=_("return"))
    carrier = models.CharField(_("carrier"), max_length=40)
    number = models.CharField(_("tracking number"), max_length=40)
    # What the customer says to have paid, for the case that the shop bears it. Minor units of the order's currency.
    freight_told_minor = models.BigIntegerField(_("freight the customer paid"), default=0)
    entered_at = models.DateTimeField(_("entered at"))
    signed_at = models.DateTimeField(_("arrived at"), null=True, blank=True)

    class Meta:
        verbose_name = _("return parcel")
        verbose_name_plural = _("return parcels")
        constraints = [
            models.UniqueConstraint(fields=["carrier", "number"], name="one_return_per_tracking_number"),
            models.CheckConstraint(condition=Q(freight_told_minor__gte=0), name="told_freight_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"


class Receipt(models.Model):
    """That units of a line were counted, once per count: several receipts over several days add up."""

    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="receipts", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("quantity"))
    # From the page that was counted on: the same page sent twice is one count.
    key = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(fields=["line", "key"], name="one_receipt_per_count"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="receipt_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.quantity}"


class Inspection(models.Model):
    """What was found on so many units of a line: grade, where they go, and whether they are accepted."""

    class Grade(models.TextChoices):
        INTACT = "intact", _("intact")
        OPENED = "opened", _("opened, as new")
        USED = "used", _("used or incomplete")
        DAMAGED = "damaged", _("damaged")
        WRONG = "wrong", _("not our goods")

    class Disposition(models.TextChoices):
        RESTOCK = "restock", _("back on the shelf")
        REFURBISH = "refurbish", _("refurbish")
        SCRAP = "scrap", _("scrap")
        SUPPLIER = "supplier", _("to the supplier")
        SEND_BACK = "send_back", _("back to the customer")
        REPAIR = "repair", _("to be repaired")

    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="inspections", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("quantity"))
    accepted = models.BooleanField(_("accepted"))
    grade = models.CharField(_("grade"), max_length=10, choices=Grade)
    disposition = models.CharField(_("disposition"), max_length=10, choices=Disposition)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=1), name="inspected_quantity_positive")]

    def __str__(self) -> str:
        return f"{self.line}: {self.quantity} {self.grade}"
