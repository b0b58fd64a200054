"""My page: off duty now, on days to come, and taken back, all without JavaScript."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel import clock
from tests.faces.desk.test_pages import Sit
from tests.world import member, staff
from tickets.actions.duty import go_off_duty
from tickets.models import Absence

PAGE, WHERE = "/desk/profile/", "/desk/profile/duty/"
DAY = dt.timedelta(days=1)


def in_days(number: int) -> dt.date:
    return clock.shop_date(clock.now()) + number * DAY


def test_one_sees_enters_and_takes_back_what_is_planned(sit: Sit) -> None:
    agent = sit()
    for _time in range(2):
        answer = agent.post(WHERE, {"off": "yes", "since": in_days(8), "until": in_days(15)}, follow=True)
        assert "no ticket is given to you by itself on those days" in answer.content.decode()
    absence = Absence.objects.get()
    assert (absence.since, absence.until) == (
        clock.start_of_shop_day(in_days(8)), clock.end_of_shop_day(in_days(15)),
    )  # fmt: skip
    page = agent.get(PAGE).content.decode()
    assert "You are on duty." in page
    shown = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert re.search(r"planned from \w+ \d+ \w+[ \d]*, 00:00 until \w+ \d+ \w+[ \d]*, 24:00 Take it back", shown)
    for _time in range(2):
        answer = agent.post(WHERE, {"withdraw": absence.pk}, follow=True)
        assert "Taken back." in answer.content.decode()
    assert not Absence.objects.exists()
    assert "Take it back" not in agent.get(PAGE).content.decode()


def test_off_duty_and_back_with_a_holiday_ahead(sit: Sit) -> None:
    agent = sit()
    agent.post(WHERE, {"off": "yes", "since": in_days(8)})
    assert "You are on duty." in agent.get(PAGE).content.decode()
    refused = agent.post(WHERE, {"off": "yes", "until": in_days(9)})
    assert refused.status_code == 422
    assert "Enter a last day before that, or take it back first." in refused.content.decode()
    assert agent.post(WHERE, {"off": "yes"}).status_code == 302, "the button is off until the holiday begins"
    assert "Ends by itself: <time" in agent.get(PAGE).content.decode()
    agent.post(WHERE, {"off": "yes", "until": in_days(1)})
    page = agent.get(PAGE).content.decode()
    assert "You are off duty" in page
    assert "Ends by itself: <time" in page
    agent.post(WHERE, {"off": "no"})
    assert "You are on duty." in agent.get(PAGE).content.decode()
    assert Absence.objects.get().until is None, "the holiday stays"


@pytest.mark.parametrize(
    ("since", "until", "field", "words"),
    [
        ("soon", "2027-01-05", "since", "Please write a date as"),
        ("", "2020-01-01", "until", "That time has passed"),
        ("2090-01-08", "2090-01-05", "until", "would end before it begins"),
        ("2095-01-08", "9999-12-31", "until", "Check the year"),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field_and_kept(
    sit: Sit, since: str, until: str, field: str, words: str
) -> None:
    agent = sit()
    answer = agent.post(WHERE, {"off": "yes", "since": since, "until": until})
    assert answer.status_code == 422
    page = answer.content.decode()
    wrong = page[page.index(f'id="id_{field}_error"') :]
    assert words in wrong[: wrong.index("</div>")]
    for value in filter(None, (since, until)):
        assert f'value="{value}"' in page
    assert "<details open>" in page
    assert agent.get(WHERE)["Location"] == PAGE, "the address of the page above can be read"
    assert not Absence.objects.exists()


def test_what_has_begun_meanwhile_and_what_is_a_colleagues_stays(sit: Sit) -> None:
    agent, bo = sit(), member("agent", "bo")
    mine = go_off_duty(staff("agent").id or 0, actor=staff("agent"))
    assert "has begun" in agent.post(WHERE, {"withdraw": mine.pk}, follow=True).content.decode()
    agent.post(WHERE, {"withdraw": "²"})
    theirs = go_off_duty(bo.pk, since=clock.now() + DAY, actor=bo.as_actor())
    assert agent.post(WHERE, {"withdraw": theirs.pk}).status_code == 403
    assert "Take it back" not in agent.get(PAGE).content.decode()
    assert Absence.objects.count() == 2
    assert sit("auditor").post(WHERE, {"off": "yes"}).status_code == 403


@pytest.mark.postgres
def test_my_page_asks_once_for_all_absences(sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    agent = sit()
    for number in range(1, 9, 2):
        agent.post(WHERE, {"off": "yes", "since": in_days(number), "until": in_days(number)})
    agent.get(PAGE)
    with django_assert_max_num_queries(6):
        assert agent.get(PAGE).content.decode().count("Take it back") == 4
