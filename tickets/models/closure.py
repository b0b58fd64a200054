"""Each time a ticket was closed, and each time it was opened again: rows that stay, while the ticket shows only the last."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class Closure(models.Model):
    """A ticket was closed at `at` (UTC). `by` is empty where a clock or the end of a request closed it."""

    class Reason(models.TextChoices):
        SOLVED = "solved", _("solved")
        NO_ANSWER = "no_answer", _("the customer no longer answers")
        REQUEST_ENDED = "request_ended", _("the request ended")
        MERGED = "merged", _("merged into another ticket")
        BATCH = "batch", _("closed with its batch problem")
        NOT_FOR_US = "not_for_us", _("not for us")
        EARLIER = "earlier", _("closed before reasons were kept")

    BY_HAND = (Reason.SOLVED, Reason.NO_ANSWER, Reason.NOT_FOR_US)  # what whoever closes one may choose

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="closures", verbose_name=_("ticket"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, default=Reason.SOLVED)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ("at", "id")
        indexes = [models.Index(fields=["ticket", "at"], name="closure_of_ticket")]

    def __str__(self) -> str:
        return str(self.get_reason_display())


class Reopening(models.Model):
    """A closed ticket was opened again at `at` (UTC)."""

    class Cause(models.TextChoices):
        CUSTOMER = "customer", _("the customer wrote")
        STAFF = "staff", _("opened by staff")
        REQUEST = "request", _("the request goes on")
        UNMERGED = "unmerged", _("the merge was undone")
        CC = "cc", _("somebody in Cc wrote")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="reopenings", verbose_name=_("ticket"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)

    class Meta:
        verbose_name = _("reopening")
        verbose_name_plural = _("reopenings")
        ordering = ("at", "id")
        indexes = [models.Index(fields=["ticket", "at"], name="reopening_of_ticket")]

    def __str__(self) -> str:
        return str(self.get_cause_display())
