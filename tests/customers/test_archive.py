"""What staff do to the archive: notes, promises with their time, consent, contacts and addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event, Timer
from aftersales.ledger.otherwise import DoneOtherwise
from customers.actions.consents import give_consent, withdraw_consent
from customers.actions.contacts import canonical
from customers.actions.notes import note_order, note_person
from customers.actions.people import add_contact, change_person, remove_contact, reveal_contact
from customers.actions.promises import PromiseSettled, break_promise, keep_promise, make_promise
from customers.models import Address, Consent, ContactPoint
from tests.world import a_person, an_order, customer, staff

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)


def events(name: str) -> int:
    return Event.objects.filter(name=name).count()


# --- Notes ---


def test_a_note_on_an_order_also_stands_with_the_person() -> None:
    order = an_order()
    note = note_order(order.pk, text=" 客户要求 周末送货 \r\n", actor=staff())
    assert (note.text, note.person) == ("客户要求 周末送货", order.person)
    assert events("order.noted") == 1


def test_a_customer_writes_no_notes_and_reads_none() -> None:
    order = an_order()
    with pytest.raises(NotPermitted):
        note_order(order.pk, text="x", actor=customer(order))
    with pytest.raises(NotFound):
        note_order(order.pk, text="x", actor=customer())
    with pytest.raises(NotFound):
        note_person(order.person_id, text="x", actor=customer(order))


@pytest.mark.parametrize("text", ["", "  \n", "a\x00b", "x" * 2001])
def test_a_note_that_says_nothing_or_cannot_be_shown_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as told:
        note_person(a_person().pk, text=text, actor=staff())
    assert told.value.field == "text"


# --- Promises ---


def test_a_promise_is_kept_in_time_and_once(drain: Callable[[], int]) -> None:
    order = an_order()
    with clock.fixed(NOON):
        promise = make_promise(
            order.person_id, text="周三前补发", actor=staff(), order_id=order.pk, due_at=NOON + dt.timedelta(days=2)
        )
        keep_promise(promise.pk, actor=staff())
        keep_promise(promise.pk, actor=staff())
    with clock.fixed(NOON + dt.timedelta(days=3)):
        drain()
    promise.refresh_from_db()
    assert (promise.kept_at, promise.broken_at) == (NOON, None)
    assert (events("promise.kept"), events("promise.broken")) == (1, 0)


def test_a_promise_whose_time_is_over_is_broken_at_that_time_and_not_before(drain: Callable[[], int]) -> None:
    due = NOON + dt.timedelta(days=2)
    with clock.fixed(NOON):
        promise = make_promise(a_person().pk, text="周三前补发", actor=staff(), due_at=due)
    with clock.fixed(due - dt.timedelta(seconds=1)):
        drain()
    promise.refresh_from_db()
    assert promise.broken_at is None
    with clock.fixed(due):
        drain()
        drain()
    promise.refresh_from_db()
    assert promise.broken_at == due
    assert events("promise.broken") == 1
    with pytest.raises(PromiseSettled):
        keep_promise(promise.pk, actor=staff())


def test_a_kept_promise_cannot_be_broken_afterwards_and_breaking_twice_is_once() -> None:
    kept, broken = (make_promise(a_person().pk, text=text, actor=staff()) for text in ("甲", "乙"))
    keep_promise(kept.pk, actor=staff())
    with pytest.raises(PromiseSettled):
        break_promise(kept.pk, actor=staff())
    break_promise(broken.pk, actor=staff())
    break_promise(broken.pk, actor=staff())
    assert events("promise.broken") == 1
    assert not Timer.objects.exists()


def test_a_promise_for_the_past_or_about_another_persons_order_is_refused() -> None:
    order, stranger = an_order(), a_person("王五", "+8613800000002", "wang@example.org")
    with pytest.raises(BadInput):
        make_promise(order.person_id, text="x", actor=staff(), due_at=clock.now() - dt.timedelta(minutes=1))
    with pytest.raises(NotFound):
        make_promise(stranger.pk, text="x", actor=staff(), order_id=order.pk)
    with pytest.raises(NotPermitted):
        make_promise(order.person_id, text="x", actor=staff("warehouse"))


# --- Consent ---


def test_consent_is_given_once_withdrawn_and_given_anew_with_its_history() -> None:
    person = a_person()
    first = give_consent(person.pk, purpose="occasions", proof="chat 2026-03-01", actor=staff())
    assert give_consent(person.pk, purpose="occasions", proof="chat 2026-03-01", actor=staff()) == first
    with pytest.raises(DoneOtherwise):
        give_consent(person.pk, purpose="occasions", proof="again", actor=staff())
    withdraw_consent(person.pk, purpose="occasions", proof="call", actor=staff())
    withdraw_consent(person.pk, purpose="occasions", proof="call", actor=staff())
    give_consent(person.pk, purpose="occasions", proof="form", actor=staff())
    assert [row.withdrawn_at is None for row in Consent.objects.order_by("pk")] == [False, True]
    assert (events("consent.given"), events("consent.withdrawn")) == (2, 1)


# --- People ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("13800138000", ("phone", "+8613800138000")),
        ("+86 138-0013-8000", ("phone", "+8613800138000")),
        ("１３８００１３８０００", ("phone", "+8613800138000")),
        ("0571-88888888", ("phone", "+8657188888888")),
        ("+5511912345678", ("phone", "+5511912345678")),
        ("Lin.Mei@Example.ORG", ("email", "lin.mei@example.org")),
        ("138****8000", None),
        ("12", None),
        ("l***@example.org", None),
        ("no contact", None),
        ("@", None),
        ("", None),
    ],
)
def test_contacts_are_written_one_way(text: str, value: tuple[str, str] | None) -> None:
    assert canonical(text) == value


def test_a_contact_is_added_once_and_removed_with_a_record_that_does_not_tell_it() -> None:
    person = a_person()
    point = add_contact(person.pk, text="139 0000 0000", actor=staff())
    assert add_contact(person.pk, text="+8613900000000", actor=staff()) == point
    assert (point.tail, events("contact.added")) == ("0000", 1)
    remove_contact(point.pk, actor=staff())
    remove_contact(point.pk, actor=staff())
    assert not ContactPoint.objects.filter(pk=point.pk).exists()
    assert "13900000000" not in str(list(Event.objects.values()))
    with pytest.raises(BadInput):
        add_contact(person.pk, text="call me", actor=staff())


def test_a_contact_is_shown_in_full_for_a_reason_that_stays_on_record() -> None:
    point = a_person().contact_points.get(kind="phone")
    assert reveal_contact(point.pk, why="快递员联系不上", actor=staff()) == "+8613800000001"
    event = Event.objects.get(name="contact.revealed")
    assert event.data == {"contact": point.pk, "why": "快递员联系不上"}
    with pytest.raises(BadInput):
        reveal_contact(point.pk, why=" ", actor=staff())
    for role in ("warehouse", "auditor"):
        with pytest.raises(NotPermitted):
            reveal_contact(point.pk, why="x", actor=staff(role))
    assert events("contact.revealed") == 1


def test_a_name_is_corrected_and_the_same_again_is_not_recorded() -> None:
    person = a_person()
    change_person(person.pk, name="林美", locale="en", actor=staff())
    change_person(person.pk, name="林美", locale="en", actor=staff())
    person.refresh_from_db()
    assert (person.name, person.locale, events("person.changed")) == ("林美", "en", 1)
    with pytest.raises(BadInput):
        change_person(person.pk, locale="tlh", actor=staff())


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("重庆市", "重庆市", "渝中区"), "重庆市 渝中区"),
        (("北京", "北京市", "海淀区"), "北京市 海淀区"),
        (("浙江省", "杭州市", "西湖区"), "浙江省 杭州市 西湖区"),
        (("", "", ""), ""),
    ],
)
def test_a_municipality_is_named_once(parts: tuple[str, str, str], told: str) -> None:
    address = Address(**dict(zip(("province", "city", "district"), parts, strict=True)), line="解放碑 1 号")
    assert str(address) == told
    assert address.full == f"{told} 解放碑 1 号".strip()


def test_abroad_a_state_and_a_city_of_one_name_are_two() -> None:
    assert str(Address(country="US", province="New York", city="New York")) == "New York New York"
