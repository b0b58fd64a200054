"""A reply to who wrote by mail leaves by mail, in its own words, in the thread, once; and the ticket says what became of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from PIL import Image

from aftersales.desk.sent import ask, states_of
from aftersales.ledger.models import Outbound
from aftersales.notices.message_ids import notice_of
from aftersales.notices.models import Notice
from customers.models import ContactPoint, Shop
from tests.mail.conftest import SERVICE, letter
from tests.mail.imap_double import Box
from tests.world import a_person, an_order, attach, customer, staff
from tickets.actions.conversation import reply
from tickets.actions.questions import ask_question
from tickets.models import Arrival, MailAccount, Ticket

Collect = Callable[[], int]
Drain = Callable[[], int]
LIN = "林梅 <lin.mei@example.org>"


@pytest.fixture(autouse=True)
def no_mailbox_page(settings: Any) -> None:
    settings.MAILBOX = False


def a_mail_ticket(box: Box, collect: Collect, **headers: str) -> Ticket:
    a_person()
    box.put(letter("衣服小了", sender=LIN, subject="Re: 尺码", message_id="<their@q.example>", **headers))
    collect()
    return Ticket.objects.get()


def test_the_words_go_out_in_the_thread_once(box: Box, collect: Collect, drain: Drain) -> None:
    ticket = a_mail_ticket(box, collect)
    message = reply(ticket.pk, text="可以换 <b>大一码</b>。", actor=staff())
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == "排队中"
    drain()
    drain()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert sent.to == ["lin.mei@example.org"]
    assert sent.subject == f"回复：尺码 [{ticket.ref}]"
    assert "可以换 <b>大一码</b>。" in str(sent.body)
    assert "&lt;b&gt;大一码" in str(sent.alternatives[0][0]), "never as HTML of its own"
    headers = sent.extra_headers
    assert headers["In-Reply-To"] == headers["References"] == "<their@q.example>"
    assert (headers["Reply-To"], headers["Auto-Submitted"]) == (SERVICE, "no")
    number = notice_of(headers["Message-ID"])
    assert Notice.objects.get(pk=number or 0).template == "ticket.answered"
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == "已用邮件发出"
    assert Outbound.objects.get(channel="email").payload == {"blanked": True}


def test_their_answer_comes_back_to_the_ticket_and_the_next_reply_goes_on(
    box: Box, collect: Collect, drain: Drain
) -> None:
    ticket = a_mail_ticket(box, collect)
    reply(ticket.pk, text="一", actor=staff())
    drain()
    ours = mail.outbox[0].extra_headers["Message-ID"]
    box.put(letter("好", sender=LIN, message_id="<second@q.example>", In_Reply_To=ours, subject="完全不同"))
    collect()
    assert Arrival.objects.latest("pk").ticket == ticket
    reply(ticket.pk, text="二", actor=staff())
    drain()
    assert mail.outbox[1].extra_headers["References"] == "<their@q.example> <second@q.example>"
    assert mail.outbox[1].extra_headers["In-Reply-To"] == "<second@q.example>"


def test_it_goes_to_the_address_they_wrote_from(box: Box, collect: Collect, drain: Drain) -> None:
    person = a_person()
    ContactPoint.objects.create(person=person, kind="email", value="mei@work.example", created_at=person.created_at)
    box.put(letter(sender="mei@work.example"))
    collect()
    reply(Ticket.objects.get().pk, text="好", actor=staff())
    drain()
    assert mail.outbox[0].to == ["mei@work.example"]


def test_a_plus_address_brings_the_answer_back_without_any_id(box: Box, collect: Collect, drain: Drain) -> None:
    MailAccount.objects.update(has_plus_addresses=True)
    ticket = a_mail_ticket(box, collect)
    reply(ticket.pk, text="好", actor=staff())
    drain()
    address = mail.outbox[0].extra_headers["Reply-To"]
    assert address.startswith(f"service+{ticket.ref.lower()}.")
    box.put(letter("没有编号", sender="other@q.example", Delivered_To=address))
    collect()
    assert ticket.messages.filter(text="没有编号").exists()


def test_who_came_by_the_form_is_told_and_reads_on_the_page(account: MailAccount, drain: Drain) -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    message = reply(ticket.pk, text="秘密的话", actor=staff())
    drain()
    assert "秘密的话" not in str(mail.outbox[0].body)
    assert mail.outbox[0].extra_headers["Reply-To"] == SERVICE
    assert "回复本邮件" in str(mail.outbox[0].body)
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == "已用邮件通知"


def test_the_shop_may_mail_the_words_to_everybody(account: MailAccount, drain: Drain) -> None:
    order = an_order()
    Shop.objects.update(mails_words=True)
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    reply(ticket.pk, text="今天寄出", actor=staff())
    drain()
    assert "今天寄出" in str(mail.outbox[0].body)
    assert f"/questions/{ticket.ref}/" in str(mail.outbox[0].body)


def test_without_a_mailbox_nobody_is_asked_to_answer_the_mail(db: None, drain: Drain) -> None:
    order = an_order()
    reply(ask_question(order.pk, text="在吗", actor=customer(order)).pk, text="在", actor=staff())
    drain()
    assert "Reply-To" not in mail.outbox[0].extra_headers
    assert "请勿直接回复" in str(mail.outbox[0].body)


def test_photos_of_a_reply_go_with_it(box: Box, collect: Collect, drain: Drain) -> None:
    ticket = a_mail_ticket(box, collect)
    message = reply(ticket.pk, text="请看图", actor=staff())
    file = io.BytesIO()
    Image.new("RGB", (200, 200), "red").save(file, "PNG")
    from django.core.files.uploadedfile import SimpleUploadedFile

    attach(SimpleUploadedFile("a.png", file.getvalue()), on=message, actor=staff())
    drain()
    (name, body, kind) = mail.outbox[0].attachments[0]
    assert (name.endswith(".jpg"), body[:2], kind) == (True, b"\xff\xd8", "image/jpeg")


def test_the_ticket_says_what_became_of_it(box: Box, collect: Collect, drain: Drain) -> None:
    ticket = a_mail_ticket(box, collect)
    message = reply(ticket.pk, text="好", actor=staff())
    drain()
    Notice.objects.filter(template="ticket.answered").update(state="unknown")
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == "可能已发送"
    Notice.objects.filter(template="ticket.answered").update(state="failed", error="5.1.1")
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == "未发出：5.1.1"
    ContactPoint.objects.all().delete()
    last = reply(ticket.pk, text="再见", actor=staff())
    drain()
    assert "没有" in states_of(ticket, ask(ticket).rows)[last.pk].words


def test_the_page_shows_it_with_the_quoted_history_folded(
    box: Box, collect: Collect, drain: Drain, client: Any
) -> None:
    from tests.world import member

    a_person()
    box.put(
        letter(
            "新的话\n\n在 2026年11月1日，客服 <s@shop.example> 写道：\n> 旧的话", sender=LIN, message_id="<t@q.example>"
        )
    )
    collect()
    ticket = Ticket.objects.get()
    reply(ticket.pk, text="好", actor=staff())
    drain()
    client.force_login(member("agent"))
    page = client.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert "已用邮件发出" in page
    assert "引用的往来邮件" in page
    assert Arrival.objects.get().ref in page
