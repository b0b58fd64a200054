"""Answers by SMS: behind the secret only, once each, a stop heeded before the carrier has its answer, nothing lost."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.models import Inbox
from aftersales.notices.models import Notice
from aftersales.notices.sms_rules import says_stop
from customers.actions.care.sending import send_care
from customers.actions.consents import give_consent
from customers.gather.obstacles import refusing
from customers.models import CareMessage, CarePlan, Consent, ContactPoint, Person, Purpose
from tests.customers.test_care import Drain, a_plan, at, born, night, states
from tests.visitor import Visitor
from tests.world import a_person, a_return, an_order, customer, member, staff
from tickets.actions.conversation import reply
from tickets.actions.mail import by_hand
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.actions.sms.receiving import Reply, take_reply
from tickets.invariants import unread
from tickets.models import Arrival, Ticket

pytestmark = pytest.mark.django_db
SECRET = "abcdefghijklmnopqrstuvwxyz_-012345"
PHONE = "+8613800000001"


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.MAILBOX = False
    settings.SMS_REPLY_SECRETS = {"aliyun": SECRET, "tencent": SECRET[::-1], "generic": ""}


def call(carrier: str, body: Any, secret: str = SECRET) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Client().post(f"/hooks/sms/{carrier}/{secret}/", raw, content_type="application/json")


def aliyun(content: str, number: int | str = 1, phone: str = "13800000001", **more: Any) -> dict[str, Any]:
    """As on Alibaba Cloud's page SmsUp."""
    return {"phone_number": phone, "send_time": "2026-11-23 10:00:00", "content": content, "sign_name": "山野家居",
            "dest_code": "1234", "sequence_id": number, **more}  # fmt: skip


def tencent(text: str, **more: Any) -> dict[str, Any]:
    """As on Tencent Cloud's page of replies."""
    return {"extend": "", "mobile": "13800000001", "nationcode": "86", "sign": "山野家居", "text": text,
            "time": 1_795_400_000, **more}  # fmt: skip


def standing() -> set[str]:
    return set(Consent.objects.filter(withdrawn_at=None).values_list("purpose", flat=True))


def agreeing(**who: Any) -> Person:
    person = born(**who)
    ContactPoint.objects.filter(person=person, kind="email").delete()
    with clock.fixed(at(1)):
        for purpose in ("sms", "news", "goods", "visits"):
            give_consent(person.pk, purpose=purpose, proof="聊天", actor=staff())
    return person


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        *[(word, True) for word in ("R", "r", "TD", "td", "T", "退订", "拒收", "STOP", "Stop", "unsubscribe")],
        ("  R\n", True), ("Ｒ", True), ("ＴＤ", True), ("ｓｔｏｐ", True), ("　退订　", True), ("“R”", True), ("退订。", True),
        ("R\u200b", True), ("【退订】", True),
        *[(words, False) for words in ("", "RR", "R吗", "不要退订", "TDK", "请停止", "T恤有货吗", "stop by tomorrow")],
    ],
)  # fmt: skip
def test_a_stop_is_a_stop_word_and_nothing_else(text: str, stops: bool) -> None:
    assert says_stop(text) is stops


def test_without_the_right_secret_there_is_no_door(settings: Any) -> None:
    body = [aliyun("R")]
    for carrier, secret in (("aliyun", "x" * 34), ("generic", "x"), ("nobody", SECRET), ("tencent", SECRET)):
        assert call(carrier, body, secret).status_code == 404
    settings.SMS_REPLY_SECRETS = {}
    assert call("aliyun", body).status_code == 404
    assert Client().get(f"/hooks/sms/aliyun/{SECRET}/").status_code == 405
    assert not Inbox.objects.exists()


def test_each_carrier_is_read_and_answered_in_its_words_and_the_same_again_is_once(settings: Any) -> None:
    settings.SMS_REPLY_SECRETS |= {"generic": SECRET}
    for _twice in range(2):
        answer = call("aliyun", [aliyun("在吗", 7), aliyun("在吗", "8")])
        assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "成功"})
        answer = call("tencent", tencent("几点发货"), SECRET[::-1])
        assert (answer.status_code, answer.json()) == (200, {"result": 0, "errmsg": "OK"})
        given = {"id": "h-1", "phone": "138 0000 0001", "text": "你好", "at": "2026-11-23T10:00:00+08:00"}
        told = call("generic", given).json()["received"]
    assert told == [{"id": "h-1", "duplicate": True}]
    assert call("tencent", tencent("几点发货", time=1_795_400_060), SECRET[::-1]).status_code == 200
    kept = Arrival.objects.order_by("pk").values_list("external_id", "sender", "text", "channel")
    assert [row[0].partition(":")[0] for row in kept] == ["aliyun", "aliyun", "tencent", "generic", "tencent"]
    assert {row[1:] for row in kept} == {(PHONE, text, "sms") for text in ("在吗", "几点发货", "你好")}
    assert all(each.received_at <= clock.now() for each in Arrival.objects.all())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[1]", b"7", b"\xff", b"[" * 50_000, b"[" + b"{}," * 500 + b"{}]"])
def test_what_is_no_answer_at_all_is_told(body: bytes) -> None:
    answer = call("aliyun", body)
    assert (answer.status_code, answer.json()["code"]) == (400, 1)
    assert not Arrival.objects.exists()


def test_odd_answers_are_kept_where_a_person_sees_them(drain: Drain) -> None:
    odd = [
        aliyun("谁的？", 1, phone="138****0001"),
        {},
        aliyun("a\x00b\ud800c", 3),
        aliyun("早", "x" * 999, send_time="0001-01-01 00:00:00"),
        aliyun("迟", 5, send_time="2099-01-01 00:00:00"),
        {"content": None, "phone_number": 13800000001, "sequence_id": "\x00"},
    ]
    raw = json.dumps(odd).encode()
    assert [call("aliyun", raw).status_code for _twice in range(2)] == [200, 200]
    drain()
    found = Arrival.objects.order_by("pk")
    assert {each.state for each in found} == {"quarantined"}
    assert [each.reason for each in found] == [
        "no_sender", "no_sender", "unknown_sender", "unknown_sender", "unknown_sender", "unknown_sender",
    ]  # fmt: skip
    assert found[2].text == "abc"
    assert all(each.received_at.year > 2000 and each.received_at <= each.kept_at for each in found)
    assert call("aliyun", b" " * 600_000).status_code == 413


def test_a_stop_ends_what_messages_rest_on_at_once_for_all_who_have_the_phone(drain: Drain) -> None:
    person = agreeing()
    other = a_person("同号", PHONE, "other@example.org")
    with clock.fixed(at(1)):
        give_consent(other.pk, purpose="news", proof="信", actor=staff())
    a_plan(sms_zh="生日快乐。拒收请回复R", sms_en="Happy birthday. Reply R to stop")
    a_plan("news", date=at(23).date(), name="新品")
    night(23, drain)
    assert CareMessage.objects.filter(state="planned").count() == 3
    with clock.fixed(at(23, 9)):
        assert call("aliyun", [aliyun("　Ｒ ")]).status_code == 200  # nothing has swept
    assert set(states()) == {("stopped", "consent")}
    assert standing() == {"visits"}
    proof = Consent.objects.get(person=person, purpose="sms").withdrawal
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason) == ("ignored", "stop")
    assert all(part in proof for part in ("“Ｒ”", "138****0001", arrival.ref))
    with clock.fixed(at(23, 10)):
        told = list(Consent.objects.order_by("pk").values())
        call("aliyun", [aliyun("TD", 2)])
        drain()
    assert list(Consent.objects.order_by("pk").values()) == told, "said again it is the same no"
    assert not Ticket.objects.exists()
    with clock.fixed(at(24)):
        give_consent(person.pk, purpose="sms", proof="来电：又可以了", actor=staff())
    by_hand.open_for(arrival.ref, actor=staff())
    assert "sms" in standing(), "an old stop that is put on a ticket ends no younger yes"


def test_who_never_agreed_has_said_no_and_a_stranger_who_says_stop_is_seen(drain: Drain) -> None:
    person = a_person()
    call("tencent", tencent("退订"), SECRET[::-1])
    assert refusing([person.pk], Purpose.SMS) == {person.pk}
    call("aliyun", [aliyun("STOP", 5, phone="13900000009")])
    drain()
    waits = Arrival.objects.get(state="quarantined")
    by_hand.open_for(waits.ref, actor=staff())
    stranger = Person.objects.get(contact_points__value="+8613900000009")
    assert refusing([stranger.pk], Purpose.SMS) == {stranger.pk}
    assert Ticket.objects.get(person=stranger).messages.get().text == "STOP"


def test_other_words_go_where_they_belong(drain: Drain) -> None:
    order = an_order()
    ContactPoint.objects.filter(person=order.person, kind="email").delete()
    call("aliyun", [aliyun(f"订单{order.number}什么时候发票", 1)])
    drain()
    asked = Ticket.objects.get()
    assert (asked.kind, asked.channel, asked.order, asked.person) == ("question", "sms", order, order.person)
    call("aliyun", [aliyun("在吗", 2)])
    drain()
    assert list(asked.messages.order_by("pk").values_list("text", "channel")) == [
        (f"订单{order.number}什么时候发票", "sms"), ("在吗", "sms"),
    ]  # fmt: skip
    ret = a_return(order)
    drain()
    assert Notice.objects.filter(channel="sms", state="shown", template="return.submitted").exists()
    call("aliyun", [aliyun("寄出了", 3, send_time=""), aliyun(f"{asked.ref} 发票收到", 4, send_time="")])
    drain()
    placed = {each.external_id: (each.ticket, each.reason) for each in Arrival.objects.all()}
    assert placed == {
        "aliyun:1": (asked, "new"), "aliyun:2": (asked, "thread"), "aliyun:3": (ret.ticket, "answer"),
        "aliyun:4": (asked, "reference"),
    }  # fmt: skip
    assert not any(unread(clock.now()))
    Arrival.objects.filter(external_id="aliyun:2").delete()
    assert [row.external_id for rows in unread(clock.now()) for row in rows] == ["aliyun:2"], "the self-check misses it"


def test_they_go_on_where_a_merged_ticket_does(drain: Drain) -> None:
    order = an_order()
    ContactPoint.objects.filter(person=order.person, kind="email").delete()
    call("aliyun", [aliyun("什么时候发票", 1)])
    drain()
    source, into = Ticket.objects.get(), ask_question(order.pk, text="发票呢？", actor=customer(order))
    merge_tickets(source.pk, into.pk, actor=staff())
    call("aliyun", [aliyun("在吗", 2)])
    drain()
    assert Arrival.objects.latest("pk").ticket == into
    told = a_return(order).ticket
    drain()
    merge_tickets(into.pk, told.pk, actor=staff())
    call("aliyun", [aliyun("寄出了", 3, send_time="")])
    drain()
    later = Arrival.objects.latest("pk")
    assert (later.ticket, later.reason) == (told, "answer")


def test_an_answer_to_what_a_merged_ticket_told_goes_on_there_too(drain: Drain) -> None:
    order = an_order()
    ContactPoint.objects.filter(person=order.person, kind="email").delete()
    source, into = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("发票呢？", "在吗"))
    reply(source.pk, text="已开。", actor=staff())
    drain()
    merge_tickets(source.pk, into.pk, actor=staff())
    call("aliyun", [aliyun("收到", 1, send_time="")])
    drain()
    arrival = Arrival.objects.get()
    assert (arrival.ticket, arrival.reason) == (into, "answer")
    assert Ticket.objects.count() == 2


def test_the_walk_from_the_words_to_the_stop(drain: Drain, capsys: pytest.CaptureFixture[str]) -> None:
    """Over the pages alone: a manager types the plan, an agent the consent, the customer answers R, both read it."""
    person = born()
    ContactPoint.objects.filter(person=person, kind="email").delete()
    plan = a_plan()
    manager, agent = Visitor("zh-hans", member("manager")), Visitor("zh-hans", member("agent"))
    page = f"/desk/people/{person.ref}/"
    with clock.fixed(at(2)):
        manager.go(f"/office/customers/careplan/{plan.pk}/change/")
        manager.send(manager.form("sms_zh"), sms_zh="{name}生日快乐", sms_en="Happy birthday", active="on")
        assert "短信不写人名" in manager.page
        assert "须以“Reply R to stop”结尾" in manager.page
        typed = {"sms_zh": "生日快乐。拒收请回复R", "sms_en": "Happy birthday. Reply R to stop", "active": "on"}
        manager.send(manager.form("sms_zh"), **typed)
        assert CarePlan.objects.get().has_sms
        agent.go(f"{page}consent/")
        agent.send(agent.form("purpose", "proof"), purpose="sms", proof="11 月 2 日聊天")
    night(23, drain)
    with clock.fixed(at(23, 10)):
        drain()
        assert "【" in capsys.readouterr().out
        assert "短信 · 138****0001" in agent.go(page).page
        call("aliyun", [aliyun("R")])
        seen = agent.go(page).page
    assert "顾客发来的短信" in seen
    assert "短信回复“R”，138****0001" in seen
    again = CarePlan.objects.get()
    again.pk, again.name, again.planned_until = None, "再来一次", None
    again.save()
    night(23, drain)
    with clock.fixed(at(23, 12)):
        drain()
    assert capsys.readouterr().out == ""
    with clock.fixed(at(23, 12)):
        call("aliyun", [aliyun("明天能送到吗", 2, phone="13900000009")])
        drain()
        agent.go("/desk/mail/?q=13900000009")
        assert "明天能送到吗" in agent.page
        agent.go(f"/desk/mail/{Arrival.objects.get(external_id='aliyun:2').ref}/")
        assert "139****0009" in agent.page
        agent.send(agent.form(to="/ticket/"))
    assert Ticket.objects.get().channel == "sms"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_answers_at_once_are_one_and_a_stop_beside_the_sending_is_all_or_nothing(drain: Drain) -> None:
    person = agreeing()
    a_plan(sms_zh="生日快乐。拒收请回复R", sms_en="Happy birthday. Reply R to stop")
    night(23, drain)
    message, start = CareMessage.objects.get(), threading.Barrier(9)
    failures: list[BaseException] = []

    def beside(work: Any) -> threading.Thread:
        def run() -> None:
            try:
                start.wait(30)
                work()
            except BaseException as failure:
                failures.append(failure)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    stop = Reply(id="aliyun:1", sender=PHONE, text="R", at=at(23, 10))
    work = [lambda: take_reply(stop, actor=SYSTEM)] * 4
    work += [lambda: take_reply(Reply("aliyun:2", PHONE, "在吗", at(23, 10)), actor=SYSTEM)] * 4
    threads = [beside(each) for each in [*work, lambda: send_care(message.pk, at=at(23, 10))]]
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Inbox.objects.filter(source="sms").count() == Arrival.objects.count() == 2
    assert standing() == {"visits"}
    message.refresh_from_db()
    assert (message.state, message.why) == ("stopped", "consent"), "whoever was first, nothing is left to be sent"
    assert not CareMessage.objects.filter(notice__state="pending").exists()
    assert Consent.objects.filter(person=person, purpose="sms").count() == 1
    drain()
    assert Ticket.objects.get().messages.count() == 1
