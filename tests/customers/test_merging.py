"""Two entries of one human being become one: everything goes over, the strictest word wins, and the old number leads on."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger import timers
from aftersales.ledger.models import Event, Timer
from aftersales.notices.actions.preferences import choose
from aftersales.notices.actions.telling import tell
from aftersales.notices.models import Notice, Preference
from aftersales.search.index import catch_up
from customers.actions.birthdays import note_birthday
from customers.actions.care.planning import SEND
from customers.actions.care.sending import send_care
from customers.actions.consents import agrees, give_consent, withdraw_consent
from customers.actions.consents_by_link import withdraw_by_link
from customers.actions.importing.people import people_of
from customers.actions.importing.shapes import BuyerFacts
from customers.actions.merging import AlreadyMerged, ShopsOwn, merge_people, move_latecomers, preview
from customers.actions.merging.ways import NAMED, STAYS, WAYS
from customers.actions.notes import note_person
from customers.actions.people import own_person
from customers.actions.promises import make_promise
from customers.actions.referrals import note_referral
from customers.actions.tiers.counting import count_tiers
from customers.gather import belongings
from customers.models import (
    Address,
    CareMessage,
    Consent,
    ContactPoint,
    Order,
    Person,
    Purpose,
    Referral,
    Standing,
)
from tests.customers.test_care import a_plan
from tests.notices.test_telling import BASE
from tests.world import a_person, a_return, a_review, an_order, customer, member, staff, token_of
from tickets.actions.chat.receiving import buyer_of
from tickets.models import ChatSource, Ticket

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
State = CareMessage.State


def pair() -> tuple[Person, Person]:
    """The entry that goes over, and the one that stays."""
    return a_person(), a_person("林小姐", "+8613800000001", "lin@work.example")


def merge(source: Person, into: Person) -> Person:
    return merge_people(source.pk, into.pk, actor=staff("lead"))


def say_yes(person: Person, purpose: str = "news") -> None:
    give_consent(person.pk, purpose=purpose, proof="chat", actor=staff())


def planned(
    person: Person, key: str, state: CareMessage.State = State.PLANNED, *, occasion: str = "birthday"
) -> CareMessage:
    now = clock.now()
    plan = a_plan(occasion) if not CareMessage.objects.exists() else CareMessage.objects.latest("pk").plan
    made = CareMessage.objects.create(
        plan=plan, person=person, key=key, day=clock.shop_date(now), planned_at=now, state=state,
        decided_at=None if state == State.PLANNED else now,
    )  # fmt: skip
    if state == State.PLANNED:
        timers.set_timer(SEND, on=made, due_at=now + DAY, at=now)
    return made


THEIRS = {"customers.Person.merged_into", "customers.Erasure.person"}  # what stays with the entry, see `STAYS`


def test_every_column_that_points_at_a_person_has_its_way() -> None:
    """A new model is moved too, or the build fails: `belongs` in its app, a way of its own, or a reason to stay."""
    assert set(belongings.pointing()) == {*belongings.plain(), *WAYS, *THEIRS}
    assert set(belongings.naming()) == {*NAMED, *STAYS} - THEIRS
    assert set(belongings.plain()) & set(WAYS) == set()


def everything_of(person: Person) -> None:
    """A row of every kind that can point at a person, made by the actions."""
    order, agent = an_order(person=person), staff()
    a_return(order)
    a_review(order)
    Address.objects.create(person=person, line="文三路 1 号")
    note_person(person.pk, text="喜欢浅色", actor=agent)
    make_promise(person.pk, text="补寄", actor=agent)
    say_yes(person)
    note_birthday(person.pk, month=3, day=8, source="chat", actor=agent)
    planned(person, "2026")
    count_tiers(clock.now())
    Standing.objects.create(
        person=person, currency="CNY", orders=1, spent_minor=1, first_order_on="2026-01-01", last_order_on="2026-01-01",
        counted_at=clock.now(),
    )  # fmt: skip
    tell(person, "return.withdrawn", BASE, key="once")


def test_everything_goes_over_and_nothing_is_left_behind() -> None:
    source, into = pair()
    everything_of(source)
    counted = {
        column: model._base_manager.filter(**{name: source}).count()
        for column in belongings.pointing()
        for model, name in [belongings.model_of(column)]
    }
    assert sum(number > 0 for number in counted.values()) >= 12
    merge(source, into)
    for column, number in counted.items():
        model, name = belongings.model_of(column)
        if column != "customers.Person.merged_into":
            assert not model._base_manager.filter(**{name: source}).exists(), column
            assert model._base_manager.filter(**{name: into}).count() >= number - 1, column
    assert Notice.objects.filter(recipient_type="customers.person", recipient_id=into.pk).exists()
    assert not Notice.objects.filter(recipient_type="customers.person", recipient_id=source.pk).exists()
    told = Event.objects.filter(name__in=("person.merged", "person.absorbed")).values_list("name", "subject_id")
    assert set(told) == {("person.merged", source.pk), ("person.absorbed", into.pk)}


def test_what_both_have_is_one() -> None:
    source, into = pair()
    ContactPoint.objects.filter(person=source, kind="phone").update(verified_at=clock.now())
    for person in (source, into):
        note_birthday(person.pk, month=3, day=8 if person == source else 9, source="chat", actor=staff())
    merge(source, into)
    into.refresh_from_db()
    assert sorted(into.contact_points.values_list("value", flat=True)) == [
        "+8613800000001", "lin.mei@example.org", "lin@work.example",
    ]  # fmt: skip
    assert into.contact_points.get(kind="phone").verified_at is not None
    assert (into.birthday.day, into.name) == (9, "林小姐")


def test_merged_twice_is_merged_once_and_a_chain_is_never_longer_than_one() -> None:
    source, into = pair()
    third = a_person("王五", "+8613900000001", "wang@example.org")
    assert merge(source, into) == into
    events = Event.objects.count()
    assert merge(source, into) == into
    assert Event.objects.count() == events
    merge(into, third)
    source.refresh_from_db()
    assert source.head == third
    with pytest.raises(AlreadyMerged):
        merge(into, a_person("赵六", "+8613900000002", "zhao@example.org"))
    with pytest.raises(AlreadyMerged):
        merge(third, source)


def test_nobody_is_merged_with_themselves_or_with_the_shop_and_only_leads_merge() -> None:
    source, into = pair()
    with pytest.raises(BadInput):
        merge(source, source)
    with pytest.raises(ShopsOwn):
        merge(source, own_person(at=clock.now()))
    with pytest.raises(NotPermitted):
        merge_people(source.pk, into.pk, actor=staff("agent"))
    with pytest.raises(NotFound):
        merge_people(source.pk, into.pk, actor=customer())
    assert not Person.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("who_says_no", ["source", "into"])
def test_the_no_of_either_ends_the_yes_of_the_other_whenever_it_was_said(who_says_no: str) -> None:
    now = clock.now()
    source, into = a_person(), a_person("林小姐", "+8613900000001", "lin@work.example")
    no, yes = (source, into) if who_says_no == "source" else (into, source)
    with clock.fixed(now - 2 * DAY):
        say_yes(no)
        withdraw_consent(no.pk, purpose="news", proof="call", actor=staff())
    say_yes(yes)
    say_yes(yes, "goods")
    assert preview(source, into).ends == [Purpose.NEWS]
    merge(source, into)
    assert not agrees(into.pk, Purpose.NEWS)
    assert agrees(into.pk, Purpose.GOODS)
    assert no.ref in Consent.objects.get(given_at__gte=now, purpose="news").withdrawal
    assert Event.objects.filter(name="consent.withdrawn").count() == 2


def test_of_two_consents_the_older_one_goes_on() -> None:
    source, into = pair()
    with clock.fixed(clock.now() - 2 * DAY):
        say_yes(source)
    say_yes(into)
    merge(source, into)
    stands, ended = Consent.objects.filter(person=into).order_by("given_at")
    assert (stands.withdrawn_at, source.ref in ended.withdrawal) == (None, True)
    assert not Event.objects.filter(name="consent.withdrawn").exists(), "the customer has taken nothing back"


def test_a_refused_channel_stays_refused() -> None:
    source, into = pair()
    how: dict[str, Any] = {"kind": Preference.Kind.SERVICE, "actor": staff()}
    choose(source, channel=Notice.Channel.EMAIL, allowed=False, **how)
    choose(source, channel=Notice.Channel.SMS, allowed=True, **how)
    choose(into, channel=Notice.Channel.EMAIL, allowed=True, **how)
    merge(source, into)
    chosen = Preference.objects.filter(recipient_id=into.pk).values_list("channel", "allowed")
    assert dict(chosen) == {"email": False, "sms": True}


def test_one_message_for_one_occasion() -> None:
    source, into = pair()
    sent, again = planned(source, "2026", State.SENT), planned(into, "2026")
    late = planned(source, "2025", State.LATE), planned(into, "2025", State.SENT)
    twice = planned(source, "2027"), planned(into, "2027")
    merge(source, into)
    assert set(CareMessage.objects.values_list("pk", flat=True)) == {sent.pk, *(each.pk for each in late), twice[1].pk}
    assert set(CareMessage.objects.values_list("person", flat=True)) == {into.pk}
    assert not CareMessage.objects.filter(pk=again.pk).exists()
    assert Timer.objects.pending().filter(kind=SEND).count() == 1
    send_care(twice[0].pk, at=clock.now())  # one that is gone is nothing to do


def test_recommendations_go_over_without_circles_and_thanks_are_said_once() -> None:
    source, into = pair()
    by, new = (a_person(name, f"+86139000000{n}", f"{n}@example.org") for name, n in (("甲", "11"), ("乙", "12")))
    for person in (by, source, into):
        say_yes(person, "occasions")
    said: dict[str, Any] = {"how": "word", "source": "chat", "actor": staff()}
    note_referral(source.pk, by_ref=by.ref, **said)
    note_referral(new.pk, by_ref=source.ref, **said)
    thanks = planned(by, f"referral:{source.pk}", State.SENT, occasion="referral")
    merge(source, into)
    assert set(Referral.objects.values_list("person", "by")) == {(into.pk, by.pk), (new.pk, into.pk)}
    thanks.refresh_from_db()
    assert thanks.key == f"referral:{into.pk}"
    merge(new, by)  # recommended by `into`, who was recommended by `by`
    assert list(Referral.objects.values_list("person", "by")) == [(into.pk, by.pk)]
    merge(into, by)
    assert not Referral.objects.exists()
    assert Event.objects.filter(name="referral.taken_back").count() == 2


def test_old_numbers_links_and_imports_lead_on(client: Client) -> None:
    source, into = pair()
    Person.objects.filter(pk=source.pk).update(source="taobao", external_id="id:77", nick="小林")
    token = token_of(source, Purpose.NEWS)
    say_yes(into)
    merge(source, into)
    client.force_login(member("lead"))
    assert client.get(f"/desk/people/{source.ref}/")["Location"] == f"/desk/people/{into.ref}/"
    assert source.ref in client.get(f"/desk/people/{into.ref}/").content.decode()
    client.post(f"/desk/people/{source.ref}/note/", {"text": "typed on an old page"})
    assert into.notes.count() == 1
    facts = type("Facts", (), {"buyer": BuyerFacts(key="id:77", name="林", nick="小林"), "placed_at": clock.now()})
    people, new = people_of([facts], "taobao", clock.now())  # type: ignore[list-item]
    assert (people["id:77"], new) == (into, 0)
    order = an_order(person=into)
    assert buyer_of(ChatSource(platform=order.platform), "小林") == into
    withdraw_by_link(token, actor=customer())
    assert not agrees(into.pk, Purpose.NEWS)


def test_the_search_finds_one_customer_by_both_names_and_numbers(client: Client) -> None:
    source, into = a_person("端木蓉"), a_person("欧阳锋", "+8613900000001", "feng@example.org")
    merge(source, into)
    while catch_up():
        pass
    client.force_login(member("lead"))
    for typed in ("端木蓉", "欧阳锋", "lin.mei@example.org"):
        page = client.get("/desk/search/", {"q": typed}).content.decode()
        assert f"/desk/people/{into.ref}/" in page, typed
        assert f"/desk/people/{source.ref}/" not in page, typed


def test_what_was_written_in_the_moment_of_the_merge_follows_at_night() -> None:
    source, into = pair()
    merge(source, into)
    order = an_order(person=source)  # an import that had read the entry before
    assert Ticket.objects.count() == 0
    assert move_latecomers(clock.now()) == 1
    assert move_latecomers(clock.now()) == 0
    assert Order.objects.get(pk=order.pk).person == into


def test_the_deed_shows_first_what_goes_over_and_then_asks(client: Client) -> None:
    source, into = pair()
    everything_of(source)
    say_yes(into, "goods")
    withdraw_consent(into.pk, purpose="goods", proof="call", actor=staff())
    say_yes(source, "goods") if not agrees(source.pk, Purpose.GOODS) else None
    lead = Client(headers={"accept-language": "en"})
    lead.force_login(User.objects.get(pk=staff("lead").id or 0))
    page = lead.get(f"/desk/people/{source.ref}/").content.decode()
    assert "Perhaps the same customer" in page
    assert f"/desk/people/{into.ref}/" in page
    where = f"/desk/people/{source.ref}/merging/"
    assert into.ref in lead.get(where).content.decode(), "offered, because the phone is the same"
    wrong = lead.post(where, {"into": "P-000000000"})
    assert (wrong.status_code, "No customer has the number" in wrong.content.decode()) == (400, True)
    shown = lead.post(where, {"into": into.ref.lower()})
    text = shown.content.decode()
    assert shown.status_code == 400
    for words in (
        "Read what goes over",
        "orders: 1",
        "These consents end",
        "Reminders about what was bought",
        into.ref,
    ):
        assert words in text, words
    assert not Person.objects.exclude(merged_into=None).exists()
    assert lead.post(where, {"into": into.ref, "sure": "on"}).status_code == 302
    assert Person.objects.get(pk=source.pk).merged_into == into


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_each_into_the_other_at_once_is_merged_one_way_only() -> None:
    source, into = pair()
    lead, begun, refused = staff("lead"), threading.Barrier(2), list[str]()

    def attempt(one: Person, other: Person) -> None:
        begun.wait(5)
        try:
            merge_people(one.pk, other.pk, actor=lead)
        except AlreadyMerged as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=each) for each in ((source, into), (into, source))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["person_merged"]
    assert Person.objects.exclude(merged_into=None).count() == 1
