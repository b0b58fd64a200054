"""A move of open clocks to a newer version of their policy or calendar: how far it has come, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.models.calendar import CalendarVersion
from tickets.models.sla_policy import PolicyVersion
from tickets.queries import PolicyMoveQuerySet


class PolicyMove(models.Model):
    """`reached` is the ticket that was seen to last; tickets come in the order of their keys, each once.

    `moved` and `ended` count clocks: those that go by the newer version now, and those it has no target for. It goes to a
    version of a policy or to one of a calendar; the latter ends none.
    """

    class Status(models.TextChoices):
        RUNNING = "running", pgettext_lazy("move", "running")
        DONE = "done", pgettext_lazy("move", "finished")
        CANCELLED = "cancelled", pgettext_lazy("move", "cancelled")

    version = models.ForeignKey(
        PolicyVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="moves",
        verbose_name=_("version of the policy"),
    )
    calendar = models.ForeignKey(
        CalendarVersion, models.PROTECT, null=True, blank=True, related_name="moves",
        verbose_name=_("version of the calendar"),
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RUNNING)
    begun_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    total = models.PositiveIntegerField(_("tickets"), default=0)
    seen = models.PositiveIntegerField(_("tickets seen to"), default=0)
    reached = models.BigIntegerField(default=0)
    moved = models.PositiveIntegerField(_("clocks moved"), default=0)
    ended = models.PositiveIntegerField(_("clocks ended"), default=0)

    objects = PolicyMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("move of open clocks")
        verbose_name_plural = _("moves of open clocks")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(status="running"), name="one_running_move_per_version"
            ),
            models.UniqueConstraint(
                fields=["calendar"], condition=Q(status="running"), name="one_running_move_per_calendar"
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False, calendar=None) | Q(version=None, calendar__isnull=False),
                name="moves_go_to_one_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to} × {self.total}"

    @property
    def to(self) -> PolicyVersion | CalendarVersion:
        """The version that clocks go over to."""
        found: PolicyVersion | CalendarVersion | None = self.version or self.calendar
        assert found is not None
        return found

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.RUNNING

    @property
    def percent(self) -> int:
        """How far it has come, 0 to 100."""
        return min(100, 100 * self.seen // self.total) if self.total else 100
