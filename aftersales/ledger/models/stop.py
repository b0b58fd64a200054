"""What is not done for the time being: by a person's word (a stop), or because the far side does not answer (a breaker)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StopQuerySet(models.QuerySet["Stop"]):
    def standing(self) -> StopQuerySet:
        return self.filter(ended_at=None)


class Stop(models.Model):
    """Somebody stopped something. `what`: `sending`, `decisions`, `channel:sms`, `template:shipment.arriving`, or `restored`.

    What falls due meanwhile waits in its row. A stop that ended is kept: who stopped what, when and why.
    """

    SENDING, RESTORED = "sending", "restored"  # all sending; everything at all, after a restore
    DECISIONS = "decisions"  # timers that decide a case without a person

    what = models.CharField(_("what is stopped"), max_length=80)
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("since"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("stopped by")
    )
    restored_to = models.DateTimeField(_("the backup is of"), null=True, blank=True)  # of `restored` only
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        constraints = [
            models.UniqueConstraint(fields=["what"], condition=Q(ended_at=None), name="one_standing_stop"),
        ]

    def __str__(self) -> str:
        return self.what


class Breaker(models.Model):
    """One far side: how often in a row it did not answer, and when it may be sent to again.

    While `open_until` lies ahead nothing is sent there, because it fails; until `next_send_at`, because it was just sent to.
    """

    destination = models.CharField(_("far side"), max_length=60, unique=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("nothing is sent until"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    next_send_at = models.DateTimeField(
        _("next send not before"), null=True, blank=True
    )  # `limits`: so many each second

    class Meta:
        verbose_name = _("circuit breaker")
        verbose_name_plural = _("circuit breakers")

    def __str__(self) -> str:
        return self.destination

    def is_resting(self, now: dt.datetime) -> bool:
        return self.open_until is not None and self.open_until > now

    def is_paced(self, now: dt.datetime) -> bool:
        return self.next_send_at is not None and self.next_send_at > now
