"""The worked example of docs/keeping.md happens as it is written there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client

from aftersales.kernel import clock
from customers.actions.birthdays import note_birthday
from customers.actions.care.scoring import score_people
from customers.actions.consents import give_consent
from customers.jobs import every_night
from customers.models import CareMessage, CarePlan, Consent, Purpose, Score, Standing
from tests.world import a_person, staff

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "keeping.md").read_text(encoding="utf-8")


def at(hour: int, minute: int = 0, *, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, 11, 23, hour, minute, tzinfo=clock.shop_zone())


def test_the_example_of_lin_mei(drain: Callable[[], int], settings: object) -> None:
    settings.MAILBOX = False  # type: ignore[attr-defined]
    wanted = re.findall(r"^\| (?:23 November.*?|\d\d:\d\d) \|.*\| (\w+) \|$", PAGE.split("## An example")[1], re.M)
    with clock.fixed(dt.datetime(2026, 11, 1, 12, tzinfo=clock.shop_zone())):
        person = a_person()
        note_birthday(person.pk, month=11, day=23, source="chat", actor=staff())
        give_consent(person.pk, purpose="occasions", proof="chat", actor=staff())
        words = dict.fromkeys(("subject_zh", "text_zh", "subject_en", "text_en"), "{name}")
        CarePlan.objects.create(name="生日", occasion="birthday", days=0, active=True, **words)
    seen = []
    for moment in (at(3), at(9, 59), at(10)):
        with clock.fixed(moment):
            if moment.hour == 3:
                every_night(clock.now())
            drain()
        seen.append(CareMessage.objects.get().state)
    with clock.fixed(at(10, 5)):
        link = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
        assert Client().post(link[link.index("/messages/") :]).status_code == 302
    assert not Consent.objects.filter(purpose=Purpose.OCCASIONS, withdrawn_at=None).exists()
    seen.append(CareMessage.objects.get().state)
    with clock.fixed(at(3, year=2027)):
        every_night(clock.now())
    seen.append("none" if CareMessage.objects.count() == 1 else "another")
    assert seen == wanted


def test_the_tables_name_every_purpose_and_occasion() -> None:
    purposes, plans = PAGE.split("## The way out")
    assert set(re.findall(r"^\| `(\w+)` \|", purposes, re.M)) == set(Purpose.values)
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| `(\w+)` \|$", plans, re.M))
    assert told == {str(occasion): str(purpose) for occasion, purpose in CarePlan.PURPOSES.items()}


def test_the_ten_customers_of_the_page_are_where_it_says() -> None:
    cell = r" (.+?) \|"
    rows = re.findall(r"^\|" + cell + r" (\d+) \| (\d+) \| (\d+) \|" + cell + cell + "$", PAGE, re.M)
    assert len(rows) == 10
    for number, (name, days, orders, yuan, _scores, _segment) in enumerate(rows):
        last = at(3).date() - dt.timedelta(days=int(days))
        Standing.objects.create(
            person=a_person(name, f"+86138{number:08}", f"p{number}@shop.example"), currency="CNY", orders=int(orders),
            spent_minor=int(yuan) * 100, first_order_on=last, last_order_on=last, counted_at=at(3),
        )  # fmt: skip
    score_people(at(3))
    found = {
        each.person.name: (
            f"{each.recency}-{each.frequency}-{each.money}",
            each.segment.name_en if each.segment else "",
        )
        for each in Score.objects.select_related("person", "segment")
    }
    assert found == {row[0]: row[4:] for row in rows}
