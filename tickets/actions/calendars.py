"""Save a calendar: each save is a new version, and clocks that run keep theirs. Called by the office and by the seeding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor
from aftersales.kernel.errors import BadInput, Conflict, NotFound
from aftersales.kernel.policy import check
from aftersales.kernel.worktime import BusinessHours
from aftersales.kernel.worktime_form import BadHours, read_hours
from aftersales.ledger.record import record
from tickets.models import CalendarVersion, WorkCalendar, WorkingDay
from tickets.models.calendar_settings import resolved
from tickets.models.public_holidays import days_of, known_to


class NewerVersion(Conflict):
    """Somebody else has saved the calendar since this page was opened."""

    code = "newer_version"
    sentence = _("%(version)s was saved in the meantime. Look at it and make your change again.")


class UnknownCountry(BadHours):
    code = "country_unknown"
    sentence = _(
        "Nothing is known of the working days of “%(country)s”. Give two letters such as CN, or leave it empty."
    )


class KeyTaken(BadInput):
    code = "key_taken"
    sentence = _("There is a calendar with the key %(key)s already. Choose another.")


@transaction.atomic
def create_calendar(key: str, *, name_zh: str, name_en: str, settings: Any, actor: Actor) -> CalendarVersion:
    """A further calendar with its first version. Raises `KeyTaken` and `BadHours`."""
    check(actor, "calendar.change")
    if WorkCalendar.objects.filter(key=key).exists():
        raise KeyTaken(field="key", key=key)
    hours = _hours(settings)
    calendar = WorkCalendar.objects.create(key=key, name_zh=name_zh, name_en=name_en)
    return _write(calendar, 1, settings, hours, "", actor)


@transaction.atomic
def save_calendar(
    calendar_id: int, settings: Any, *, actor: Actor, seen: int | None = None, note: str = ""
) -> CalendarVersion:
    """The settings as a new version; what is in force already changes nothing. `seen` is the number the person looked at.

    Clocks that run keep their version: whether they move over is the business of the service levels. Raises `BadHours`
    and `NewerVersion`.
    """
    calendar: WorkCalendar | None = (
        WorkCalendar.objects.visible_to(actor).select_for_update().filter(pk=calendar_id).first()
    )
    if calendar is None:
        raise NotFound
    check(actor, "calendar.change")
    current = calendar.current()
    hours = _hours(settings)
    if (settings, hours) == (current.settings, current.hours):
        return current
    if seen is not None and seen != current.number:
        raise NewerVersion(version=str(current))
    return _write(calendar, current.number + 1, settings, hours, note, actor)


def tried(settings: Any) -> BusinessHours:
    """What the settings would mean, without saving: for previews. Raises `BadHours`."""
    return read_hours(_hours(settings))


def follow_working_days(country: str, *, actor: Actor, note: str) -> list[CalendarVersion]:
    """A new version of every calendar whose hours come out otherwise now that the table of the country has changed. In the
    caller's transaction. A calendar that is closed for years holds up no change of the law."""
    table, written = WorkingDay.objects.of(country), []
    for calendar in WorkCalendar.objects.select_for_update().order_by("pk"):
        current = calendar.current()
        if current.settings.get("follows") != country:
            continue
        hours = resolved(current.settings, table)
        if hours != current.hours:
            written.append(_write(calendar, current.number + 1, current.settings, hours, note, actor))
    return written


def _hours(settings: Any) -> dict[str, Any]:
    follows = settings.get("follows") if isinstance(settings, dict) else ""
    table: Mapping[dt.date, bool] = {}
    if isinstance(follows, str) and follows:
        table = WorkingDay.objects.of(follows) or {row.day: row.is_working for row in _first_years(follows)}
    hours = resolved(settings, table)
    read_hours(hours)  # what was typed and the table may together be a closure of years
    return hours


def _first_years(country: str) -> list[WorkingDay]:
    """What public data knows of this year and the next, unsaved; for a country that no calendar has followed yet. Without any
    every holiday would become a working day. Raises `UnknownCountry`."""
    if not known_to(country):
        raise UnknownCountry(field="follows", country=country)
    year = clock.now().year
    return [*days_of(country, year), *days_of(country, year + 1)]


def _write(
    calendar: WorkCalendar, number: int, settings: Any, hours: dict[str, Any], note: str, actor: Actor
) -> CalendarVersion:
    now: dt.datetime = clock.now()
    follows = settings.get("follows")
    if follows and not WorkingDay.objects.of(follows):
        WorkingDay.objects.bulk_create(_first_years(follows))
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=number,
        settings=settings,
        hours=hours,
        note=note[:200],
        created_at=now,
        created_by_id=(actor.owner or actor.id) if actor.kind in ("staff", "api") else None,
    )
    record("calendar.saved", on=calendar, actor=actor or SYSTEM, at=now, version=str(version), note=note[:200])
    return version
