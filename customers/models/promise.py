"""What the shop promised: to a person, about an order, by when. Promises better than the rules bind (CRPL 16)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.order import Order
from customers.models.person import Person


class PromiseQuerySet(models.QuerySet["Promise"]):
    def unsettled(self) -> PromiseQuerySet:
        """Neither kept nor broken yet."""
        return self.filter(kept_at=None, broken_at=None)


class Promise(models.Model):
    """`terms`: what the rules read of it, e.g. `{"promised_days": 30, "promised_return": true}` (`customers.policy`); may be
    empty."""

    class Place(models.TextChoices):
        ORDER = "order", _("on an order")
        TICKET = "ticket", _("on a ticket")
        CALL = "call", _("in a call")

    person = models.ForeignKey(Person, models.CASCADE, related_name="promises", verbose_name=_("customer"))
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, blank=True, related_name="promises", verbose_name=_("order")
    )
    text = models.CharField(_("what was promised"), max_length=300)
    terms = models.JSONField(_("terms for the rules"), default=dict, blank=True)
    made_in = models.CharField(_("where it was made"), max_length=8, choices=Place, default=Place.ORDER)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    due_at = models.DateTimeField(_("by when"), null=True, blank=True)
    warned_at = models.DateTimeField(_("reminded of at"), null=True, blank=True)
    kept_at = models.DateTimeField(_("kept at"), null=True, blank=True)
    broken_at = models.DateTimeField(_("broken at"), null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [
            # One's own day: what somebody has promised and not settled yet.
            models.Index(
                fields=["made_by", "due_at"], condition=Q(kept_at=None, broken_at=None), name="promise_to_keep"
            ),
            # The list of everybody's, the next due first.
            models.Index(fields=["due_at"], condition=Q(kept_at=None, broken_at=None), name="promise_by_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kept_at=None) | Q(broken_at=None), name="promise_kept_or_broken")
        ]

    def __str__(self) -> str:
        return self.text[:60]
