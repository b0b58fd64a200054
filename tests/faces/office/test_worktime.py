"""The office's pages of calendars and working days: looking, trying, saving, single days, a closure of sixty days, years."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel import clock
from tickets.actions.calendar_seeding import seed_calendars
from tickets.models import WorkCalendar, WorkingDay

pytestmark = pytest.mark.django_db
ONE, DAYS, LAW = "/office/calendars/shop/", "/office/calendars/shop/days/", "/office/working-days/"
Office = Callable[..., Client]


@pytest.fixture(autouse=True)
def seeded() -> None:
    seed_calendars()


def shop() -> WorkCalendar:
    return WorkCalendar.objects.get(key="shop")


def typed(**changes: str) -> dict[str, str]:
    """The form of the shop's calendar as it is filled in, changed."""
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")
    return {**week, "follows": "CN", "zone": "Asia/Shanghai", "seen": "1", **changes}


def test_the_list_says_today_and_now(office: Office, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = office("lead")
    with clock.fixed(dt.datetime(2026, 11, 27, 2, tzinfo=dt.UTC)), django_assert_max_num_queries(12):
        page = client.get("/office/calendars/").content.decode()
    assert "Shop hours" in page
    assert "09:00–18:00" in page
    assert "New calendar" not in page, "a lead looks"


def test_many_calendars_cost_as_few_statements_as_one(office: Office) -> None:
    client = office()

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/office/calendars/").status_code == 200
        return len(asked)

    cost()
    one = cost()
    for number in range(4):
        sent = {"key": f"night-{number}", "name_zh": f"夜班{number}", "name_en": f"Night shift {number}"}
        assert client.post("/office/calendars/", sent).status_code == 302
    client.get("/office/calendars/")  # which shows the messages and forgets them
    assert cost() == one
    assert "Night shift 3" in client.get("/office/calendars/").content.decode()


def test_a_country_whose_working_days_nobody_knows_is_refused_at_its_field(office: Office) -> None:
    client = office()
    refused = client.post(ONE, typed(follows="xx", **{"try": "1"}))
    assert "Nothing is known of the working days of “XX”" in html.unescape(refused.content.decode())
    WorkingDay.objects.create(country="XX", day=dt.date(2026, 12, 1), is_working=False, official=True)
    assert "Nothing is known" not in client.post(ONE, typed(follows="xx", **{"try": "1"})).content.decode()


def test_a_country_that_no_calendar_followed_yet_comes_with_its_holidays(office: Office) -> None:
    client = office()
    with clock.fixed(dt.datetime(2026, 11, 27, 2, tzinfo=dt.UTC)):
        client.post(ONE, typed(follows="us", **{"try": "1"}))
        assert not WorkingDay.objects.filter(country="US").exists(), "a trial saves nothing"
        assert client.post(ONE, typed(follows="us")).status_code == 302
    assert WorkingDay.objects.filter(country="US", day="2026-12-25", is_working=False).exists()
    assert not shop().current().business_hours().on(dt.date(2027, 7, 5)), "Independence Day, as it is kept"


def test_a_trial_says_which_days_would_change_and_saves_nothing(office: Office) -> None:
    client = office()
    with clock.fixed(dt.datetime(2026, 11, 27, 2, tzinfo=dt.UTC)):
        page = client.post(ONE, typed(breaks="12:00-13:00", **{"try": "1"})).content.decode()
    ahead = [dt.date(2026, 11, 27) + dt.timedelta(days=number) for number in range(92)]
    worked = sum(1 for day in ahead if shop().current().business_hours().on(day))
    assert f"{worked} days of the next 92 would have other hours. Nothing is saved yet." in " ".join(page.split())
    assert "09:00–12:00, 13:00–18:00" in page
    assert shop().current().number == 1


def test_what_is_saved_is_the_next_version_and_the_same_again_is_none(office: Office) -> None:
    client = office()
    assert client.post(ONE, typed(breaks="12:00-13:00", note="午休")).status_code == 302
    assert (shop().current().number, shop().current().settings["breaks"]) == (2, ["12:00-13:00"])
    assert client.post(ONE, typed(breaks="12:00-13:00", seen="2")).status_code == 302
    assert shop().current().number == 2
    assert "午休" in client.get(ONE).content.decode()


def test_an_unchanged_form_is_no_new_version(office: Office) -> None:
    office().post(ONE, typed())
    assert shop().current().number == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mon": "09:00-12:00, 11:00-18:00"}, "09:00-12:00 and 11:00-18:00 overlap"),
        ({"tue": "18:00-09:00"}, "closes before it opens"),
        ({"wed": "nine to five"}, "is no span"),
        ({"zone": "Mars/Olympus"}, "is no known time zone"),
        ({"mon": "22:00-06:00+1", "tue": "05:00-18:00"}, "overlap"),
        (dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ""), "There is not one open hour"),
    ],
)
def test_what_nobody_could_keep_is_told_at_its_field_and_kept(
    office: Office, change: dict[str, str], said: str
) -> None:
    answer = office().post(ONE, typed(**change))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert all(value in page for value in change.values())
    assert shop().current().number == 1


def test_who_saved_later_is_told(office: Office) -> None:
    client = office()
    client.post(ONE, typed(breaks="12:00-13:00"))
    answer = client.post(ONE, typed(breaks="12:00-14:00", seen="1"))
    assert answer.status_code == 400
    assert "shop@2 was saved in the meantime" in answer.content.decode()


def test_a_new_calendar_begins_with_the_hours_of_the_shop(office: Office) -> None:
    client = office()
    answer = client.post("/office/calendars/", {"key": "night", "name_zh": "夜班", "name_en": "Night shift"})
    assert answer.headers["Location"] == "/office/calendars/night/"
    assert WorkCalendar.objects.get(key="night").current().hours == shop().current().hours
    twice = client.post("/office/calendars/", {"key": "night", "name_zh": "夜班", "name_en": "Night shift"})
    assert (twice.status_code, "There is a calendar with the key night" in twice.content.decode()) == (400, True)


def test_a_month_says_holidays_make_up_days_and_hours(
    office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = office("auditor")
    with django_assert_max_num_queries(12):
        page = client.get(f"{DAYS}?month=2026-02").content.decode()
    for said in ("Spring Festival", "Make-up working day", "09:00–18:00", "2026-02"):
        assert said in page
    assert "Change days" not in page, "an auditor looks"


def save(client: Client, address: str, **typed: Any) -> int:
    return client.post(address, {"seen": str(shop().current().number), **typed}).status_code


def test_what_follows_the_break_of_a_night_is_told_as_that_of_the_next_day(office: Office) -> None:
    client = office()
    assert client.post(ONE, typed(mon="22:00-06:00+1", tue="", breaks="02:00-03:00")).status_code == 302
    page = client.get(f"{DAYS}?month=2026-11").content.decode()
    for said in ("22:00–02:00 next day", "next day 03:00–06:00"):
        assert said in page
    page = client.get(f"{DAYS}?month=2026-11", headers={"Accept-Language": "zh-CN"}).content.decode()
    for said in ("22:00–次日02:00", "次日03:00–06:00"):
        assert said in page


def test_sixty_closed_days_are_one_entry_and_let_go_again_in_one(office: Office) -> None:
    client = office()
    assert save(client, DAYS, first="2026-12-01", until="2027-01-29", kind="closed", name="搬仓") == 302
    version = shop().current()
    assert (version.number, version.note, len(version.settings["own"])) == (2, "搬仓", 60)
    assert not version.business_hours().on(dt.date(2027, 1, 29))
    assert "搬仓" in client.get(f"{DAYS}?month=2027-01").content.decode()
    assert save(client, DAYS, first="2026-12-01", until="2027-01-29", kind="table") == 302
    assert shop().current().hours == shop().versions.get(number=1).hours


def test_a_closure_of_more_than_two_years_is_told_with_its_first_day(office: Office) -> None:
    sent = {"seen": "1", "first": "2027-01-01", "until": "2028-12-31", "kind": "closed"}
    answer = office().post(DAYS, sent)
    assert answer.status_code == 400
    assert "stays closed for more than two years from 2027-01-01" in answer.content.decode()
    assert shop().current().number == 1


def test_a_day_has_hours_of_its_own_or_those_of_a_usual_day(office: Office) -> None:
    client = office()
    assert save(client, DAYS, first="2026-12-31", kind="hours", hours="09:00-12:00", name="盘点") == 302
    assert save(client, DAYS, first="2026-11-29", kind="usual") == 302
    hours = shop().current().business_hours()
    assert hours.on(dt.date(2026, 12, 31)) == ((9 * 3600, 12 * 3600),)
    assert hours.on(dt.date(2026, 11, 29)) == ((9 * 3600, 18 * 3600),)
    page = client.get(f"{DAYS}?day=2026-12-31").content.decode()
    assert 'value="09:00-12:00"' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": "2026-12-31", "kind": "hours", "hours": ""}, "Write the hours, or choose closed."),
        ({"first": "2026-12-31", "kind": "hours", "hours": "18:00-09:00"}, "closes before it opens"),
        ({"first": "2026-12-31", "until": "2026-12-01", "kind": "closed"}, "The last day lies before the first"),
        ({"first": "2026-12-31", "until": "2036-12-01", "kind": "closed"}, "more than two years after it"),
        ({"first": "", "kind": "closed"}, "required"),
        ({"first": "2026-12-31", "kind": "asleep"}, "asleep"),
    ],
)
def test_a_day_that_cannot_be_is_told(office: Office, wrong: dict[str, str], said: str) -> None:
    answer = office().post(DAYS, wrong)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert shop().current().number == 1


def test_the_law_is_typed_confirmed_and_brought_by_the_year(office: Office) -> None:
    client = office()
    assert save(client, LAW, first="2026-12-31", kind="off", name="元旦前夜", official="on") == 302
    assert WorkingDay.objects.get(day=dt.date(2026, 12, 31)).official
    assert shop().current().number == 2
    page = client.get(f"{LAW}?month=2027-01").content.decode()
    assert "provisional" in page
    assert client.post("/office/working-days/CN/2027/", {"confirm": "1"}).status_code == 302
    assert not WorkingDay.objects.filter(day__year=2027, official=False).exists()
    assert client.post("/office/working-days/CN/2028/").status_code == 302
    assert WorkingDay.objects.filter(day__year=2028, official=False).exists()


def test_both_months_are_read_in_chinese(office: Office) -> None:
    client = office()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    for address in (f"{DAYS}?month=2026-10", f"{LAW}?month=2026-10"):
        page = client.get(address, headers={"Accept-Language": "zh-CN"}).content.decode()
        assert "国庆节" in page
        assert "修改日期" in page


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=soon", "day=2026-02-30", "month=0001-01", "month=9999-12", "day=x"]
)
def test_strange_addresses_show_the_present_month(office: Office, query: str) -> None:
    for address in (DAYS, LAW):
        assert office().get(f"{address}?{query}").status_code == 200
    assert office().get("/office/working-days/?country=<b>").status_code == 404
    assert office().get("/office/calendars/moon/").status_code == 404
    assert office().post("/office/working-days/CN/99999/").status_code == 302


def test_what_was_saved_and_the_month_are_told_in_words(office: Office) -> None:
    client = office()
    with translation.override("zh-hans"):
        name = str(shop())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    typed = {"seen": "1", "first": "2026-12-01", "kind": "closed", "name": "搬仓"}
    page = client.post(DAYS, typed, follow=True).content.decode()
    assert f"“{name}”第 2 版已保存。" in page
    assert "shop@2" not in page
    assert ">2026年12月</h2>" in page
