"""Prepared questions give the rows that Django's own give, whoever asks before and after; what cannot be one says so."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext

from aftersales.accounts.models import Team
from aftersales.kernel import planned
from aftersales.kernel.actor import Actor
from aftersales.kernel.prepared import HOW_MANY, Plain, Question, beforehand, compiler_of, in_sql, lay_under, prepared
from aftersales.kernel.together import asked_beforehand, together
from customers.models import ContactPoint, Order, Person
from returns.models import ReturnLine
from tests.faces.desk import stages
from tests.whole.teams import TeamWorld
from tests.world import a_person, an_order, customer, staff
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
on_postgres = pytest.mark.postgres


@prepared
def _contacts(kind: str, *, person: int) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(kind=kind, person_id=person).order_by("pk")


@prepared
def _among(*, people: tuple[int, ...]) -> QuerySet[Person, int]:
    return Person.objects.filter(pk__in=people).order_by("pk").values_list("pk", flat=True)


@prepared
def _seen(scope: Actor, *, until: dt.datetime) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(scope).filter(opened_at__lt=until).order_by("pk")
    return rows


def test_the_rows_are_the_same_each_time() -> None:
    one, other = a_person(), a_person(name="顾北辰", phone="+8613655554444", email="gu@example.org")
    for _ in range(3):
        for person in (one, other):
            for kind in ("phone", "email"):
                whole = ContactPoint.objects.filter(kind=kind, person=person).order_by("pk")
                assert _contacts(kind, person=person.pk) == list(whole)


def test_a_tuple_of_any_length_is_filled_up_with_its_last() -> None:
    people = [a_person(phone=f"+86136555544{number:02d}", email=f"{number}@example.org").pk for number in range(9)]
    for number in range(1, 10):
        assert _among(people=tuple(people[:number])) == sorted(people[:number])


def test_what_one_may_see_never_comes_from_what_another_asked() -> None:
    """Two teams' statements differ in a number that no place is for; planned ahead they stay two. A customer's is not kept."""
    teams = [replace(staff(), team=number).scope for number in (1, 2)]
    Team.objects.bulk_create([Team(pk=number, name=str(number), is_closed=True) for number in (1, 2)])
    mine, theirs = stages.submitted().order, stages.submitted(an_order(number="ANOTHER")).order
    until = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    for _ in range(4):
        for order in (mine, theirs):
            assert [each.order_id for each in _seen(customer(order).scope, until=until)] == [order.pk]
        for number, scope in enumerate(teams, 1):
            Ticket.objects.update(team=number)
            assert len(_seen(scope, until=until)) == 2
            assert _seen(teams[number % 2], until=until) == []


def test_a_value_that_is_changed_on_its_way_is_refused() -> None:
    @prepared
    def containing(*, words: str) -> QuerySet[Person]:
        return Person.objects.filter(name__icontains=words)

    with pytest.raises(TypeError, match="belongs before the star"):
        containing(words="顾")


@pytest.mark.parametrize("value", [None, True, 1.5, (), (1, "a")])
def test_what_decides_the_statement_is_no_value(value: object) -> None:
    with pytest.raises(TypeError, match="belongs before the star"):
        _contacts("phone", person=value)  # type: ignore[arg-type]


def test_a_number_that_no_key_can_be_is_nobodys() -> None:
    assert _contacts("phone", person=10**30) == []


def test_rows_are_locked_in_a_transaction_only() -> None:
    @prepared
    def locked(*, pk: int) -> QuerySet[Person]:
        return Person.objects.select_for_update().filter(pk=pk)

    person = a_person()
    with transaction.atomic():
        assert locked(pk=person.pk) == [person]


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_outside_of_one_it_says_so() -> None:
    @prepared
    def locked(*, pk: int) -> QuerySet[Person]:
        return Person.objects.select_for_update().filter(pk=pk)

    with pytest.raises(transaction.TransactionManagementError):
        locked(pk=1)


def test_a_set_in_which_nothing_can_be_asks_nothing(django_assert_num_queries: object) -> None:
    @prepared
    def nobody(*, pk: int) -> QuerySet[Person]:
        return Person.objects.none().filter(pk=pk)

    with CaptureQueriesContext(connection) as asked:
        assert nobody(pk=1) == []
    assert len(asked) == 0


def test_a_statement_around_another_and_a_count() -> None:
    @prepared
    def newest(*, until: dt.datetime) -> Plain[tuple[int, int]]:
        sql, params = in_sql(compiler_of(Order.objects.filter(placed_at__lt=until).order_by("-id").values("id")[:5]))
        return Plain(f"SELECT MAX(id), COUNT(*) FROM ({sql}) AS newest", params)

    @prepared
    def number() -> QuerySet[Order, int]:
        return Order.objects.order_by().values_list(HOW_MANY, flat=True)

    orders = [an_order(number=str(each)) for each in range(3)]
    assert newest(until=dt.datetime(2100, 1, 1, tzinfo=dt.UTC)) == [(orders[-1].pk, 3)]
    assert number() == [3]


@on_postgres
def test_it_is_planned_ahead(settings: object) -> None:
    person = a_person()
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert len(_contacts("phone", person=person.pk)) == 1
        assert [each["sql"].split()[0] for each in asked] == ["EXECUTE"]
    settings.DB_PLANS_AHEAD = False  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as asked:
        assert len(_contacts("phone", person=person.pk)) == 1
    assert [each["sql"].split()[0] for each in asked] == ["SELECT"]


@on_postgres
def test_what_was_asked_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "MOST", 3)

    @prepared
    def among(*, people: tuple[int, ...]) -> QuerySet[Person, int]:
        return Person.objects.filter(pk__in=people).values_list("pk", flat=True)

    person = a_person()
    for number in range(12):
        assert len(_contacts("phone", person=person.pk)) == 1
        assert among(people=(person.pk, *range(-(number % 4), 0))) == [person.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'question%'")
        assert cursor.fetchone() == (3,)


@pytest.mark.django_db(transaction=True)
@on_postgres
def test_another_connection_knows_nothing_of_it() -> None:
    person = a_person()
    for _ in range(2):
        for _ in range(3):
            assert len(_contacts("phone", person=person.pk)) == 1
        connections["default"].close()


@on_postgres
def test_together_they_are_one_statement_with_the_same_rows() -> None:
    """Every kind of row that the project has, column by column, in value and in type."""
    TeamWorld()
    alone = 0
    for model in apps.get_models():

        @prepared
        def rows() -> QuerySet[Model]:
            return model._base_manager.order_by("pk")[:50]  # noqa: B023  asked at once

        later = rows.later()
        with CaptureQueriesContext(connection) as asked:
            together(later, _contacts.later("phone", person=0))
        if not asked:
            alone += 1
            continue
        assert len(asked) == 1
        fields = model._meta.concrete_fields
        told = [
            [(getattr(row, each.attname), type(getattr(row, each.attname))) for each in fields] for row in later.rows
        ]
        assert told == [
            [(getattr(row, each.attname), type(getattr(row, each.attname))) for each in fields] for row in rows()
        ]
    assert alone <= 3  # those with columns of bytes, or of the search alone


def test_nobody_waits_for_what_another_thread_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that waits for a row would hold up the very thread that has locked it."""
    begun, done = threading.Event(), threading.Event()

    def slow(self: Question, given: list[object]) -> list[object]:
        begun.set()
        return [done.wait(10)]

    one, other = (_contacts.later("phone", person=number) for number in (1, 2))
    monkeypatch.setattr(Question, "rows", slow)
    waiting = threading.Thread(target=lambda: one.rows)
    waiting.start()
    assert begun.wait(10)
    monkeypatch.setattr(Question, "rows", lambda _self, _given: ["at once"])
    asking = threading.Thread(target=lambda: other.rows)
    asking.start()
    asking.join(5)
    assert vars(other)["rows"] == ["at once"]
    done.set()
    waiting.join(10)


def test_who_asks_alone_has_the_same_rows() -> None:
    person = a_person()
    later = _contacts.later("phone", person=person.pk)
    together(later)
    assert later.rows == _contacts("phone", person=person.pk)


@on_postgres
def test_what_is_asked_beforehand_is_handed_out_once_and_asked_anew_after_that() -> None:
    person = a_person()
    phones = _contacts("phone", person=person.pk)
    assert phones
    with CaptureQueriesContext(connection) as asked:
        with asked_beforehand(_contacts.later("phone", person=person.pk), _among.later(people=(person.pk,))):
            assert _contacts("phone", person=person.pk) == phones
            assert _among(people=(person.pk,)) == [person.pk]
            assert len(asked) == 1
            assert _contacts("phone", person=person.pk + 1) == []
            assert _contacts("phone", person=person.pk) == phones
            assert len(asked) == 3, "others, and the same once more"
        with asked_beforehand(_contacts.later("phone", person=person.pk), _among.later(people=(person.pk,))):
            pass
        assert _among(people=(person.pk,)) == [person.pk]
        assert len(asked) == 5, "and nothing is left of it afterwards"


@on_postgres
def test_what_was_asked_around_it_is_not_asked_again_within() -> None:
    person = a_person()
    phones = _contacts("phone", person=person.pk)
    two = (_contacts.later("phone", person=person.pk), _among.later(people=(person.pk,)))
    with CaptureQueriesContext(connection) as asked, asked_beforehand(*two):
        with asked_beforehand(_contacts.later("phone", person=person.pk), _among.later(people=(person.pk + 1,))):
            assert _contacts("phone", person=person.pk) == phones
            assert len(asked) == 1
        assert _among(people=(person.pk,)) == [person.pk]
        assert len(asked) == 1
        assert _among(people=(person.pk + 1,)) == []
        assert _contacts("phone", person=person.pk) == phones
        assert len(asked) == 3, "handed out once, and nothing is left of what was asked within"
    assert beforehand.get() is None


def test_what_was_asked_beforehand_and_broke_off_is_forgotten() -> None:
    person = a_person()
    with pytest.raises(ZeroDivisionError), asked_beforehand(_contacts.later("phone", person=person.pk)):
        raise ZeroDivisionError
    assert beforehand.get() is None


def test_rows_that_were_read_are_laid_under_those_they_belong_to() -> None:
    ret = stages.submitted()
    lines = list(ReturnLine.objects.filter(of=ret))
    verdicts = [each for line in lines for each in line.verdicts.all()]
    assert verdicts
    fresh = list(ReturnLine.objects.filter(of=ret))
    lay_under(fresh, "verdicts", verdicts, by="line_id")
    with CaptureQueriesContext(connection) as asked:
        assert [each for line in fresh for each in line.verdicts.all()] == verdicts
    assert len(asked) == 0
