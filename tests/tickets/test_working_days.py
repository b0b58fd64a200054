"""The table of working days: equal to a second opinion, typed by managers, renewed from public data, followed by calendars."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from aftersales.kernel import clock
from aftersales.kernel.errors import NotPermitted
from aftersales.kernel.workdays import is_workday
from aftersales.ledger.record import timeline
from tests.world import staff
from tickets.actions.calendar_seeding import seed_calendars
from tickets.actions.working_days import DayEntry, RestTooLong, YearUnknown, add_year, confirm_year, set_working_days
from tickets.jobs import bring_working_days
from tickets.models import WorkCalendar, WorkingDay

pytestmark = pytest.mark.django_db
NEW_YEARS_EVE = dt.date(2026, 12, 31)


@pytest.fixture(autouse=True)
def seeded() -> None:
    seed_calendars()


def shop() -> WorkCalendar:
    return WorkCalendar.objects.get(key="shop")


def row(day: dt.date) -> WorkingDay:
    return WorkingDay.objects.get(country="CN", day=day)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_the_seeded_table_equals_the_second_opinion(year: int) -> None:
    table = WorkingDay.objects.of("CN")
    days = [
        dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days)
    ]
    assert [day for day in days if table.get(day, day.weekday() < 5) != chinese_calendar.is_workday(day)] == []
    hours = shop().current().business_hours()
    assert [day for day in days if bool(hours.on(day)) != chinese_calendar.is_workday(day)] == []


def test_a_year_without_a_notice_is_provisional() -> None:
    officials = (
        WorkingDay.objects.filter(country="CN").order_by("day__year").values_list("day__year", "official").distinct()
    )
    assert set(officials) == {(2024, True), (2025, True), (2026, True), (2027, False)}


def test_days_are_said_by_name_in_both_languages() -> None:
    assert (row(dt.date(2026, 10, 1)).name_zh, row(dt.date(2026, 10, 1)).name_en) == ("国庆节", "National Day")
    assert (row(dt.date(2026, 2, 14)).name_zh, row(dt.date(2026, 2, 14)).is_working) == ("调休上班", True)


def test_a_manager_closes_a_day_and_the_calendars_that_follow_get_a_version() -> None:
    manager, before = staff("manager"), shop().current()
    entry = DayEntry(NEW_YEARS_EVE, is_working=False, name="元旦前夜")
    assert set_working_days("CN", [entry], actor=manager) == [NEW_YEARS_EVE]
    assert (row(NEW_YEARS_EVE).is_working, row(NEW_YEARS_EVE).changed_by_id) == (False, manager.id)
    after = shop().current()
    assert (before.number, after.number, after.created_by_id) == (1, 2, manager.id)
    assert not after.business_hours().on(NEW_YEARS_EVE)
    assert before.business_hours().on(NEW_YEARS_EVE), "clocks of the version before come to the same"
    assert [event.name for event in timeline(shop())][-2:] == ["calendar.days_changed", "calendar.saved"]
    assert set_working_days("CN", [entry], actor=manager) == []
    assert shop().current().number == 2


def test_a_rest_that_no_period_of_the_law_outlives_is_refused_with_its_first_day() -> None:
    first = dt.date(2026, 6, 8)  # a Monday
    rest = [DayEntry(first + dt.timedelta(days=number), is_working=False) for number in range(26)]
    set_working_days("CN", rest, actor=staff("manager"))  # with its weekends from the 6th of June to the 5th of July
    assert is_workday(dt.date(2026, 7, 6), "CN", WorkingDay.objects.of("CN"))
    more = DayEntry(dt.date(2026, 7, 6), is_working=False)
    with pytest.raises(RestTooLong, match="2026-06-06"):
        set_working_days("CN", [more], actor=staff("manager"))
    assert not WorkingDay.objects.filter(day=more.day).exists()


def test_a_day_made_usual_again_leaves_the_table() -> None:
    manager = staff("manager")
    set_working_days("CN", [DayEntry(NEW_YEARS_EVE, is_working=False)], actor=manager)
    set_working_days("CN", [DayEntry(NEW_YEARS_EVE, is_working=True)], actor=manager)
    assert not WorkingDay.objects.filter(day=NEW_YEARS_EVE).exists()
    assert shop().current().hours == shop().versions.get(number=1).hours


def test_a_name_as_it_was_shown_keeps_its_other_language() -> None:
    national = dt.date(2026, 10, 1)
    set_working_days("CN", [DayEntry(national, is_working=True, name="国庆节")], actor=staff("manager"))
    assert (row(national).name_zh, row(national).name_en) == ("国庆节", "National Day")


def test_only_a_manager_changes_the_table() -> None:
    for change in (
        lambda: set_working_days("CN", [DayEntry(NEW_YEARS_EVE, is_working=False)], actor=staff("lead")),
        lambda: add_year("CN", 2028, actor=staff("lead")),
        lambda: confirm_year("CN", 2027, actor=staff("auditor")),
    ):
        with pytest.raises(NotPermitted):
            change()


def test_a_year_is_confirmed_once() -> None:
    manager = staff("manager")
    assert confirm_year("CN", 2027, actor=manager) > 0
    assert set(WorkingDay.objects.filter(day__year=2027).values_list("official", flat=True)) == {True}
    assert confirm_year("CN", 2027, actor=manager) == 0


def test_a_further_year_is_brought_and_what_a_manager_typed_stays() -> None:
    manager, day = staff("manager"), dt.date(2028, 10, 2)
    set_working_days("CN", [DayEntry(day, is_working=True, name="值班")], actor=manager)
    assert add_year("CN", 2028, actor=manager) > 5
    assert (row(day).is_working, row(day).name_zh) == (True, "值班")
    assert add_year("CN", 2028, actor=manager) == 0


def test_a_provisional_year_becomes_official_when_the_data_knows_the_notice() -> None:
    WorkingDay.objects.filter(day__year=2026).update(official=False)
    WorkingDay.objects.filter(day=dt.date(2026, 2, 14)).delete()
    seed_calendars()
    assert row(dt.date(2026, 2, 14)).official
    assert not WorkingDay.objects.filter(day__year=2026, official=False).exists()


def test_at_new_year_the_next_year_is_brought_without_a_migration_and_once() -> None:
    before = shop().current()
    last = max(WorkingDay.objects.of("CN")).year
    new_year = clock.start_of_shop_day(dt.date(last, 1, 1))  # in UTC the old year has eight hours left
    for moment in (new_year, new_year + dt.timedelta(days=1)):
        with clock.fixed(moment):
            bring_working_days(moment)
    assert WorkingDay.objects.filter(country="CN", day__year=last + 1, is_working=False).count() > 5
    after = shop().current()
    assert after.number == before.number + 1
    assert [max(version.business_hours().days).year for version in (before, after)] == [last, last + 1]


def test_a_notice_that_a_job_brings_leaves_what_a_manager_typed() -> None:
    WorkingDay.objects.filter(day__year=2026).update(official=False)
    national = dt.date(2026, 10, 1)
    set_working_days("CN", [DayEntry(national, is_working=True, name="值班")], actor=staff("manager"))
    bring_working_days(clock.now())
    assert (row(national).is_working, row(national).name_zh) == (True, "值班")
    assert not WorkingDay.objects.filter(day__year=2026, official=False).exists()
    assert shop().current().number == 2


def test_a_year_nobody_knows_is_refused() -> None:
    for country, year in (("ZZ", 2026), ("CN", 1812)):
        with pytest.raises(YearUnknown):
            add_year(country, year, actor=staff("manager"))


def test_another_country_has_days_of_its_own() -> None:
    assert add_year("DE", 2026, actor=staff("manager")) > 5
    assert WorkingDay.objects.of("DE")[dt.date(2026, 10, 3)] is False
    assert shop().current().number == 1
