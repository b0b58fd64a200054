"""A reply on a ticket that its customer can open nowhere brings the words; whom nothing reaches is told of before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from aftersales.desk.sent import ask, states_of
from aftersales.kernel import clock
from aftersales.notices.models import Notice, Preference
from customers.models import ContactPoint, Person
from tests.notices.http_double import HttpDouble
from tests.world import a_person, an_order, member, staff
from tickets.actions.chat.receiving import Said, keep_chat
from tickets.actions.chat.sources import set_secret
from tickets.actions.conversation import reply
from tickets.actions.mail.placing import BY_MAIL
from tickets.actions.opening import open_ticket
from tickets.models import ChatSource, Ticket

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]
UNREAD = 'id="reply-unread"'


@pytest.fixture(autouse=True)
def no_mailbox_page(settings: Any) -> None:
    settings.MAILBOX = False


def a_call(person: Person, kind: str = "question", channel: str = "phone", order: Any = None) -> Ticket:
    return open_ticket(kind=kind, title="来电", person=person, order=order, actor=staff(), channel=channel)


def told(ticket: Ticket) -> list[tuple[str, str]]:
    about = Notice.objects.filter(about_type="tickets.ticket", about_id=ticket.pk, event__name="ticket.replied")
    return list(about.values_list("channel", "template"))


def the_mail() -> EmailMessage:
    (sent,) = (each for each in mail.outbox if "今天寄出" in str(each.body))
    return sent


@pytest.mark.parametrize("channel", ["phone", "counter", "sms", "chat"])
def test_without_an_order_the_words_are_mailed(channel: str, drain: Drain) -> None:
    ticket = a_call(a_person(), channel=channel)
    message = reply(ticket.pk, text="今天寄出", actor=staff())
    drain()
    assert "http" not in str(the_mail().body), "no page opens without an order"
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == "已用邮件发出"


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("task", "ticket.answered"),
        ("repair", "ticket.replied"),
        ("visit", "ticket.replied"),
        ("praise", "ticket.replied"),
    ],
)
def test_a_task_has_no_page_even_with_an_order(kind: str, template: str, drain: Drain) -> None:
    order = an_order()
    ticket = a_call(order.person, kind, order=order)
    reply(ticket.pk, text="今天寄出", actor=staff())
    drain()
    assert told(ticket) == [("email", template)]
    (sent,) = (each for each in mail.outbox if ticket.ref in each.subject)
    assert (f"/questions/{ticket.ref}/" in str(sent.body)) == (kind != "task")


def test_an_sms_that_leads_nowhere_is_not_sent(drain: Drain) -> None:
    person = a_person()
    ContactPoint.objects.filter(kind="email").delete()
    ticket = a_call(person)
    message = reply(ticket.pk, text="今天寄出", actor=staff())
    drain()
    assert told(ticket) == []
    assert "没有" in states_of(ticket, ask(ticket).rows)[message.pk].words


def test_who_would_rather_have_sms_gets_the_words_where_they_fit(drain: Drain) -> None:
    person = a_person()
    Preference.objects.create(
        recipient_type="customers.person", recipient_id=person.pk, channel="email", kind="service", allowed=False,
        changed_at=clock.now(),
    )  # fmt: skip
    ticket = a_call(person)
    reply(ticket.pk, text="今天寄出", actor=staff())
    drain()
    assert told(ticket) == [("email", "ticket.answered")]
    assert the_mail().to == ["lin.mei@example.org"]


def page_of(ticket: Ticket, client: Client) -> str:
    client.force_login(member("agent"))
    return client.get(f"/desk/tickets/{ticket.ref}/").content.decode()


def test_the_composer_says_whom_nothing_reaches(client: Client) -> None:
    order = an_order()
    ContactPoint.objects.filter(kind="email").delete()
    lost, on_page = a_call(order.person), a_call(order.person, "repair", order=order)
    mailed = a_call(a_person())
    assert [UNREAD in page_of(each, client) for each in (lost, on_page, mailed)] == [True, False, False]
    again = client.post(f"/desk/tickets/{lost.ref}/reply/", {"text": ""}, headers={"hx-request": "true"})
    assert UNREAD in again.content.decode()


def test_a_chat_that_takes_replies_reaches_them(client: Client, drain: Drain, settings: Any) -> None:
    order = an_order()
    Person.objects.update(nick="林家小妹")
    ContactPoint.objects.filter(kind="email").delete()
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        source = ChatSource.objects.create(key="qianniu", name="千牛", platform=order.platform)
        set_secret(source.pk, "s" * 40, actor=staff("manager"))
        keep_chat(source, Said("m1", "林家小妹", "在吗", clock.now()), actor=BY_MAIL)
        drain()
        ticket = Ticket.objects.get()
        assert UNREAD in page_of(ticket, client)
        ChatSource.objects.update(reply_url=f"http://{double.authority}/in")
        assert UNREAD not in page_of(ticket, client)
