"""An event is written with its change, heard once by each listener, and never changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import Error, connection, transaction

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM, Actor, Role
from aftersales.ledger import catalogue
from aftersales.ledger.models import Delivery, Due, Event
from aftersales.ledger.record import record, timeline

pytestmark = pytest.mark.smoke

LEA = Actor(kind="staff", id=7, role=Role.LEAD, label="Lea")


def test_it_says_what_happened_to_what_by_whom_and_when(team: Team) -> None:
    at = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
    with transaction.atomic():
        event = record("team.greeted", on=team, actor=LEA, at=at, minor=1250, currency="CNY")
    event.refresh_from_db()
    assert (event.name, event.subject, event.at) == ("team.greeted", team, at)
    assert (event.actor_kind, event.actor_id, event.actor_label) == ("staff", 7, "Lea")
    assert event.data == {"minor": 1250, "currency": "CNY"}
    assert timeline(team) == [event]


@transaction.atomic
def greet_and_fail(team: Team) -> None:
    record("team.greeted", on=team, actor=SYSTEM)
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_outlive_its_change() -> None:
    team = Team.objects.create(name="Returns")
    with pytest.raises(transaction.TransactionManagementError):
        record("team.greeted", on=team, actor=SYSTEM)
    with pytest.raises(ZeroDivisionError):
        greet_and_fail(team)
    assert not Event.objects.filter(name="team.greeted").exists()


def test_it_must_be_declared(team: Team) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        record("team.insulted", on=team, actor=SYSTEM)
    with pytest.raises(ValueError, match="twice"):
        catalogue.declare("team.greeted", "Greeted again")


def test_every_listener_hears_it_exactly_once(team: Team, drain: Callable[[], int]) -> None:
    heard: list[str] = []
    catalogue.listens("team.greeted", name="a")(lambda event: heard.append(f"a {event.data['n']}"))
    catalogue.listens("team.greeted", name="b")(lambda event: heard.append(f"b {event.data['n']}"))
    with transaction.atomic():
        record("team.greeted", on=team, actor=SYSTEM, n=1)
    assert heard == [], "listeners run later, in a transaction of their own"
    assert drain() == 2
    assert drain() == 0
    assert sorted(heard) == ["a 1", "b 1"]


def test_what_a_failing_listener_wrote_is_undone_and_tried_again(team: Team, drain: Callable[[], int]) -> None:
    tries = []

    def listener(event: Event) -> None:
        tries.append(event.pk)
        Team.objects.create(name=f"try {len(tries)}")
        if len(tries) < 3:
            raise RuntimeError("not yet")

    catalogue.listens("team.greeted", name="stubborn")(listener)
    with transaction.atomic():
        record("team.greeted", on=team, actor=SYSTEM)
    start = clock.now()
    for seconds in (0, 4, 12):
        with clock.fixed(start + dt.timedelta(seconds=seconds)):
            drain()
    assert len(tries) == 3
    assert list(Team.objects.exclude(pk=team.pk).values_list("name", flat=True)) == ["try 3"]
    assert Delivery.objects.get().status == Due.Status.DONE


def test_a_listener_that_keeps_failing_is_set_aside_and_the_others_go_on(team: Team, drain: Callable[[], int]) -> None:
    heard: list[int] = []

    def poison(event: Event) -> None:
        raise ValueError("poison")

    catalogue.listens("team.greeted", name="a.poison")(poison)
    catalogue.listens("team.greeted", name="b.fine")(lambda event: heard.append(event.pk))
    with transaction.atomic():
        record("team.greeted", on=team, actor=SYSTEM)
    start = clock.now()
    for minute in range(30):
        with clock.fixed(start + dt.timedelta(minutes=minute)):
            drain()
    aside = Delivery.objects.get(listener="a.poison")
    assert (aside.status, aside.attempts, aside.last_error) == (Due.Status.QUARANTINED, 5, "ValueError: poison")
    assert len(heard) == 1
    assert list(Delivery.objects.all().stuck()) == [aside]


def test_a_listener_that_was_taken_out_of_the_code_is_set_aside_too(team: Team, drain: Callable[[], int]) -> None:
    catalogue.listens("team.greeted", name="gone")(lambda _: None)
    with transaction.atomic():
        record("team.greeted", on=team, actor=SYSTEM)
    del catalogue._by_listener["gone"]
    drain()
    assert "gone" in Delivery.objects.get().last_error


def test_a_listener_of_an_undeclared_event_is_found_by_the_check() -> None:
    catalogue.listens("team.vanished", name="nobody")(lambda _: None)
    assert catalogue.unheard() == {"team.vanished": "nobody"}
    with pytest.raises(ValueError, match="nobody"):
        catalogue.listens("team.greeted", name="nobody")(lambda _: None)


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE ledger_event SET name = 'x'", "DELETE FROM ledger_event", "UPDATE ledger_event SET actor_label = '–'",
        """UPDATE ledger_event SET data = '{"n": 2, "why": "–"}'""", """UPDATE ledger_event SET data = '{"n": 1}'""",
        """UPDATE ledger_event SET data = '{"n": "–", "why": "they asked"}'""",
        """UPDATE ledger_event SET data = '{"n": 1, "why": "–"}'""",  # people write nothing into this one
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_or_delete_it(team: Team, how: str) -> None:
    with transaction.atomic():
        event = record("team.greeted", on=team, actor=SYSTEM, n=1, why="they asked")
    if connection.vendor == "sqlite":  # the run took this one away, see django_db_setup
        from importlib import import_module

        with connection.cursor() as cursor:
            cursor.execute(import_module("aftersales.ledger.migrations._events_stay").REFUSALS["sqlite"][1])
    with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(how)
    event.name = "team.insulted"
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        event.save(update_fields=["name"])


def test_words_that_people_write_may_go_and_nothing_else_of_their_event(team: Team) -> None:
    with transaction.atomic():
        event = record("ticket.waits", on=team, actor=SYSTEM, whom="customer", why="they asked")
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(data={"whom": "–", "why": "–"})
    Event.objects.filter(pk=event.pk).update(data={"whom": "customer", "why": "–"})
    event.refresh_from_db()
    assert event.data == {"whom": "customer", "why": "–"}


def test_the_database_lets_go_of_the_words_that_are_declared(db: None) -> None:
    """As it stands after all migrations: whoever declares more of them lets them go by a migration of their own."""
    declared = {f"{each.name} {key}" for each in catalogue.event_types().values() for key in each.words}
    asked = {
        "postgresql": "SELECT prosrc FROM pg_proc WHERE proname = 'ledger_event_stays'",
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'ledger_event_not_changed'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        (text,) = cursor.fetchone()
    assert declared == set(re.findall(r"'([a-z_]+\.[a-z_]+ [a-z_]+)'", text))
