"""Say which days are worked: one by one as managers type them, whole years from public data. Calendars that follow come along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput
from aftersales.kernel.policy import check
from aftersales.kernel.workdays import LONGEST_REST, is_workday, shift_to_workday
from aftersales.ledger.record import record
from tickets.actions.calendars import follow_working_days
from tickets.models import WorkCalendar, WorkingDay
from tickets.models.calendar import SHOP
from tickets.models.public_holidays import announced, days_of, known_to

_A_DAY = dt.timedelta(days=1)


class YearUnknown(BadInput):
    code = "year_unknown"
    sentence = _("Nothing is known of the working days of %(year)s. Enter its holidays one by one.")


class RestTooLong(BadInput):
    """A period of the law that ends in it would find no working day to run on to."""

    code = "rest_too_long"
    sentence = _("From %(day)s on more than %(most)s days in a row would be days off for the whole country. To close only the"
                 " shop, enter them in its calendar.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayEntry:
    """What is typed for one day. A usual working day or weekend day without a name needs no row."""

    day: dt.date
    is_working: bool
    name: str = ""
    official: bool = True

    @property
    def is_usual(self) -> bool:
        return self.is_working == (self.day.weekday() < 5) and not self.name


@transaction.atomic
def set_working_days(country: str, entries: Sequence[DayEntry], *, actor: Actor) -> list[dt.date]:
    """Write these days into the table and give the calendars that follow it a new version; the days that changed. Raises
    `RestTooLong`."""
    check(actor, "calendar.change")
    _calendars_locked()
    rows = {row.day: row for row in WorkingDay.objects.filter(country=country, day__in=[each.day for each in entries])}
    changed = [each for each in entries if not _says(rows.get(each.day), each)]
    if not changed:
        return []
    _must_end(country, {each.day: each.is_working for each in changed})
    for entry in changed:
        row = rows.get(entry.day) or WorkingDay(country=country, day=entry.day)
        if entry.is_usual:
            row.delete()
            continue
        if entry.name not in (row.name_zh, row.name_en):  # a name as it was shown keeps its other language
            row.name_zh = row.name_en = entry.name
        row.is_working, row.official, row.changed_by_id = entry.is_working, entry.official, actor.owner or actor.id
        row.save()
    days = [each.day for each in changed]
    _recorded(country, days, actor)
    return days


@transaction.atomic
def add_year(country: str, year: int, *, actor: Actor) -> int:
    """Bring what the public data knows of a year into the table, beside what managers typed; how many days it brought.

    Days that the data gave before and nobody touched are renewed, so that a provisional year becomes official.
    Raises `YearUnknown` where there is no data.
    """
    check(actor, "calendar.change")
    if not known_to(country) or not 2000 <= year <= 2100:
        raise YearUnknown(year=year, field="year")
    _calendars_locked()
    brought = _bring(country, year)
    if brought:
        _recorded(country, brought, actor)
    return len(brought)


@transaction.atomic
def confirm_year(country: str, year: int, *, actor: Actor) -> int:
    """Say that the year in the table is as the state announced it; how many days were provisional until now."""
    check(actor, "calendar.change")
    provisional = WorkingDay.objects.filter(country=country, day__year=year, official=False)
    days = list(provisional.values_list("day", flat=True))
    if not days:
        return 0
    provisional.update(official=True, changed_by=actor.owner or actor.id)
    _recorded(country, days, actor)
    return len(days)


def _must_end(country: str, typed: dict[dt.date, bool]) -> None:
    """Each rest that grows by these days, from its first day on, which may lie before them."""
    table = {**WorkingDay.objects.of(country), **typed}
    for day, is_working in typed.items():
        if is_working or typed.get(day - _A_DAY) is False:
            continue  # no rest, or one that was looked at with the day before
        first = day
        while not is_workday(first - _A_DAY, country, table):
            first -= _A_DAY
        try:
            shift_to_workday(first, country, table)
        except ValueError:
            raise RestTooLong(day=first, most=LONGEST_REST, field="until") from None


def _says(row: WorkingDay | None, entry: DayEntry) -> bool:
    """Whether the table holds that already."""
    if row is None:
        return entry.is_usual
    same_name = entry.name in (row.name_zh, row.name_en)
    return same_name and (row.is_working, row.official) == (entry.is_working, entry.official) and not entry.is_usual


def _bring(country: str, year: int) -> list[dt.date]:
    kept = {row.day: row for row in WorkingDay.objects.filter(country=country, day__year=year)}
    typed = {day for day, row in kept.items() if row.changed_by_id}
    fresh = {row.day: row for row in days_of(country, year) if row.day not in typed}
    same = {
        day
        for day, row in fresh.items()
        if (old := kept.get(day))
        and (old.is_working, old.official, old.name_zh) == (row.is_working, row.official, row.name_zh)
    }
    gone = [day for day in kept if day not in typed and day not in same]
    new = [row for day, row in fresh.items() if day not in same]
    WorkingDay.objects.filter(country=country, day__in=gone).delete()
    WorkingDay.objects.bulk_create(new)
    return sorted({*gone, *(row.day for row in new)})


def _recorded(country: str, days: list[dt.date], actor: Actor) -> None:
    """One event for the whole change, and the calendars that follow."""
    told = _told(days)
    shop = WorkCalendar.objects.filter(key=SHOP).first() or WorkCalendar.objects.first()
    if shop is not None:
        record("calendar.days_changed", on=shop, actor=actor, country=country, days=told)
    follow_working_days(country, actor=actor, note=now_in_words("Working days changed: %(days)s") % {"days": told})


def _told(days: list[dt.date]) -> str:
    first = ", ".join(day.isoformat() for day in days[:3])
    return first if len(days) <= 3 else f"{first} … {days[-1].isoformat()} ({len(days)})"


def _calendars_locked() -> None:
    """One change of the table at a time: every change may write a version of every calendar."""
    list(WorkCalendar.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def needs_renewing(country: str, year: int) -> bool:
    """Whether the public data knows more of a year than the table: it is missing, or has been announced since."""
    rows = WorkingDay.objects.filter(country=country, day__year=year)
    return not rows.exists() or (announced(country, year) and rows.filter(official=False, changed_by=None).exists())
