"""Who is away: leads say it, queues go by it, everybody in the office reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

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


def test_an_auditor_reads_and_changes_nothing(office: Office) -> None:
    auditor = office("auditor")
    assert "Somebody is away" not in auditor.get(WHERE).content.decode()
    assert auditor.post(WHERE, {"user": member("agent").pk}).status_code == 403
    assert not Absence.objects.exists()
