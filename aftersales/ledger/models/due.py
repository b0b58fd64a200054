"""Everything that is to happen later, as rows with a due time: deliveries, timers, messages, payments, daily jobs."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.ledger import reasons
from aftersales.ledger.models.event import Event
from aftersales.ledger.subject import resolve


class DueQuerySet(models.QuerySet[Any]):
    def ready(self, now: dt.datetime) -> DueQuerySet:
        """Pending, due, and not leased by a worker that may still be at it."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(free, status=Due.Status.PENDING, due_at__lte=now)

    def pending(self) -> DueQuerySet:
        return self.filter(status=Due.Status.PENDING)

    def stuck(self) -> DueQuerySet:
        """Rows that only a person can move on."""
        return self.filter(status__in=Due.STUCK)


class Due(models.Model):
    """A row with a due time. `attempts` counts claims and is the fence: a late worker's number matches nothing."""

    # How long a claimed row is left to its worker. Work on our own tables is one short transaction; a killed worker's
    # row must be free again before anybody notices: nothing makes a decision later than this under `bench/chaos.py`.
    LEASE: ClassVar[dt.timedelta] = dt.timedelta(seconds=10)
    READ_WITH: ClassVar[tuple[str, ...]] = ()  # what its work needs anyway, read with the row

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")  # the other side refused for good
        UNKNOWN = "unknown", _("possibly done")  # the answer was lost and asking again could do it twice
        QUARANTINED = "quarantined", _("set aside")  # our own handler kept failing
        EXPIRED = "expired", _("too late, not done")  # its time had passed when somebody came round to it

    STUCK: ClassVar[tuple[str, ...]] = (Status.QUARANTINED, Status.UNKNOWN)  # only a person can move these on

    due_at = models.DateTimeField(_("due at"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    failures = models.PositiveSmallIntegerField(_("tries that failed"), default=0)  # attempts that ended in an error
    abandoned = models.PositiveSmallIntegerField(
        _("tries broken off"), default=0
    )  # attempts whose worker died over the row
    lease_until = models.DateTimeField(_("being worked on until"), null=True, blank=True)
    done_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    objects = DueQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def lease(self) -> dt.timedelta:
        """How long this row is left to whoever claims it."""
        return self.LEASE

    def fence(self) -> dict[str, Any]:
        """What must still be true of the row when its worker writes the outcome, or the work is undone."""
        return {"attempts": self.attempts, "status": self.Status.PENDING}


def _lag_index(name: str) -> models.Index:
    """What was done lately, for the figures of how late things are done."""
    return models.Index(fields=["done_at"], condition=Q(status="done"), name=name)


def _stuck_index(name: str) -> models.Index:
    """The few rows that need a person, for the dashboard and the office's lists, however long the table is."""
    return models.Index(fields=["status"], condition=Q(status__in=("quarantined", "unknown")), name=name)


class Delivery(Due):
    """One event on its way to one listener. The listener's writes and the `done` mark commit together."""

    READ_WITH = ("event",)

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries", verbose_name=_("event"))
    listener = models.CharField(_("listener"), max_length=60)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["event", "listener"], name="one_delivery_per_listener")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="pending"), name="delivery_due"),
            _stuck_index("delivery_stuck"),
            _lag_index("delivery_done"),
        ]

    def __str__(self) -> str:
        return f"{self.event.name} → {self.listener}"


class Perishable(Due):
    """What may come too late to matter: then it is marked so and not done. Empty: it never is too late."""

    useful_until = models.DateTimeField(_("of use until"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_too_late(self, now: dt.datetime) -> bool:
        return self.useful_until is not None and now > self.useful_until


class Timer(Perishable):
    """Something to decide at a time, such as T1 of a return. A paused timer keeps the time it still has."""

    LEASES: ClassVar[dict[str, dt.timedelta]] = {}  # by kind, of those whose work is long; said at `timers.fires`
    DECIDING: ClassVar[set[str]] = set()  # kinds that decide a case without a person; said there, too

    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    data = models.JSONField(_("details"), default=dict, blank=True)
    source = models.CharField(_("set by"), max_length=12, default="shop")  # shop | law | platform: who set the limit
    set_at = models.DateTimeField(_("set at"))
    paused_at = models.DateTimeField(_("standing still since"), null=True, blank=True)
    paused_seconds = models.PositiveBigIntegerField(_("seconds it stood still"), default=0)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=Q(status="pending"),
                name="one_pending_timer_per_kind",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="pending", paused_at=None), name="timer_due"),
            models.Index(fields=["subject_type", "subject_id"], name="timer_subject"),
            _stuck_index("timer_stuck"),
            _lag_index("timer_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"

    @property
    def lease(self) -> dt.timedelta:
        return self.LEASES.get(self.kind, self.LEASE)

    def fence(self) -> dict[str, Any]:
        """Also undone when somebody paused the timer, or moved it, while it was about to decide."""
        return {**super().fence(), "paused_at": None, "due_at": self.due_at}

    @property
    def subject(self) -> Any:
        """The row it is about, or None when it is gone."""
        return resolve(self.subject_type, self.subject_id)


class Outbound(Perishable):
    """One effect outside our tables: a mail, an SMS, a webhook call, a payment. The far side sees `key` once."""

    LEASE = dt.timedelta(seconds=60)  # three times the longest a channel may take, a chat's reply with files
    is_taken_back = False  # no column: its channel found while sending that it must not leave any more
    leaves_at: dt.datetime | None = None  # no column: the instant of this try by the database's clock, for signatures
    is_unasked = False  # no column: its channel ended it without a word to the far side
    far_side_fails = True  # no column: a claim that has read that it does not spares asking its breaker

    channel = models.CharField(_("channel"), max_length=20)
    # What may be stopped by itself: the template of a notice. And whose breaker counts: the channel, or one receiver.
    topic = models.CharField(_("template"), max_length=60, blank=True)
    destination = models.CharField(_("far side"), max_length=60, blank=True)
    key = models.CharField(_("key"), max_length=120, unique=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    payload = models.JSONField(default=dict)
    # Of the payload as it was promised: a payload may be blanked after sending, and the key still guards its content.
    payload_sha256 = models.CharField(max_length=64)
    # Set while a send is under way. Found set by the next claim, it means the sender died and the outcome is unknown.
    sending_since = models.DateTimeField(_("being sent since"), null=True, blank=True)
    repeats = models.PositiveSmallIntegerField(
        _("tries in spite of doubt"), default=0
    )  # tries made although an earlier one may have succeeded
    first_tried_at = models.DateTimeField(_("first tried at"), null=True, blank=True)
    provider_ref = models.CharField(_("number at the provider"), max_length=200, blank=True)
    why = models.JSONField(default=dict, blank=True)  # `last_error` with its parameters (`ledger.reasons`)

    class Meta:
        verbose_name = _("outbound message")
        verbose_name_plural = _("outbound messages")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="pending"), name="outbound_due"),
            # What is under way, for the limits of each far side, however long the queue is.
            models.Index(
                fields=["lease_until"],
                condition=Q(status="pending", lease_until__isnull=False),
                name="outbound_under_way",
            ),
            models.Index(fields=["subject_type", "subject_id"], name="outbound_subject"),
            _stuck_index("outbound_stuck"),
            _lag_index("outbound_done"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"

    @property
    def reason(self) -> str:
        """Why it was not sent, in the reader's language."""
        return reasons.said(self.why, self.last_error)

    @property
    def subject(self) -> Any:
        """The row it was sent for, or None when it is gone."""
        return resolve(self.subject_type, self.subject_id)


class DailyRun(Due):
    """One daily job on one day of the shop's calendar: two beats at midnight still do it once."""

    LEASE = dt.timedelta(minutes=10)

    job = models.CharField(_("job"), max_length=60)
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("daily run")
        verbose_name_plural = _("daily runs")
        constraints = [models.UniqueConstraint(fields=["job", "day"], name="one_run_per_day")]
        indexes = [models.Index(fields=["due_at"], condition=Q(status="pending"), name="dailyrun_due")]

    def __str__(self) -> str:
        return f"{self.job} {self.day}"
