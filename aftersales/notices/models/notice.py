"""That somebody was told something: by which channel, in which words, and what became of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.ledger import reasons
from aftersales.ledger.models import Event, Outbound
from aftersales.ledger.subject import resolve


class NoticeQuerySet(models.QuerySet[Any]):
    def in_app_of(self, user_id: int) -> NoticeQuerySet:
        """What one member of staff finds in their inbox, newest first."""
        mine = self.filter(recipient_type="accounts.user", recipient_id=user_id, channel=Notice.Channel.IN_APP)
        return mine.order_by("-at", "-id")

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One message to one person on one channel. `params` and `template` can say it again; nothing secret is in them:

    of a link that opens something without an account they hold what it opens, not the link (`notices.opening`).

    `key` is `channel:event:template:recipient:address`, so that a listener run again tells nobody twice.
    `to_sha256` is a keyed hash of the address, for limits; the address itself lives in the archive only.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")
        IN_APP = "inapp", _("in the desk")

    class State(models.TextChoices):
        PENDING = "pending", _("being sent")
        SENT = "sent", _("sent")
        SHOWN = "shown", _("shown here, not sent")  # demo mailbox, console
        FAILED = "failed", _("not sent")
        UNKNOWN = "unknown", _("possibly sent")
        CAPPED = "capped", _("held back: too many in a day")
        STOPPED = "stopped", _("taken back before it was sent")
        EXPIRED = "expired", _("not sent: too late to be of use")

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    template = models.CharField(_("template"), max_length=60)
    locale = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version of the words"), default=0)  # 0: those of the code
    params = models.JSONField(default=dict)
    recipient_type = models.CharField(max_length=60)
    recipient_id = models.BigIntegerField()
    to_masked = models.CharField(_("to"), max_length=120, blank=True)
    to_sha256 = models.CharField(max_length=64, blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="notices")
    outbound = models.OneToOneField(Outbound, models.SET_NULL, null=True, blank=True, related_name="notice")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    error = models.CharField(_("reason"), max_length=300, blank=True)
    why = models.JSONField(default=dict, blank=True)  # `error` with its parameters (`ledger.reasons`)
    at = models.DateTimeField(_("at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            # The inbox of a member of staff, and its unread count on every page.
            models.Index(fields=["recipient_type", "recipient_id", "-at"], name="notice_inbox"),
            models.Index(fields=["recipient_id"], condition=Q(channel="inapp", read_at=None), name="notice_unread"),
            # How often one address was written to lately.
            models.Index(fields=["to_sha256", "at"], name="notice_by_address"),
            models.Index(fields=["about_type", "about_id", "at"], name="notice_about"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.to_masked}".strip()

    @property
    def reason(self) -> str:
        """Why it was not sent, or not yet, in the reader's language."""
        if self.error or self.outbound is None:
            return reasons.said(self.why, self.error)
        return self.outbound.reason

    @property
    def about(self) -> Any:
        """What it is about (the event's subject), or None."""
        return resolve(self.about_type, self.about_id) if self.about_id is not None else None


class Preference(models.Model):
    """What somebody chose for one channel and kind. No row: yes; to what needs a consent that says so, the archive sees."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("about my orders and requests")
        MARKETING = "marketing", _("offers and news")

    recipient_type = models.CharField(max_length=60)
    recipient_id = models.BigIntegerField()
    channel = models.CharField(_("channel"), max_length=8, choices=Notice.Channel)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SERVICE)
    allowed = models.BooleanField(_("allowed"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient_type", "recipient_id", "channel", "kind"], name="one_choice_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_type}:{self.recipient_id} {self.channel} {self.kind}: {self.allowed}"
