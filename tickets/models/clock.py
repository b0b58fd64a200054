"""The clocks of a ticket, with all that happened to them. What they come to is counted by `tickets/sla/`, never typed.

`due_at`, `late_at` and `state` are kept for lists and can always be counted again from the segments. A clock that has ended is
changed by nothing; the database holds that. The one exception is its own continuation: a ticket that is opened again
before `final_at` was not over, and the old clock goes on.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.worded import Worded
from aftersales.kernel.worktime import BusinessHours
from tickets import sla
from tickets.models.calendar import CalendarVersion
from tickets.models.sla_policy import PolicyVersion
from tickets.models.ticket import Ticket
from tickets.queries import ClockQuerySet, SegmentQuerySet


class Clock(Worded):
    """One promise about time: this metric of this ticket, for the `cycle`-th time. Lengths in business seconds.

    While it stands it is due at no time; `late_at` is the deadline that had passed before (UTC), where one had.
    """

    class Metric(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("first response")
        ANSWER = "answer", _("answer to the complaint")
        NEXT_RESPONSE = "next_response", _("next response")
        RESOLUTION = "resolution", _("resolution")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        MET = "met", _("met")
        MISSED = "missed", _("missed")
        VOID = "void", _("void")

    OPEN = (State.RUNNING, State.PAUSED)

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="clocks", verbose_name=_("ticket"))
    metric = models.CharField(_("metric"), max_length=16, choices=Metric)
    cycle = models.PositiveIntegerField(_("cycle"), default=1)
    target_s = models.PositiveIntegerField(_("target in business seconds"))
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="clocks", verbose_name=_("version of the policy")
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="clocks", verbose_name=_("version of the calendar")
    )
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    late_at = models.DateTimeField(_("late since, before it was paused"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    final_at = models.DateTimeField(_("final from"), null=True, blank=True)
    resumed_at = models.DateTimeField(_("gone on since"), null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ("started_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "cycle"], name="one_clock_per_cycle"),
            models.UniqueConstraint(
                fields=["ticket", "metric"], condition=Q(state__in=("running", "paused")), name="one_open_clock"
            ),
            models.CheckConstraint(condition=Q(target_s__gt=0), name="clocks_have_a_target"),
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False) | (~Q(state="running") & Q(due_at=None)),
                name="only_running_clocks_are_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("running", "paused"), stopped_at=None, final_at=None)
                | (~Q(state__in=("running", "paused")) & Q(stopped_at__isnull=False, final_at__isnull=False)),
                name="ended_clocks_have_an_end",
            ),
        ]
        indexes = [
            # Moves to another version go through the open clocks in order.
            models.Index(
                fields=["policy_version", "id"], condition=Q(state__in=("running", "paused")), name="clock_open"
            ),
            # The report on service levels: what was promised in a period.
            models.Index(fields=["started_at", "id"], name="clock_began"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.metric} {self.cycle}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def hours(self) -> BusinessHours:
        return self.calendar_version.business_hours()

    def told(self) -> list[sla.Segment]:
        """Its segments as the counting wants them, in the order of writing."""
        return [segment.plain() for segment in self.segments.all()]

    def elapsed(self, now: dt.datetime) -> int:
        """Business seconds used so far."""
        return sla.elapsed(self.told(), self.hours(), now)

    def remaining(self, now: dt.datetime) -> int:
        """Business seconds left; negative when missed."""
        return self.target_s - self.elapsed(now)

    def breached_at(self, now: dt.datetime) -> dt.datetime | None:
        """The deadline it missed (UTC), or None."""
        return sla.breached_at(self.told(), self.hours(), self.target_s, now)

    def spans(self, now: dt.datetime) -> list[sla.Span]:
        """Its story, stretch by stretch."""
        return sla.spans(self.told(), self.hours(), now)


class ClockSegment(models.Model):
    """From `at` on the clock is running, paused or stopped. Only ever added.

    `reason` is a code, so renaming a waiting state or deleting a user changes no history. `target_s` and
    `calendar_version` stand where they change; the first segment has both.
    """

    class Kind(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="segments", verbose_name=_("clock"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    event = models.ForeignKey("ledger.Event", models.PROTECT, null=True, blank=True, related_name="+")
    target_s = models.PositiveIntegerField(null=True, blank=True)
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment of a clock")
        verbose_name_plural = _("segments of clocks")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.at.isoformat()}"

    def plain(self) -> sla.Segment:
        hours = self.calendar_version.business_hours() if self.calendar_version_id and self.calendar_version else None
        return sla.Segment(self.kind, self.at, self.reason, self.event_id, hours)


class ClockNotice(models.Model):
    """A warning, a missed deadline or a step that has been seen to: once for each clock, whoever comes second.

    `at` is the moment it stands for (the deadline itself), never the moment a worker came by.
    """

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="notices", verbose_name=_("clock"))
    kind = models.CharField(_("kind"), max_length=40)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("notice of a clock")
        verbose_name_plural = _("notices of clocks")
        constraints = [models.UniqueConstraint(fields=["clock", "kind"], name="one_notice_per_clock_and_kind")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.kind}"
