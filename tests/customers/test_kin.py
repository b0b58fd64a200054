"""Entries that share a contact point may be one human being: what one refuses and gets holds for all, until they are merged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.money import Money
from aftersales.ledger.models import Event
from aftersales.notices.actions.preferences import choose
from aftersales.notices.actions.telling import tell
from aftersales.notices.models import Notice, Preference
from customers.actions.consents import agrees, give_consent, refuse, refuses, withdraw_consent
from customers.actions.gifts import GiftTooMany, ReviewUnanswered, give_gift
from customers.actions.people import add_contact
from customers.gather.kin import kin
from customers.gather.obstacles import agreed, capped
from customers.models import CareMessage, Consent, Person, Purpose, Review
from tests.customers.test_care import a_plan
from tests.notices.test_telling import BASE
from tests.world import a_person, a_review, an_order, staff

pytestmark = pytest.mark.django_db

PHONE, MAIL = "+8613800000001", "lin.mei@example.org"
DAY = dt.timedelta(days=1)


def twins() -> tuple[Person, Person]:
    """Two entries with one phone number, as two platforms name them."""
    return a_person("林梅", PHONE, MAIL), a_person("林小姐", PHONE, "other@example.org")


def say_yes(person: Person, purpose: str = "news") -> None:
    give_consent(person.pk, purpose=purpose, proof="chat", actor=staff())


def say_no(person: Person, purpose: str = "news") -> None:
    withdraw_consent(person.pk, purpose=purpose, proof="call", actor=staff())


def test_only_what_is_shared_directly_counts() -> None:
    one, two = twins()
    third = a_person("王五", "+8613900000009", "other@example.org")
    alone = a_person("赵六", "+8613900000008", "zhao@example.org")
    assert kin(one.pk) == {one.pk, two.pk}
    assert kin(two.pk) == {one.pk, two.pk, third.pk}
    assert kin(alone.pk) == {alone.pk}


def test_a_no_ends_the_yes_of_the_other_entry_and_says_from_where() -> None:
    one, two = twins()
    for person in (one, two):
        say_yes(person)
    say_yes(two, "goods")
    say_no(one)
    assert not agrees(two.pk, Purpose.NEWS)
    assert agrees(two.pk, Purpose.GOODS)
    assert Consent.objects.get(person=two, purpose="news").withdrawal == f"{one.ref}: call"
    assert Event.objects.filter(name="consent.withdrawn").count() == 2
    say_no(one)
    assert Event.objects.filter(name="consent.withdrawn").count() == 2


def test_a_no_holds_for_who_turns_out_to_be_the_same_later() -> None:
    now = clock.now()
    one, other = a_person("林梅", PHONE, MAIL), a_person("林小姐", "+8613900000007", "lin@work.example")
    with clock.fixed(now - 2 * DAY):
        say_yes(one)
        say_yes(other)
    with clock.fixed(now - DAY):
        say_no(one)
    assert agreed([one.pk, other.pk], Purpose.NEWS) == {other.pk}
    add_contact(other.pk, text=PHONE, actor=staff())
    assert agreed([one.pk, other.pk], Purpose.NEWS) == set()
    assert refuses(other.pk, Purpose.NEWS)


def test_a_yes_that_is_younger_than_the_no_of_the_other_stands() -> None:
    now = clock.now()
    one, two = twins()
    with clock.fixed(now - 2 * DAY):
        say_yes(one)
    with clock.fixed(now - DAY):
        say_no(one)
    say_yes(two)
    assert agreed([one.pk, two.pk], Purpose.NEWS) == {two.pk}
    assert refuses(one.pk, Purpose.NEWS)
    assert not refuses(two.pk, Purpose.NEWS)


def test_who_was_never_asked_refuses_what_the_other_refuses() -> None:
    one, two = twins()
    assert not refuses(two.pk, Purpose.VISITS)
    refuse(one.pk, purpose="visits", proof="call", actor=staff())
    assert refuses(two.pk, Purpose.VISITS)
    refuse(two.pk, purpose="visits", proof="call", actor=staff())
    assert Consent.objects.filter(purpose="visits").count() == 2, "each said it where it was said"


def test_messages_to_both_are_one_share(settings: Any) -> None:
    settings.CARE_MOST = 2
    (one, two), plan, now = twins(), a_plan("birthday"), clock.now()
    for person in (one, two):
        CareMessage.objects.create(
            plan=plan, person=person, key="2026", day=clock.shop_date(now), planned_at=now, decided_at=now,
            state=CareMessage.State.SENT,
        )  # fmt: skip
    assert capped([one.pk], now) == {one.pk}
    assert capped([one.pk, two.pk], now) == {one.pk, two.pk}
    two.contact_points.all().delete()
    assert capped([one.pk, two.pk], now) == set()


def test_gifts_to_both_are_one_number_and_an_open_review_of_one_stops_both(settings: Any) -> None:
    settings.GIFTS_MOST = 2
    one, two = twins()

    def give(person: Person, what: str) -> None:
        give_gift(person.pk, what=what, why="A long wait", cost=Money(1_000), way="parcel", actor=staff())

    give(one, "Tea")
    give(two, "A cup")
    with pytest.raises(GiftTooMany):
        give(one, "A spoon")
    settings.GIFTS_MOST = 9
    a_review(an_order(person=two))
    assert Review.objects.get().person == two
    with pytest.raises(ReviewUnanswered):
        give(one, "A spoon")


def test_a_channel_that_one_refuses_is_refused_by_both_until_one_says_otherwise() -> None:
    now = clock.now()
    one, two = twins()
    how: dict[str, Any] = {"channel": Notice.Channel.EMAIL, "kind": Preference.Kind.SERVICE, "actor": staff()}
    with clock.fixed(now - DAY):
        choose(one, allowed=False, **how)
    assert [notice.channel for notice in tell(two, "return.withdrawn", BASE, key="first")] == ["sms"]
    choose(two, allowed=True, **how)
    assert [notice.channel for notice in tell(two, "return.withdrawn", BASE, key="second")] == ["email"]
