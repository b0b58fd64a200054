"""The demo's mail program: what is written there takes the usual road; where there is no mailbox there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftersales.notices.message_ids import message_id_of
from aftersales.notices.models import Notice, Posted
from tests.world import an_order, customer, staff
from tickets.actions.conversation import reply
from tickets.actions.mail.accounts import add_account
from tickets.actions.questions import ask_question
from tickets.models import Arrival


@pytest.fixture
def demo(db: None, settings: Any) -> None:
    settings.MAILBOX = settings.DEMO = True
    settings.EMAIL_BACKEND = "aftersales.notices.mailbox.MailboxBackend"
    add_account("service@sample.example", actor=staff("manager"))


def test_an_answer_from_the_mailbox_reaches_its_ticket(demo: None, drain: Callable[[], int], client: Client) -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    reply(ticket.pk, text="在", actor=staff())
    drain()
    posted = Posted.objects.get(subject__contains=ticket.ref)
    assert posted.message_id == message_id_of(Notice.objects.get(channel="email", template="ticket.replied").pk)
    page = client.get(f"/mailbox/letters/?answers={posted.pk}").content.decode()
    assert posted.to in page
    given = {"sender": posted.to, "subject": "", "text": "谢谢", "answers": posted.message_id}
    assert client.post("/mailbox/letters/", given).status_code == 302
    drain()
    assert Arrival.objects.get().reason == "answer"
    assert ticket.messages.filter(text="谢谢", channel="email").exists()


def test_a_sender_that_is_none_is_said_at_the_field(demo: None, client: Client) -> None:
    assert client.post("/mailbox/letters/", {"sender": "nobody", "text": "x"}).status_code == 422
    assert not Arrival.objects.exists()


def test_without_the_mailbox_there_is_no_such_page(db: None, settings: Any, client: Client) -> None:
    settings.MAILBOX = False
    assert client.get("/mailbox/letters/").status_code == 404
    assert client.post("/mailbox/letters/", {"sender": "a@b.example", "text": "x"}).status_code == 404
