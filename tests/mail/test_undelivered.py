"""A reply that reached nobody, whichever way it left: the ticket is due, somebody hears, and nobody is closed as silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.ledger.models import Timer
from aftersales.ledger.record import timeline
from aftersales.notices.actions.telling import tell
from aftersales.notices.actions.undelivered import undelivered
from aftersales.notices.message_ids import message_id_of
from aftersales.notices.models import Notice
from customers.models import ContactPoint, Shipment
from tests.mail.conftest import bounce, letter
from tests.mail.imap_double import Box
from tests.notices.http_double import Answer, HttpDouble
from tests.world import a_person, an_order, customer, member, staff
from tickets.actions import silence
from tickets.actions.assignment import assign
from tickets.actions.chat.sources import set_secret
from tickets.actions.conversation import receive_message, reply
from tickets.actions.conversation.undelivered import did_not_arrive
from tickets.actions.duty import go_off_duty
from tickets.actions.questions import ask_question
from tickets.models import Arrival, ChatSource, Clock, Message, Queue, Ticket

pytestmark = pytest.mark.django_db
Step = Callable[[], int]
TOLD = "ticket.reply_undelivered"


def a_question() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="能修吗？", actor=customer(order))


def answered(ticket: Ticket, drain: Step, text: str = "请把照片发给我们。") -> Message:
    message = reply(ticket.pk, text=text, actor=staff())
    drain()
    return message


def mail_about(message: Message) -> Notice:
    return Notice.objects.get(channel="email", event__name="ticket.replied", event__data__message=message.pk)


def gives_back(message: Message, drain: Step) -> None:
    assert undelivered(mail_about(message).pk, status="5.1.1")
    drain()


def who_heard() -> list[int]:
    return list(Notice.objects.filter(template=TOLD).order_by("recipient_id").values_list("recipient_id", flat=True))


def resolution(ticket: Ticket) -> str:
    clock_of_it: Clock = Clock.objects.get(ticket=ticket, metric="resolution")
    return str(clock_of_it.state)


def test_a_bounced_reply_is_somebodys_turn_again(box: Box, collect: Step, drain: Step) -> None:
    Queue.objects.update(remind_after=None, close_after=3)
    a_person()
    box.put(letter("能修吗？"))
    collect()
    ticket = Ticket.objects.get()
    Queue.objects.filter(pk=ticket.queue_id).update(close_after=3)
    assign(ticket.pk, user_id=member("agent").pk, actor=staff("lead"))
    message = answered(ticket, drain)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at, resolution(ticket)) == ("waiting", None, "paused")
    assert Timer.objects.pending().filter(kind=silence.CLOSES).exists()
    for _time in range(2):
        box.put(bounce(message_id_of(mail_about(message).pk)))
        collect()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on, resolution(ticket)) == ("open", "", "running")
    assert ticket.due_at is not None
    assert ticket.due_at <= clock.now()
    assert not Timer.objects.pending().filter(kind__in=(silence.REMINDS, silence.CLOSES)).exists()
    assert who_heard() == [member("agent").pk]
    told = [event.name for event in timeline(ticket)]
    assert [told.count(name) for name in ("ticket.mail_bounced", TOLD, "ticket.resumed")] == [1, 1, 1]
    assert not Clock.objects.filter(ticket=ticket, metric="next_response").exists(), "nobody has written since"
    reply(ticket.pk, text="换个地址再试。", actor=staff())
    assert Ticket.objects.filter(pk=ticket.pk, status="waiting", due_at=None).exists()


def test_without_an_assignee_the_leads_of_the_team_hear(drain: Step) -> None:
    team = Team.objects.create(name="甲组")
    own, _other = member("lead", "own"), member("lead", "other")
    User.objects.filter(pk=own.pk).update(team=team)
    ticket = a_question()
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    gives_back(answered(ticket, drain), drain)
    assert who_heard() == [own.pk]


def test_while_whoever_has_it_is_off_duty_the_leads_hear_too(drain: Step) -> None:
    ticket, away, lead = a_question(), member("agent"), member("lead")
    assign(ticket.pk, user_id=away.pk, actor=staff("lead"))
    message = answered(ticket, drain)
    go_off_duty(away.pk, actor=away.as_actor())
    gives_back(message, drain)
    assert who_heard() == sorted([away.pk, lead.pk])


def test_one_that_the_carrier_refuses_counts_alike(drain: Step, settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMS_TEMPLATE_CODES = "aliyun", {}
    ContactPoint.objects.all().delete()
    ticket = a_question()
    ContactPoint.objects.filter(kind="email").delete()
    answered(ticket, drain)
    ticket.refresh_from_db()
    assert (Notice.objects.get(template="ticket.replied").state, ticket.status) == ("failed", "open")


@pytest.mark.parametrize(("channel", "template", "status"), [
    ("email", "ticket.answered", "open"), ("portal", "ticket.replied", "waiting"),
])  # fmt: skip
def test_words_that_are_held_back_count_alike_and_news_of_the_page_do_not(
    drain: Step, monkeypatch: pytest.MonkeyPatch, channel: str, template: str, status: str
) -> None:
    monkeypatch.setattr("aftersales.notices.caps.is_reached", lambda *_asked: True)
    ticket = a_question()
    Ticket.objects.filter(pk=ticket.pk).update(channel=channel)
    answered(ticket, drain)
    ticket.refresh_from_db()
    assert (Notice.objects.get(template=template).state, ticket.status) == ("capped", status)


def test_one_that_the_chat_tool_refuses_counts_alike(drain: Step, settings: Any) -> None:
    source = ChatSource.objects.create(key="qianniu", name="千牛", platform="taobao")
    set_secret(source.pk, "s" * 40, actor=staff("manager"))
    ticket = a_question()
    said = receive_message(ticket.pk, text="在吗", actor=customer(ticket.order), channel="chat")  # type: ignore[arg-type]
    Arrival.objects.create(
        ref="M-000000001", channel="chat", chat=source, external_id="m1", sender="林家小妹", state="placed",
        ticket=ticket, message=said, received_at=said.at, kept_at=said.at,
    )  # fmt: skip
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        ChatSource.objects.update(reply_url=f"http://{double.authority}/in")
        double.answers = [Answer(404)]
        answered(ticket, drain)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on) == ("open", "")
    assert [event.name for event in timeline(ticket)].count(TOLD) == 1


def test_what_was_told_in_another_way_too_has_arrived(drain: Step) -> None:
    ticket = a_question()
    message = answered(ticket, drain)
    mail = mail_about(message)
    Notice.objects.create(
        key="sms:of-it", channel="sms", template=mail.template, locale=mail.locale, event=mail.event, state="sent",
        recipient_type=mail.recipient_type, recipient_id=mail.recipient_id, at=mail.at,
    )  # fmt: skip
    gives_back(message, drain)
    ticket.refresh_from_db()
    assert (ticket.status, who_heard()) == ("waiting", [])


def test_after_a_later_reply_it_is_told_and_the_ticket_waits_on(drain: Step) -> None:
    ticket = a_question()
    first = answered(ticket, drain)
    answered(ticket, drain, "还有一件事。")
    member("lead", "own")
    for _time in range(2):
        did_not_arrive(first.pk, at=clock.now())
        drain()
    ticket.refresh_from_db()
    assert (ticket.status, len(who_heard())) == ("waiting", 1)


def test_a_report_about_no_ticket_marks_the_notice_and_waits_for_nobody(box: Box, collect: Step, drain: Step) -> None:
    order = an_order()
    shipment = Shipment.objects.get(order=order)
    params = {
        "ref": "", "order_number": order.number, "status_url": "https://x.example", "carrier": "顺丰", "number": shipment.number,
    }  # fmt: skip
    (news,) = tell(order.person, "shipment.signed", params, key="news")
    drain()
    Notice.objects.update(state="sent")
    for _time in range(2):
        box.put(bounce(message_id_of(news.pk)))
    collect()
    news.refresh_from_db()
    assert (news.state, "5.1.1" in news.error) == ("failed", True)
    assert set(Arrival.objects.values_list("state", "reason")) == {("ignored", "bounce")}
