"""Who is away: leads say it, queues go by it, everybody in the office reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftersales.kernel import clock
from aftersales.ledger.models import Event
from tests.world import member
from tickets.models import Absence

pytestmark = pytest.mark.django_db
Office = Callable[..., Client]
WHERE = "/office/absences/"


def test_a_lead_says_who_is_away_and_who_is_back(office: Office) -> None:
    lead, away = office("lead"), member("agent", "Wang")
    today = clock.shop_date(clock.now())
    for _ in range(2):
        assert lead.post(WHERE, {"user": away.pk, "until": today + dt.timedelta(days=3)}).status_code == 302
    absence = Absence.objects.get()
    assert (absence.user, absence.until) == (away, clock.end_of_shop_day(today + dt.timedelta(days=3)))
    assert Event.objects.filter(name="duty.ended").count() == 1
    assert "Wang" in lead.get(WHERE).content.decode()
    for _ in range(2):
        assert lead.post(WHERE, {"back": away.pk}).status_code == 302
    assert not Absence.objects.exists()
    assert Event.objects.filter(name="duty.begun").count() == 1


def test_a_day_that_is_over_is_refused_at_its_field(office: Office) -> None:
    answer = office("lead").post(WHERE, {"user": member("agent").pk, "until": "2020-01-01"})
    assert answer.status_code == 422
    assert "That time has passed" in answer.content.decode()
    assert not Absence.objects.exists()


def test_an_absence_that_is_over_is_shown_nowhere(office: Office) -> None:
    user, now = member("lead"), clock.now()
    Absence.objects.create(user=user, since=now - dt.timedelta(days=2), until=now - dt.timedelta(days=1))
    page = office("lead")
    assert "Nobody is away." in page.get(WHERE).content.decode()
    assert "You are on duty." in page.get("/desk/profile/").content.decode()


def test_a_lead_plans_an_absence_and_takes_it_back(office: Office) -> None:
    lead, away = office("lead"), member("agent", "Wang")
    today = clock.shop_date(clock.now())
    days = {"since": today + dt.timedelta(days=8), "until": today + dt.timedelta(days=15)}
    for _ in range(2):
        assert lead.post(WHERE, {"user": away.pk} | days).status_code == 302
    absence = Absence.objects.get()
    assert (absence.since, absence.until) == (
        clock.start_of_shop_day(days["since"]), clock.end_of_shop_day(days["until"]),
    )  # fmt: skip
    page = lead.get(WHERE).content.decode()
    assert "planned</span>" in page
    assert ", 24:00</time>" in page, "the last day is said as it was entered"
    assert 'name="back"' not in page, "they are here"
    assert lead.post(WHERE, {"back": away.pk}).status_code == 302
    assert Absence.objects.exists(), "coming back is about what runs"
    for _ in range(2):
        assert "Taken back." in lead.post(WHERE, {"withdraw": absence.pk}, follow=True).content.decode()
    assert not Absence.objects.exists()
    assert Event.objects.filter(name="duty.withdrawn").count() == 1


def test_days_that_are_taken_are_refused_at_the_field_that_reaches_into_them(office: Office) -> None:
    lead, away, now = office("lead"), member("agent", "Wang"), clock.now()
    day, today = dt.timedelta(days=1), clock.shop_date(now)
    running = Absence.objects.create(user=away, since=now - day, until=now + day)
    Absence.objects.create(user=away, since=now + 8 * day)
    page = lead.get(WHERE).content.decode()
    assert page.index('name="back"') < page.index('name="withdraw"'), "who is away first, then who will be"
    answer = lead.post(WHERE, {"user": away.pk, "since": today + 4 * day, "until": today + 20 * day})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["until"]
    assert "Enter a last day before that, or take it back first." in form.errors["until"][0]
    assert f'value="{today + 4 * day}"' in answer.content.decode(), "what was entered is kept"
    assert list(lead.post(WHERE, {"user": away.pk, "since": "soon"}).context["form"].errors) == ["since"]
    assert "has begun" in lead.post(WHERE, {"withdraw": running.pk}, follow=True).content.decode()
    assert Absence.objects.count() == 2


def test_the_list_is_as_short_for_the_database_when_it_is_long(
    office: Office, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    lead, now = office("lead"), clock.now()
    for number in range(6):
        user = member("agent", f"agent{number}")
        Absence.objects.create(user=user, since=now, until=now + dt.timedelta(days=1))
        Absence.objects.create(user=user, since=now + dt.timedelta(days=2))
    lead.get(WHERE)
    with django_assert_max_num_queries(6):
        assert lead.get(WHERE).content.decode().count("planned</span>") == 6


def test_an_auditor_reads_and_changes_nothing(office: Office) -> None:
    auditor = office("auditor")
    assert "Somebody is away" not in auditor.get(WHERE).content.decode()
    assert auditor.post(WHERE, {"user": member("agent").pk}).status_code == 403
    assert not Absence.objects.exists()
