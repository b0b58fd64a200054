"""When the shop works: calendars in versions that stay, and the table of working days that the law and the state give.

A version keeps what somebody typed (`settings`) and what it came to (`hours`, the form of `kernel/worktime_form.py`, with the
working days as they were then). So a clock that ran by a version always comes to the same, whatever is typed later.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings as configured
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.reader import of_two
from aftersales.kernel.worktime import BusinessHours
from aftersales.kernel.worktime_form import hours_as_written
from tickets.queries import CalendarQuerySet, CalendarVersionQuerySet, WorkingDayQuerySet

SHOP = "shop"  # the key of the calendar that holds where nothing else is said
_MOST_KEPT = 200
_kept: dict[tuple[int, dt.datetime], BusinessHours] = {}


class WorkCalendar(models.Model):
    """Opening hours under a name. What they are stands in its versions."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")
        ordering = ("id",)

    def __str__(self) -> str:
        return of_two(self.name_zh, self.name_en)

    def current(self) -> CalendarVersion:
        """The newest version: the one that new clocks run by."""
        found: CalendarVersion | None = self.versions.order_by("-number").first()
        if found is None:
            raise CalendarVersion.DoesNotExist(self.key)
        return found


class CalendarVersion(models.Model):
    """One state of a calendar. Written once: the database refuses to change or delete it."""

    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="versions", verbose_name=_("work calendar"))
    number = models.PositiveIntegerField(_("number"))
    settings = models.JSONField(_("settings"))
    hours = models.JSONField(_("opening hours"))
    note = models.CharField(_("what changes and why"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("since"))
    created_by = models.ForeignKey(
        configured.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a calendar")
        verbose_name_plural = _("versions of calendars")
        ordering = ("calendar", "-number")
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_numbers_once")]

    def __str__(self) -> str:
        return f"{self.calendar.key}@{self.number}"

    def business_hours(self) -> BusinessHours:
        """What it means, made once for the life of the process: a version never changes."""
        key = (self.pk, self.created_at)
        if key not in _kept:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = hours_as_written(self.hours)
        return _kept[key]


class WorkingDay(models.Model):
    """A day that differs from Monday to Friday by law or notice: a holiday, or a weekend day worked to make up for one.

    Periods of the law are counted by this table too, so what one shop closes for stands in its calendar and not here.
    """

    country = models.CharField(_("country"), max_length=2)
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("worked"))
    name_zh = models.CharField(_("name (Chinese)"), max_length=60, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    official = models.BooleanField(_("official"), help_text=_("As the state announced it; else it is provisional."))
    changed_by = models.ForeignKey(
        configured.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = WorkingDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("working day")
        verbose_name_plural = _("working days")
        ordering = ("country", "day")
        constraints = [models.UniqueConstraint(fields=["country", "day"], name="one_row_per_country_and_day")]

    def __str__(self) -> str:
        name = of_two(self.name_zh, self.name_en)
        return f"{self.day.isoformat()} {name}".rstrip()
