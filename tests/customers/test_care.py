"""Messages of the shop's own accord: only to who agreed, once for each occasion, never at night, and stopped at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput
from aftersales.ledger.models import Event, Outbound, Timer
from aftersales.notices.actions.preferences import choose
from aftersales.notices.models import Notice, Preference
from customers.actions.birthdays import forget_birthday, note_birthday
from customers.actions.care.counting import count_standings
from customers.actions.care.planning import plan_care
from customers.actions.consents import give_consent, withdraw_consent
from customers.gather.outlook import outlook
from customers.models import Birthday, CareMessage, CarePlan, Category, ContactPoint, Order, Person, Standing
from returns.actions.ending import withdraw_return
from returns.actions.payment import record_payment
from tests.faces.desk import stages
from tests.world import a_complaint, a_person, a_sku, an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.opening import open_ticket

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
Drain = Callable[[], int]


def at(day: int, hour: int = 3, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.shop_zone())


@pytest.fixture(autouse=True)
def mails_leave(settings: Any) -> None:
    settings.MAILBOX = False


def a_plan(occasion: str = "birthday", **fields: Any) -> CarePlan:
    words = {"subject_zh": "{name}，生日快乐", "text_zh": "{name}您好：祝您生日快乐！", "subject_en": "Happy birthday",
             "text_en": "Dear {name}, happy birthday!"}  # fmt: skip
    return CarePlan.objects.create(
        name=fields.pop("name", occasion), occasion=occasion, days=fields.pop("days", 0),
        active=fields.pop("active", True), **{**words, **fields},
    )  # fmt: skip


def born(day: int = 23, *, agreed: bool = True, **who: str) -> Person:
    """Somebody with a birthday in November; what happens to them is written at the beginning of the month."""
    with clock.fixed(at(1)):
        person = a_person(**who)
        note_birthday(person.pk, month=11, day=day, source="11 月 1 日聊天", actor=staff())
        if agreed:
            give_consent(person.pk, purpose="occasions", proof="11 月 1 日聊天", actor=staff())
    return person


def night(day: int, drain: Drain) -> None:
    """The night of that day at 03:00: the daily job, and what is due."""
    with clock.fixed(at(day)):
        count_standings(clock.now())
        plan_care(clock.now())
        drain()


def states() -> list[tuple[str, str]]:
    return list(CareMessage.objects.order_by("id").values_list("state", "why"))


def test_a_birthday_is_greeted_on_its_day_after_the_quiet_hours_once(drain: Drain) -> None:
    person, plan = born(), a_plan()
    night(23, drain)
    night(23, drain)
    assert states() == [("planned", "")]
    assert mail.outbox == []
    with clock.fixed(at(23, 10)):
        drain()
        plan_care(clock.now())
        CarePlan.objects.update(planned_until=None)
        plan_care(clock.now())
        drain()
    assert states() == [("sent", "")]
    (sent,) = mail.outbox
    assert sent.subject == "林梅，生日快乐"
    assert "林梅您好：祝您生日快乐！" in str(sent.body)
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in str(sent.body)
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Notice.objects.get().key == f"email:care:{plan.pk}:2026:care.message:customers.person:{person.pk}"
    assert Event.objects.filter(name="care.sent").count() == 1


def test_without_a_consent_nothing_is_even_planned(drain: Drain) -> None:
    born(agreed=False)
    a_plan()
    night(23, drain)
    assert not CareMessage.objects.exists()


def test_a_consent_withdrawn_after_planning_stops_it_and_the_reason_is_seen(drain: Drain) -> None:
    person = born()
    a_plan()
    night(23, drain)
    with clock.fixed(at(23, 9)):
        withdraw_consent(person.pk, purpose="occasions", proof="来电", actor=staff())
    assert states() == [("stopped", "consent")]
    assert not Timer.objects.pending().exists()
    with clock.fixed(at(23, 12)):
        drain()
    assert mail.outbox == []


def test_what_waits_in_the_outbox_is_taken_back_too(drain: Drain, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.customers.test_care.Away"
    person = born()
    a_plan()
    night(23, drain)
    with clock.fixed(at(23, 10)):
        drain()
        assert states() == [("sent", "")]
        withdraw_consent(person.pk, purpose="occasions", proof="来电", actor=staff())
    assert states() == [("stopped", "consent")]
    assert (Notice.objects.get().state, Outbound.objects.get().status) == ("stopped", "cancelled")
    assert "林梅" not in str(Outbound.objects.get().payload)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.fixed(at(23, 15)):
        drain()
    assert mail.outbox == []


class Away:
    """A mail server that does not answer."""

    def __init__(self, **_options: Any) -> None:
        pass

    def open(self) -> None:
        raise ConnectionRefusedError

    def close(self) -> None:
        pass


def test_the_decision_asks_for_the_consent_itself(drain: Drain) -> None:
    """Also when a consent went by another way than the action, such as an erased row."""
    person = born()
    a_plan()
    night(23, drain)
    person.consents.all().delete()
    with clock.fixed(at(23, 10)):
        drain()
    assert states() == [("stopped", "consent")]


def test_who_complains_is_written_to_when_it_is_settled_and_a_greeting_that_is_late_never(drain: Drain) -> None:
    person = born()
    a_plan()
    thanks = a_plan("anniversary", name="周年")
    with clock.fixed(at(23)):
        order = an_order(person=person)
        Order.objects.filter(pk=order.pk).update(placed_at=at(23) - 365 * DAY)
        complaint = a_complaint(order)
    night(23, drain)
    with clock.fixed(at(23, 10)):
        drain()
    assert states() == [("planned", "complaint")] * 2
    type(complaint.ticket).objects.filter(person=person).update(status="closed", closed_at=at(23, 12))
    with clock.fixed(at(24, 10)):
        drain()
    assert set(CareMessage.objects.values_list("plan__name", "state")) == {("birthday", "late"), (thanks.name, "sent")}
    assert Notice.objects.filter(template="care.message").count() == 1


def test_nobody_gets_more_than_their_share_over_all_plans(drain: Drain, settings: Any) -> None:
    settings.CARE_MOST = 2
    born()
    for number in range(3):
        a_plan(name=f"plan {number}")
    night(23, drain)
    with clock.fixed(at(23, 10)):
        drain()
    assert sorted(states()) == [("sent", ""), ("sent", ""), ("stopped", "cap")]
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("how", ["no address", "refused e-mail"])
def test_who_cannot_be_written_to_by_mail_gets_no_sms_instead(drain: Drain, how: str) -> None:
    person = born()
    if how == "no address":
        ContactPoint.objects.filter(person=person, kind="email").delete()
    else:
        choose(person, channel=Notice.Channel.EMAIL, kind=Preference.Kind.MARKETING, allowed=False, actor=staff())
    a_plan()
    night(23, drain)
    with clock.fixed(at(23, 10)):
        drain()
    assert states() == [("stopped", "unreachable")]
    assert not Notice.objects.exists()


def test_nights_that_were_missed_are_made_up_for_and_what_is_too_late_is_marked(drain: Drain) -> None:
    born(22)
    born(25, phone="+8613800000002", email="two@example.org")
    a_plan()
    night(20, drain)
    night(25, drain)
    with clock.fixed(at(25, 10)):
        drain()
    assert list(CareMessage.objects.order_by("day").values_list("day", "state")) == [
        (dt.date(2026, 11, 22), "late"), (dt.date(2026, 11, 25), "sent"),
    ]  # fmt: skip


def test_a_plan_that_rested_sends_nothing_of_that_time(drain: Drain) -> None:
    born(22)
    plan = a_plan(active=False)
    night(22, drain)
    CarePlan.objects.filter(pk=plan.pk).update(active=True)
    night(23, drain)
    assert not CareMessage.objects.exists()


def test_a_plan_ended_before_its_hour_sends_nothing(drain: Drain) -> None:
    born()
    plan = a_plan()
    night(23, drain)
    CarePlan.objects.filter(pk=plan.pk).update(active=False)
    with clock.fixed(at(23, 10)):
        drain()
    assert states() == [("stopped", "plan")]


def test_who_was_born_on_29_february_is_greeted_on_the_28th_of_other_years() -> None:
    person = a_person()
    note_birthday(person.pk, month=2, day=29, source="信", actor=staff())
    give_consent(person.pk, purpose="occasions", proof="信", actor=staff())
    plan = a_plan()
    for year, day in ((2027, 28), (2028, 29)):
        CareMessage.objects.all().delete()
        CarePlan.objects.filter(pk=plan.pk).update(planned_until=dt.date(year, 2, 20))
        with clock.fixed(dt.datetime(year, 3, 1, 3, tzinfo=clock.shop_zone())):
            plan_care(clock.now())
        assert CareMessage.objects.get().day == dt.date(year, 2, day)


@pytest.mark.parametrize(
    ("occasion", "days", "expected"),
    [
        ("warranty", -14, dt.date(2026, 11, 16)),
        ("refill", 60, dt.date(2026, 12, 30)),
        ("silence", 90, dt.date(2027, 1, 25)),
    ],
)
def test_goods_and_silence_have_their_day(occasion: str, days: int, expected: dt.date) -> None:
    with clock.fixed(at(31, 12, month=10) + DAY):  # 1 November at noon
        order = an_order(
            days_ago=1, skus=[(a_sku(category="filters"), 1)]
        )  # signed for on 31 October, ordered on the 27th
        for purpose in ("goods", "news"):
            give_consent(order.person_id, purpose=purpose, proof="x", actor=staff())
        category = Category.objects.get(code="filters")
        category.warranty_days = 30
        category.save()
        a_plan(occasion, days=days, category=category if occasion == "refill" else None, active=True)
        count_standings(clock.now())
    CarePlan.objects.update(planned_until=expected - 2 * DAY)
    with clock.fixed(dt.datetime.combine(expected, dt.time(3), clock.shop_zone())):
        plan_care(clock.now())
    message = CareMessage.objects.get()
    assert message.day == expected
    if occasion != "silence":
        assert (message.order, message.goods) == (order, "亚麻衬衫")


def test_what_is_delivered_in_the_afternoon_is_seen_by_the_night_after_it(drain: Drain) -> None:
    with clock.fixed(at(22, 14)):
        order = an_order(days_ago=1, skus=[(a_sku(category="filters"), 1)])
        Order.objects.filter(pk=order.pk).update(delivered_at=None)
        give_consent(order.person_id, purpose="goods", proof="x", actor=staff())
        a_plan("refill", category=Category.objects.get(code="filters"))
    night(23, drain)
    assert states() == []
    Order.objects.filter(pk=order.pk).update(delivered_at=at(23, 14))
    for day in (24, 25):
        night(day, drain)
    assert [message.day for message in CareMessage.objects.all()] == [dt.date(2026, 11, 23)]


def test_who_bought_again_is_not_asked_after(drain: Drain) -> None:
    with clock.fixed(at(1)):
        order = an_order()
        give_consent(order.person_id, purpose="news", proof="x", actor=staff())
    a_plan("silence", days=2)
    Order.objects.filter(pk=order.pk).update(placed_at=at(21))
    night(23, drain)
    with clock.fixed(at(23, 9)):
        Order.objects.filter(pk=an_order(person=order.person).pk).update(placed_at=at(23, 8))
    with clock.fixed(at(23, 10)):
        drain()
    assert states() == [("stopped", "bought")]


def test_segments_are_counted_in_one_statement_and_again_is_the_same(django_assert_max_num_queries: Any) -> None:
    person = a_person()
    with clock.fixed(at(10, 12)):
        first, _second = an_order(person=person), an_order(person=person, days_ago=30)
        an_order(person=person, status=Order.Status.CANCELLED)
        Order.objects.filter(pk=first.pk).update(refunded_minor=600)
        gone = an_order(person=a_person("王五", "+8613800000002", "two@example.org"))
    with django_assert_max_num_queries(5):
        assert count_standings(at(11)) == 2
    Order.objects.filter(pk=gone.pk).update(status=Order.Status.CANCELLED)
    assert count_standings(at(12)) == count_standings(at(12)) == 1
    counted = Standing.objects.get()
    assert (counted.orders, counted.spent_minor, counted.currency) == (2, 2 * 25_600 - 600, "CNY")
    assert (counted.first_order_on, counted.last_order_on) == (dt.date(2026, 10, 7), dt.date(2026, 11, 3))


def test_the_outlook_says_how_many_and_why_others_not() -> None:
    born(23)
    born(24, agreed=False, phone="+8613800000002", email="two@example.org")
    silent = born(25, phone="+8613800000003", email="three@example.org")
    ContactPoint.objects.filter(person=silent, kind="email").delete()
    angry = born(26, phone="+8613800000004", email="four@example.org")
    a_complaint(an_order(person=angry))
    plan = a_plan(active=False)
    seen = outlook(plan, at(20))
    assert (seen.reached, seen.no_consent, seen.unreachable, seen.waits, seen.capped) == (1, 1, 1, 1, 0)
    assert seen.occasions == 4
    assert outlook(plan, at(27)).occasions == 0


def to_news(agreed: bool = True, **who: str) -> Person:
    with clock.fixed(at(1)):
        person = a_person(**who)
        if agreed:
            give_consent(person.pk, purpose="news", proof="11 月 1 日聊天", actor=staff())
    return person


def test_news_goes_to_who_agreed_on_its_day_and_once_also_when_it_is_put_off(drain: Drain) -> None:
    person = to_news()
    to_news(agreed=False, phone="+8613800000002", email="two@example.org")
    gone = to_news(phone="+8613800000003", email="three@example.org")
    with clock.fixed(at(20)):
        withdraw_consent(gone.pk, purpose="news", proof="电话", actor=staff())
    plan = a_plan("news", date=dt.date(2026, 11, 23))
    seen = outlook(plan, at(20))
    assert (seen.reached, seen.no_consent) == (1, 0)
    for day in (22, 23, 24):
        night(day, drain)
        with clock.fixed(at(day, 10)):
            drain()
    assert [message.person for message in CareMessage.objects.all()] == [person]
    assert states() == [("sent", "")]
    CarePlan.objects.update(date=dt.date(2026, 11, 25))
    night(25, drain)
    assert CareMessage.objects.count() == len(mail.outbox) == 1


def test_news_made_active_on_its_day_and_a_consent_of_the_day_after_are_in_time(drain: Drain) -> None:
    to_news()
    plan = a_plan("news", date=dt.date(2026, 11, 23), active=False)
    night(23, drain)
    CarePlan.objects.filter(pk=plan.pk).update(active=True)
    night(24, drain)
    to_news(phone="+8613800000002", email="two@example.org")
    night(25, drain)
    night(26, drain)
    assert CareMessage.objects.count() == 2


def test_news_without_a_day_is_refused() -> None:
    plan = CarePlan(
        name="x", occasion="news", days=0, subject_zh="新品", text_zh="新品", subject_en="News", text_en="News"
    )
    with pytest.raises(ValidationError) as told:
        plan.full_clean()
    assert set(told.value.message_dict) == {"date"}


def test_a_settled_return_is_thanked_for_after_some_days_and_a_refused_one_is_not(drain: Drain) -> None:
    from customers.actions.care.planning import thank

    person = a_person()
    plan = a_plan("thanks", days=3)
    assert thank(person.pk, case="R-1", at=at(20)) == 0, "not agreed"
    give_consent(person.pk, purpose="occasions", proof="x", actor=staff())
    assert thank(person.pk, case="R-1", at=at(20)) == 1
    assert thank(person.pk, case="R-1", at=at(21)) == 0
    assert CareMessage.objects.get().day == dt.date(2026, 11, 23)
    assert outlook(plan, at(20)).reached == 1


def test_a_plan_with_an_unknown_word_or_days_that_cannot_be_is_refused() -> None:
    plan = CarePlan(
        name="x", occasion="refill", days=-3, subject_zh="{nmae}", text_zh="a", subject_en="b", text_en="{shop}"
    )
    with pytest.raises(ValidationError) as told:
        plan.full_clean()
    assert set(told.value.message_dict) == {"subject_zh", "days", "category"}


def test_a_birthday_is_a_day_with_its_source_and_can_be_deleted() -> None:
    person = a_person()
    for month, day in ((2, 30), (13, 1)):
        with pytest.raises(BadInput):
            note_birthday(person.pk, month=month, day=day, source="信", actor=staff())
    with pytest.raises(BadInput):
        note_birthday(person.pk, month=2, day=3, source=" ", actor=staff())
    first = note_birthday(person.pk, month=2, day=3, source="信", actor=staff())
    for _ in range(2):
        assert note_birthday(person.pk, month=2, day=3, source="电话", actor=staff()) == first
    assert Birthday.objects.get().source == "电话", "what was typed last is kept"
    forget_birthday(person.pk, actor=staff())
    forget_birthday(person.pk, actor=staff())
    assert not Birthday.objects.exists()
    told = Event.objects.filter(name__startswith="person.birthday").order_by("id").values_list("name", flat=True)
    assert list(told) == ["person.birthday_given", "person.birthday_given", "person.birthday_forgotten"]
    assert "信" not in str(list(Event.objects.values("data"))), "where it was said is deleted with the day"


@pytest.mark.parametrize(("how", "thanked"), [("paid", 1), ("withdrawn", 0), ("repaired", 1), ("no answer", 0)])
def test_only_what_ended_well_is_thanked_for(drain: Drain, how: str, thanked: int) -> None:
    ret = stages.refunding() if how == "paid" else stages.submitted()
    give_consent(ret.person.pk, purpose="occasions", proof="x", actor=staff())
    a_plan("thanks", days=3)
    if how == "paid":
        record_payment(ret.refunds.get().pk, payment_ref="A1", actor=staff("lead"))
    elif how == "withdrawn":
        withdraw_return(ret.pk, actor=customer(ret.order))
    else:
        repair = open_ticket(kind="repair", title="!", person=ret.person, order=ret.order, actor=staff())
        close_ticket(repair.pk, actor=staff(), reason="solved" if how == "repaired" else "no_answer")
    drain()
    assert CareMessage.objects.count() == thanked
