"""Gifts as thanks: within a limit or approved, with consent where an address is used, rarely, and never for a review."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import translation

from aftersales.accounts.models import User
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.kernel.money import Money
from aftersales.ledger.models import Event
from aftersales.notices.models import Notice
from customers.actions.consents import agrees, give_consent, withdraw_consent
from customers.actions.gifts import (
    AddressNotAgreed,
    GiftForReview,
    GiftSettled,
    GiftTooMany,
    ReviewUnanswered,
    approve_gift,
    drop_gift,
    give_gift,
    send_gift,
)
from customers.actions.reviews.passing import pass_review
from customers.models import Gift, Person, Purpose
from tests.world import a_person, a_review, an_order, member, staff

pytestmark = pytest.mark.django_db


def a_gift(person: Person, minor: int = 3_000, *, way: str = "parcel", **said: Any) -> Gift:
    words = {"what": "手工茶叶一盒", "why": "等维修等了三周，一直很客气", **said}
    return give_gift(person.pk, cost=Money(minor), way=way, actor=words.pop("actor", None) or staff(), **words)


def events(person: Person) -> list[str]:
    told = Event.objects.filter(name__startswith="gift.", subject_type="customers.person", subject_id=person.pk)
    return list(told.order_by("id").values_list("name", flat=True))


def test_within_the_limit_it_is_approved_at_once_and_asking_again_is_the_same_gift() -> None:
    person = a_person()
    gift = a_gift(person)
    assert (gift.state, gift.decided_by) == ("approved", member())
    assert a_gift(person) == gift
    send_gift(gift.pk, actor=staff())
    send_gift(gift.pk, actor=staff())
    gift.refresh_from_db()
    assert gift.state == "sent"
    assert gift.sent_at is not None
    assert events(person) == ["gift.approved", "gift.sent"]
    with pytest.raises(GiftSettled):
        drop_gift(gift.pk, why="算了", actor=staff())


def test_what_costs_more_waits_for_a_lead_who_is_told(drain: Any) -> None:
    person, lead = a_person(), member("lead")
    gift = a_gift(person, 20_000)
    drain()
    assert gift.state == "asked"
    assert Notice.objects.filter(template="gift.asked", recipient_id=lead.pk).count() == 1
    with pytest.raises(GiftSettled):
        send_gift(gift.pk, actor=staff())
    with pytest.raises(NotPermitted):
        approve_gift(gift.pk, actor=staff())
    for _twice in range(2):
        assert approve_gift(gift.pk, actor=staff("lead")).state == "approved"
    assert events(person) == ["gift.asked", "gift.approved"]
    assert a_gift(person, 20_000, what="礼盒", actor=staff("lead")).state == "approved", "a lead needs nobody"


def test_dropping_says_why_and_happens_once() -> None:
    person = a_person()
    gift = a_gift(person, 20_000)
    with pytest.raises(BadInput):
        drop_gift(gift.pk, why=" ", actor=staff("lead"))
    for _twice in range(2):
        drop_gift(gift.pk, why="太贵重", actor=staff("lead"))
    assert (Gift.objects.get().state, Gift.objects.get().dropped_why) == ("dropped", "太贵重")
    assert events(person) == ["gift.asked", "gift.dropped"]
    told = str(list(Event.objects.values("data")))
    assert ("太贵重" in told, gift.why in told) == (False, False), "reasons stand in the row alone"


@pytest.mark.parametrize(
    "why", ["给了五星好评", "请她改评", "晒图返礼", "Thanks for the 5-star review", "for changing her rating"]
)
def test_never_for_a_review(why: str) -> None:
    person = a_person()
    with pytest.raises(GiftForReview) as told:
        a_gift(person, why=why)
    assert told.value.field == "why"
    with pytest.raises(GiftForReview):
        a_gift(person, what=f"小礼：{why}")
    assert not Gift.objects.exists()


def test_not_while_a_review_of_theirs_is_unanswered() -> None:
    order = an_order()
    a_review(order, stars=1)
    with pytest.raises(ReviewUnanswered):
        a_gift(order.person)


def test_a_review_that_comes_in_later_holds_a_gift_up_until_it_is_settled() -> None:
    order = an_order()
    asked, approved = a_gift(order.person, 20_000), a_gift(order.person, what="手写卡片")
    review = a_review(order, stars=1)
    with pytest.raises(ReviewUnanswered):
        approve_gift(asked.pk, actor=staff("lead"))
    with pytest.raises(ReviewUnanswered):
        send_gift(approved.pk, actor=staff())
    assert events(order.person) == ["gift.asked", "gift.approved"]
    pass_review(review.pk, why="一时气话，电话里谈过", actor=staff("lead"))
    assert approve_gift(asked.pk, actor=staff("lead")).state == "approved"
    assert send_gift(approved.pk, actor=staff()).state == "sent"


def test_an_address_is_used_only_with_consent_and_a_withdrawal_stops_what_was_meant_to_be_posted() -> None:
    person = a_person()
    with pytest.raises(AddressNotAgreed):
        a_gift(person, way="post")
    give_consent(person.pk, purpose="occasions", proof="聊天", actor=staff())
    posted, laid_in = a_gift(person, way="post"), a_gift(person, what="手写卡片")
    withdraw_consent(person.pk, purpose="occasions", proof="来电", actor=staff())
    posted.refresh_from_db()
    laid_in.refresh_from_db()
    assert (posted.state, laid_in.state) == ("dropped", "approved")
    Gift.objects.filter(pk=posted.pk).update(state="approved")
    with pytest.raises(AddressNotAgreed):
        send_gift(posted.pk, actor=staff())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_gift_that_leaves_while_the_consent_is_withdrawn_stays_sent_and_the_consent_ends() -> None:
    person = a_person()
    give_consent(person.pk, purpose="occasions", proof="聊天", actor=staff())
    gift, sent = a_gift(person, way="post"), threading.Event()

    def send() -> None:
        with transaction.atomic():
            send_gift(gift.pk, actor=staff())
            sent.set()
            time.sleep(0.5)  # the withdrawal waits for this row
        connection.close()

    sending = threading.Thread(target=send)
    sending.start()
    assert sent.wait(10)
    withdraw_consent(person.pk, purpose="occasions", proof="来电", actor=staff())
    sending.join()
    gift.refresh_from_db()
    assert gift.state == "sent"
    assert not agrees(person.pk, Purpose.OCCASIONS)


def test_why_the_system_dropped_it_is_read_in_the_readers_language_whoever_withdrew() -> None:
    person = a_person()
    give_consent(person.pk, purpose="occasions", proof="聊天", actor=staff())
    gift = a_gift(person, way="post")
    with translation.override("en"):
        withdraw_consent(person.pk, purpose="occasions", proof="call", actor=staff())
    assert Gift.objects.get(state="dropped").dropped_why == "consent"
    for language, words in (("zh-hans", "同意已撤回"), ("en", "the consent was withdrawn")):
        client = Client(headers={"accept-language": language})
        client.force_login(member("manager"))
        User.objects.filter(pk=member("manager").pk).update(locale=language)
        for page in (f"/desk/people/{person.ref}/", f"/office/customers/gift/{gift.pk}/change/"):
            assert words in client.get(page).content.decode()


def test_two_within_a_year_are_the_most(settings: Any) -> None:
    settings.GIFTS_MOST = 2
    person = a_person()
    start = clock.now()
    with clock.fixed(start - dt.timedelta(days=366)):
        a_gift(person, what="去年的")
    for what in ("一", "二"):
        gift = a_gift(person, what=what)
    with pytest.raises(GiftTooMany):
        a_gift(person, what="三")
    drop_gift(gift.pk, why="缺货", actor=staff())
    assert a_gift(person, what="三").state == "approved"


@pytest.mark.parametrize(
    ("cost", "way"), [(Money(-1), "parcel"), (Money(100, "EUR"), "parcel"), (Money(100), "pigeon")]
)
def test_a_cost_or_way_that_cannot_be_is_refused(cost: Money, way: str) -> None:
    with pytest.raises(BadInput):
        give_gift(a_person().pk, what="茶", why="谢谢", cost=cost, way=way, actor=staff())


def test_the_auditor_gives_nothing() -> None:
    with pytest.raises(NotPermitted):
        a_gift(a_person(), actor=staff("auditor"))


def test_from_the_customers_page_to_the_lead_and_out_of_the_house() -> None:
    person = a_person()
    agent, lead = Client(headers={"accept-language": "en"}), Client(headers={"accept-language": "en"})
    agent.force_login(member("agent"))
    lead.force_login(member("lead"))
    typed = {"what": "茶", "why": "好主意", "cost": "200", "way": "parcel"}
    page = agent.post(f"/desk/people/{person.ref}/gift/", typed | {"why": "好评"})
    assert page.status_code == 400
    assert "never given for a review" in page.content.decode()
    assert agent.post(f"/desk/people/{person.ref}/gift/", typed).status_code == 302
    gift = Gift.objects.get()
    assert (gift.state, gift.cost_minor) == ("asked", 20_000)
    assert "Approve the gift" not in agent.get(f"/desk/people/{person.ref}/").content.decode()
    assert "Approve the gift" in lead.get(f"/desk/people/{person.ref}/").content.decode()
    assert lead.post(f"/desk/gifts/{gift.pk}/approval/").status_code == 302
    assert agent.post(f"/desk/gifts/{gift.pk}/sending/").status_code == 302
    gift.refresh_from_db()
    assert gift.state == "sent"
    assert person.ref in lead.get("/office/customers/gift/?state__exact=sent").content.decode()
