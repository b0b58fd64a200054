"""Thanks that can be held in the hand: what a customer was given, why, for how much, and who said yes to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.money import Money
from customers.models.person import Person
from customers.queries import GiftQuerySet


class Gift(models.Model):
    """One gift to one person, never for a review (R-126). Its cost is in minor units of `currency`.

    `decided_*` is who approved or dropped it; where the cost is small that is who thought of it.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("gift", "waits for approval")
        APPROVED = "approved", pgettext_lazy("gift", "approved")
        SENT = "sent", pgettext_lazy("gift", "on its way")
        DROPPED = "dropped", pgettext_lazy("gift", "dropped")

    class Way(models.TextChoices):
        PARCEL = "parcel", _("with the next parcel of an order")
        POST = "post", _("by itself, to their address")

    class Dropped(models.TextChoices):
        """Why the system dropped it, kept as a code; people give their reason in words of their own."""

        CONSENT = "consent", _("the consent was withdrawn")

    OPEN = (State.ASKED, State.APPROVED)

    person = models.ForeignKey(Person, models.PROTECT, related_name="gifts", verbose_name=_("customer"))
    what = models.CharField(_("what"), max_length=200)
    why = models.CharField(_("what for"), max_length=300)
    cost_minor = models.PositiveBigIntegerField(_("cost"))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    way = models.CharField(_("how it gets there"), max_length=6, choices=Way)
    state = models.CharField(_("state"), max_length=8, choices=State)
    asked_at = models.DateTimeField(_("thought of at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("thought of by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    dropped_why = models.CharField(_("why dropped"), max_length=200, blank=True)
    sent_at = models.DateTimeField(pgettext_lazy("gift", "sent at"), null=True, blank=True)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("thank-you gift")
        verbose_name_plural = _("thank-you gifts")
        ordering = ("-asked_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(state="sent"), name="gift_sent_has_its_state"),
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="gift_of_person"),
            models.Index(fields=["state", "-asked_at", "-id"], name="gift_by_state"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def cost(self) -> Money:
        return Money(self.cost_minor, self.currency)

    @property
    def dropped_because(self) -> str:
        """Why it was dropped, in the reader's language where the system dropped it; "" where it was not."""
        return str(dict(self.Dropped.choices).get(self.dropped_why, self.dropped_why))
