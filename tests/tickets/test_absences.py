"""Absences that run and that are planned: who is off when, what is refused, and what the second time changes."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connections, transaction

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, Conflict, NotPermitted
from aftersales.ledger.catalogue import event_type
from aftersales.ledger.models import Event
from tests.world import member, staff
from tickets.actions.distribution import on_duty
from tickets.actions.duty import come_back, go_off_duty, withdraw_absence
from tickets.models import Absence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOW = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)  # Monday 10:00 in Hangzhou


def day(number: int, month: int = 12) -> dt.datetime:
    """00:00 of a day where the shop is."""
    return clock.start_of_shop_day(dt.date(2026, month, number))


def through(number: int, month: int = 12) -> dt.datetime:
    return clock.end_of_shop_day(dt.date(2026, month, number))


def off(user: User, since: dt.datetime | None = None, until: dt.datetime | None = None) -> Absence:
    """They enter it themselves, on 30 November at ten."""
    with clock.fixed(NOW):
        return go_off_duty(user.pk, since=since, until=until, actor=user.as_actor())


def there(at: dt.datetime) -> list[str]:
    return list(on_duty(User.objects.order_by("name"), at).values_list("name", flat=True))


def names_of(events: str = "duty.") -> list[str]:
    return list(Event.objects.filter(name__startswith=events).order_by("pk").values_list("name", flat=True))


def test_a_holiday_is_entered_ahead_and_counts_from_its_first_minute_through_its_last() -> None:
    an = member("agent", "an")
    member("agent", "bo")
    for _time in range(2):
        absence = off(an, day(8), through(15))
    assert (absence.since, absence.until) == (day(8), day(16))
    assert Absence.objects.count() == 1
    event = Event.objects.get(name="duty.planned")
    assert str(event_type(event.name).text) % event.data == "Absence of an planned: 2026-12-08 – 2026-12-15"
    minute = dt.timedelta(minutes=1)
    for at, who in ((NOW, ["an", "bo"]), (day(8) - minute, ["an", "bo"]), (day(8), ["bo"]), (day(16) - minute, ["bo"]),
                    (day(16), ["an", "bo"])):  # fmt: skip
        assert there(at) == who, at


def test_several_absences_make_nobody_twice_there_nor_away_in_between() -> None:
    an = member("agent", "an")
    off(an, until=through(1))
    off(an, day(8), through(15))
    off(an, day(24))
    assert Absence.objects.filter(user=an).count() == 3
    assert [bool(there(at)) for at in (NOW, day(2), day(8), day(16), day(24), day(24) + dt.timedelta(days=900))] == [
        False, True, False, True, False, False,
    ]  # fmt: skip
    assert there(day(20)) == ["an"], "once"


def test_what_begins_as_another_ends_does_not_overlap() -> None:
    an = member("agent", "an")
    off(an, day(8), through(15))
    off(an, day(16), through(17))
    off(an, until=through(7))
    assert Absence.objects.filter(user=an).count() == 3


@pytest.mark.parametrize(
    ("since", "until", "field", "words"),
    [
        (None, 8, "until", "Enter a last day before that"),
        (1, 20, "until", "planned from Tue 8 Dec, 00:00 until Tue 15 Dec, 24:00. Enter a last day before that"),
        (1, None, "until", "Enter a last day before that"),
        (8, 14, "since", "Choose other days"),
        (15, 20, "since", "Choose other days"),
        (26, 28, "since", "planned from Fri 25 Dec, 00:00 on. Choose other days"),
        (20, None, "until", "planned from Fri 25 Dec, 00:00 on. Enter a last day before that"),
        (7, 6, "until", "would end before it begins"),
    ],
)
def test_what_would_overlap_is_refused_with_the_days_of_the_other(
    since: int | None, until: int | None, field: str, words: str
) -> None:
    an, bo = member("agent", "an"), member("agent", "bo")
    off(an, day(8), through(15))
    off(an, day(25))
    with pytest.raises(BadInput) as refused:
        off(an, day(since) if since else None, through(until) if until else None)
    assert words in str(refused.value)
    assert refused.value.field == field
    assert Absence.objects.count() == 2
    off(bo, day(8), through(15))
    assert Absence.objects.count() == 3, "of somebody else it says nothing"


def test_off_duty_at_the_press_of_a_button_lasts_until_what_is_planned_begins() -> None:
    an = member("agent", "an")
    off(an, day(8), through(15))
    for _time in range(2):
        running = off(an)
    assert (running.since, running.until) == (NOW, day(8))
    come_back(an.pk, actor=an.as_actor())
    assert [each.since for each in Absence.objects.all()] == [day(8)]


@pytest.mark.parametrize(
    ("until", "words"), [(9, "Already off duty until Wed 9 Dec, 24:00. Choose a later"), (None, "without a last day")]
)
def test_what_begins_while_one_is_still_away_is_refused(until: int | None, words: str) -> None:
    an = member("agent", "an")
    off(an, until=through(until) if until else None)
    with pytest.raises(BadInput, match=words) as refused:
        off(an, day(8), through(15))
    assert refused.value.field == "since"


def test_a_first_day_that_has_come_means_now_and_another_end_keeps_the_beginning() -> None:
    an = member("agent", "an")
    assert off(an, day(30, 11), through(1)).since == NOW
    with clock.fixed(NOW + dt.timedelta(hours=3)):
        for _time in range(2):
            longer = go_off_duty(an.pk, since=day(30, 11), until=through(3), actor=an.as_actor())
    with pytest.raises(BadInput, match="That day has passed") as refused:
        off(an, day(29, 11), through(4))
    assert refused.value.field == "since", "the year before is soon typed"
    assert (longer.since, longer.until) == (NOW, through(3))
    assert Absence.objects.count() == 1
    assert names_of() == ["duty.ended", "duty.ended"]
    off(an, day(8), through(15))
    assert off(an).until == day(8), "an open end would swallow the holiday"


def test_coming_back_leaves_what_is_planned() -> None:
    an = member("agent", "an")
    off(an, until=through(3))
    off(an, day(8), through(15))
    for _time in range(2):
        with clock.fixed(NOW + dt.timedelta(days=1)):
            come_back(an.pk, actor=an.as_actor())
    assert names_of("duty.begun") == ["duty.begun"]
    assert [each.since for each in Absence.objects.all()] == [day(8)]
    with clock.fixed(day(9)):
        come_back(an.pk, actor=an.as_actor())
    assert not Absence.objects.exists(), "a holiday cut short"
    assert names_of("duty.begun") == ["duty.begun"] * 2


def test_a_planned_one_is_taken_back_once_and_not_after_it_has_begun() -> None:
    an = member("agent", "an")
    away, ahead = off(an, until=through(3)), off(an, day(8), through(15))
    with clock.fixed(NOW):
        with pytest.raises(Conflict, match="has begun"):
            withdraw_absence(away.pk, actor=an.as_actor())
        for _time in range(2):
            withdraw_absence(ahead.pk, actor=an.as_actor())
    assert [each.pk for each in Absence.objects.all()] == [away.pk]
    event = Event.objects.get(name="duty.withdrawn")
    assert str(event_type(event.name).text) % event.data == (
        "Planned absence of an taken back: 2026-12-08 – 2026-12-15"
    )
    later = off(an, day(9))
    with clock.fixed(NOW):
        withdraw_absence(later.pk, actor=staff("lead"))
    assert Event.objects.filter(name="duty.withdrawn").latest("pk").data["days"] == "2026-12-09 –"


def test_an_agent_plans_and_takes_back_for_themselves_only() -> None:
    an, bo = member("agent", "an"), member("agent", "bo")
    with clock.fixed(NOW):
        planned = go_off_duty(bo.pk, since=day(8), until=through(15), actor=staff("lead"))
        with pytest.raises(NotPermitted):
            go_off_duty(bo.pk, since=day(20), actor=an.as_actor())
        with pytest.raises(NotPermitted):
            withdraw_absence(planned.pk, actor=an.as_actor())
        with pytest.raises(NotPermitted):
            withdraw_absence(planned.pk, actor=staff("auditor"))
    assert Absence.objects.get().since == day(8)


def test_those_that_are_over_go_when_the_next_is_entered() -> None:
    an = member("agent", "an")
    off(an, until=through(1))
    with clock.fixed(day(5)):
        come_back(an.pk, actor=an.as_actor())
        assert names_of("duty.begun") == [], "here already"
        go_off_duty(an.pk, since=day(8), actor=an.as_actor())
    assert [each.since for each in Absence.objects.all()] == [day(8)]


def test_an_absence_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=member("agent"), since=day(8), until=day(8))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_entered_at_once_do_not_overlap() -> None:
    an = member("agent", "an")
    start, refused = threading.Barrier(2), []

    def enter(first: int) -> None:
        try:
            start.wait(timeout=10)
            go_off_duty(
                an.pk, since=clock.now() + dt.timedelta(days=first), until=clock.now() + dt.timedelta(days=9),
                actor=an.as_actor(),
            )  # fmt: skip
        except BadInput as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter, args=(first,)) for first in (3, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(refused) == 1
    assert Absence.objects.count() == 1
