"""Calendars are kept in versions: a save is a new one, a second save of the same is none, and no version is ever changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from aftersales.kernel.errors import NotFound, NotPermitted
from aftersales.kernel.worktime_form import BadHours
from aftersales.ledger.record import timeline
from tests.world import staff
from tickets.actions.calendar_seeding import seed_calendars
from tickets.actions.calendars import KeyTaken, NewerVersion, create_calendar, save_calendar, tried
from tickets.actions.working_days import DayEntry, set_working_days
from tickets.models import CalendarVersion, WorkCalendar, WorkingDay
from tickets.models.calendar_settings import resolved, usual_week

pytestmark = pytest.mark.django_db


def shop() -> WorkCalendar:
    seed_calendars()
    return WorkCalendar.objects.get(key="shop")


def with_lunch() -> dict[str, Any]:
    return {**shop().current().settings, "breaks": ["12:00-13:00"]}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+08:00")


def test_a_new_shop_works_nine_to_six_on_the_working_days_of_china() -> None:
    hours = shop().current().business_hours()
    assert hours.next_open(at("2026-02-13 18:00")) == at("2026-02-14 09:00"), "a Saturday worked before the festival"
    assert hours.next_open(at("2026-02-14 18:00")) == at("2026-02-24 09:00"), "and the whole festival"
    assert hours.between(at("2026-11-27 00:00"), at("2026-11-28 00:00")) == 9 * 3600


def test_seeding_a_second_time_changes_nothing() -> None:
    before = shop().current()
    seed_calendars()
    assert shop().current() == before
    assert CalendarVersion.objects.filter(calendar=shop()).count() == 1


def test_lunch_is_a_setting_of_a_version_and_the_version_before_keeps_its_hours() -> None:
    first, manager = shop().current(), staff("manager")
    second = save_calendar(shop().pk, with_lunch(), actor=manager, seen=1, note="午休一小时")
    assert (second.number, second.created_by_id, second.note) == (2, manager.id, "午休一小时")
    day = (at("2026-11-27 00:00"), at("2026-11-28 00:00"))
    assert second.business_hours().between(*day) == 8 * 3600
    assert CalendarVersion.objects.get(pk=first.pk).business_hours().between(*day) == 9 * 3600
    assert [event.name for event in timeline(shop())][-1] == "calendar.saved"
    assert timeline(shop())[-1].data["version"] == "shop@2"


def test_saving_what_holds_already_is_no_new_version() -> None:
    save_calendar(shop().pk, with_lunch(), actor=staff("manager"), seen=1)
    events = len(timeline(shop()))
    again = save_calendar(shop().pk, with_lunch(), actor=staff("manager"), seen=1)
    assert again.number == 2
    assert len(timeline(shop())) == events


def test_who_looked_at_an_older_version_is_told_instead_of_overwriting() -> None:
    save_calendar(shop().pk, with_lunch(), actor=staff("manager"), seen=1)
    with pytest.raises(NewerVersion) as no:
        save_calendar(shop().pk, {**with_lunch(), "make_up": ["10:00-16:00"]}, actor=staff("manager", "other"), seen=1)
    assert "shop@2" in str(no.value)
    assert shop().current().number == 2


@pytest.mark.parametrize("role", ["lead", "auditor"])
def test_who_may_only_look_changes_nothing(role: str) -> None:
    with pytest.raises(NotPermitted):
        save_calendar(shop().pk, with_lunch(), actor=staff(role))
    with pytest.raises(NotPermitted):
        create_calendar("night", name_zh="夜班", name_en="Night", settings=with_lunch(), actor=staff(role))


def test_for_an_agent_there_is_no_calendar() -> None:
    with pytest.raises(NotFound):
        save_calendar(shop().pk, with_lunch(), actor=staff("agent"))


def test_a_second_calendar_has_a_zone_and_a_key_of_its_own() -> None:
    night = {"zone": "Europe/Berlin", "week": {"fri": ["22:00-06:00+1"]}, "follows": "", "own": {}}
    version = create_calendar("night", name_zh="夜班", name_en="Night shift", settings=night, actor=staff("manager"))
    assert version.business_hours().is_open(dt.datetime(2026, 11, 28, 4, 59, tzinfo=dt.UTC))
    with pytest.raises(KeyTaken):
        create_calendar("night", name_zh="夜班", name_en="Night shift", settings=night, actor=staff("manager"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"week": {"mon": ["09:00-12:00", "11:00-18:00"]}}, "hours_overlap"),
        ({"zone": "Mars/Olympus"}, "hours_no_zone"),
        ({"holidays": "CN"}, "hours_unknown_part"),
        ({"own": {"2026-12-31": {}}}, "hours_no_own_day"),
        ({"own": {"2026-12-31": {"hours": [], "usual": True}}}, "hours_no_own_day"),
        ({"own": {"2026-12-32": {"hours": []}}}, "hours_no_date"),
        ({"own": {"2026-12-31": {"hours": ["18:00-09:00"]}}}, "hours_backwards"),
        ({"own": []}, "hours_no_days"),
        ({"week": {}}, "hours_never"),
    ],
)
def test_what_nobody_could_keep_is_not_saved(change: dict[str, Any], code: str) -> None:
    with pytest.raises(BadHours) as no:
        save_calendar(shop().pk, {**with_lunch(), **change}, actor=staff("manager"))
    assert no.value.code == code
    assert shop().current().number == 1


def test_the_shops_own_days_go_before_the_table() -> None:
    own = {
        "2026-12-31": {"hours": ["09:00-12:00"], "name": "盘点"},
        "2026-10-01": {"usual": True, "name": "大促值班"},
        "2026-12-02": {"hours": []},
    }
    hours = tried({**with_lunch(), "own": own})
    assert hours.between(at("2026-12-31 00:00"), at("2027-01-01 00:00")) == 3 * 3600
    assert hours.between(at("2026-10-01 00:00"), at("2026-10-02 00:00")) == 8 * 3600, "worked on the national day"
    assert hours.between(at("2026-12-02 00:00"), at("2026-12-03 00:00")) == 0
    assert shop().current().number == 1, "trying saves nothing"


def test_a_day_worked_like_a_usual_one_has_not_the_hours_of_a_make_up_day() -> None:
    settings = {**usual_week(["09:00-18:00"], "Asia/Shanghai"), "make_up": ["10:00-16:00"]}
    own = {"2026-10-01": {"usual": True, "name": "大促值班"}, "2026-11-08": {"usual": True, "name": "大促加班"}}
    table = {dt.date(2026, 10, 1): False, dt.date(2026, 10, 10): True}
    assert resolved({**settings, "own": own}, table)["days"] == {
        "2026-10-01": ["09:00-18:00"],
        "2026-10-10": ["10:00-16:00"],
        "2026-11-08": ["09:00-18:00"],
    }


def test_a_weekend_day_that_is_worked_has_hours_of_its_own_where_they_are_given() -> None:
    settings = {**usual_week(["09:00-18:00"], "Asia/Shanghai"), "make_up": ["10:00-16:00"], "breaks": ["12:00-13:00"]}
    table = {dt.date(2026, 2, 14): True, dt.date(2026, 2, 16): False}
    assert resolved(settings, table)["days"] == {"2026-02-14": ["10:00-12:00", "13:00-16:00"], "2026-02-16": []}
    always_open = {**settings, "week": {**settings["week"], "sat": ["08:00-20:00"]}}
    assert "2026-02-14" not in resolved(always_open, table)["days"], "who works on Saturdays anyhow keeps those hours"


def two_years_closed() -> dict[str, Any]:
    """What a manager may enter in one go, far behind the first holiday of the table."""
    days = [dt.date(2027, 1, 1) + dt.timedelta(days=number) for number in range(731)]
    return {**shop().current().settings, "own": {day.isoformat(): {"hours": []} for day in days}}


def test_a_closure_of_two_years_is_not_saved_however_late_it_begins() -> None:
    with pytest.raises(BadHours) as no:
        save_calendar(shop().pk, two_years_closed(), actor=staff("manager"))
    assert (no.value.code, no.value.params) == ("hours_never", {"day": "2027-01-01"})
    assert shop().current().number == 1


def test_one_that_was_saved_before_is_read_and_follows_the_table() -> None:
    settings, now = two_years_closed(), at("2026-11-30 09:00")
    hours = resolved(settings, WorkingDay.objects.of("CN"))
    old = CalendarVersion.objects.create(calendar=shop(), number=2, settings=settings, hours=hours, created_at=now)
    assert old.business_hours().is_open(now), "until it closes its clocks count"
    set_working_days("CN", [DayEntry(dt.date(2026, 12, 31), is_working=False)], actor=staff("manager"))
    assert shop().current().number == 3
    assert not shop().current().business_hours().on(dt.date(2026, 12, 31))


def test_a_calendar_that_opens_on_days_of_its_own_only() -> None:
    hours = resolved({"zone": "Asia/Shanghai", "week": {}, "own": {"2026-12-05": {"hours": ["10:00-20:00"]}}}, {})
    assert hours["days"] == {"2026-12-05": ["10:00-20:00"]}


@pytest.mark.parametrize("change", ["UPDATE {} SET number = 7", "DELETE FROM {}"])
def test_the_database_itself_keeps_every_version(change: str) -> None:
    shop()
    if connection.vendor == "sqlite" and change.startswith("DELETE"):
        pytest.skip("the tests empty SQLite's tables with DELETE and drop this trigger")
    with (
        pytest.raises(DatabaseError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(CalendarVersion._meta.db_table))


def test_a_calendar_with_versions_cannot_be_deleted() -> None:
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        shop().delete()
