"""One problem behind many tickets: a bad lot, a mistake in the warehouse. Each customer's thread stays private."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Product
from tickets.models.ticket import Ticket
from tickets.queries import BatchQuerySet


class BatchProblem(models.Model):
    """`root_cause` must be known before it closes."""

    class About(models.TextChoices):
        PRODUCT = "product", _("a product")
        LOT = "lot", _("a production lot")
        WAREHOUSE = "warehouse", _("an event in the warehouse")
        CARRIER = "carrier", _("an event at the carrier")

    ref = models.CharField(_("reference"), max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=150)
    about = models.CharField(_("about"), max_length=10, choices=About)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    mark = models.CharField(_("lot number or event"), max_length=100, blank=True)
    root_cause = models.CharField(_("root cause"), max_length=1000, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch problem")
        verbose_name_plural = _("batch problems")
        ordering = ("-opened_at", "-id")

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class BatchTicket(models.Model):
    """A ticket belongs to one batch problem at most."""

    problem = models.ForeignKey(BatchProblem, models.CASCADE, related_name="members", verbose_name=_("batch problem"))
    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="batch", verbose_name=_("ticket"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("ticket of a batch problem")
        verbose_name_plural = _("tickets of batch problems")

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.ticket_id}"


class BatchReply(models.Model):
    """One text that went to every open ticket of a problem, each by itself. `key` is made with the page: sent twice is once."""

    problem = models.ForeignKey(BatchProblem, models.CASCADE, related_name="replies", verbose_name=_("batch problem"))
    key = models.CharField(max_length=32)
    text = models.TextField(_("text"), max_length=5000)
    count = models.PositiveIntegerField(_("tickets"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reply to all")
        verbose_name_plural = _("replies to all")
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["problem", "key"], name="one_reply_to_all_per_page")]

    def __str__(self) -> str:
        return self.text[:60]
