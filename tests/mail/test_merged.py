"""A conversation that is merged, taken apart again or split keeps the way by which its customer is heard and hears."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from aftersales.kernel import clock
from aftersales.notices.models import Notice
from customers.models import ContactPoint, Order, Person
from tests.mail.conftest import letter
from tests.mail.imap_double import Box
from tests.notices.http_double import HttpDouble
from tests.world import an_order, customer, member, staff
from tickets.actions.chat.receiving import Said, keep_chat
from tickets.actions.chat.sources import set_secret
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message, reply
from tickets.actions.mail.placing import BY_MAIL
from tickets.actions.merging import merge_tickets, unmerge
from tickets.actions.questions import ask_question
from tickets.actions.splitting import split_ticket
from tickets.models import Arrival, ChatSource, MailAccount, Ticket

Drain = Callable[[], int]
Collect = Callable[[], int]
LIN = "林梅 <lin.mei@example.org>"


@pytest.fixture(autouse=True)
def no_mailbox_page(settings: Any) -> None:
    settings.MAILBOX = False


@pytest.fixture
def order(db: None) -> Order:
    order = an_order()
    Person.objects.filter(pk=order.person_id).update(nick="林家小妹")
    return order


@pytest.fixture
def tool(db: None, settings: Any) -> Iterator[HttpDouble]:
    """The chat tool, which takes replies."""
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [double.authority]
        source = ChatSource.objects.create(
            key="qianniu", name="千牛", platform="taobao", reply_url=f"http://{double.authority}/in"
        )
        set_secret(source.pk, "s" * 40, actor=staff("manager"))
        yield double


def chats(number: int, text: str) -> Arrival:
    source = ChatSource.objects.get()
    arrival = keep_chat(source, Said(f"m{number}", "林家小妹", text, clock.now()), actor=BY_MAIL)
    assert arrival is not None
    return arrival


def placed(number: int, text: str, drain: Drain) -> Ticket:
    """The ticket on which a line of the chat arrives."""
    arrival = chats(number, text)
    drain()
    arrival.refresh_from_db()
    assert arrival.message is not None
    return arrival.message.ticket


def taken(tool: HttpDouble) -> list[tuple[str, str, str]]:
    told = [json.loads(each.body) for each in tool.requests]
    return [(each["buyer"], each["answers"], each["text"]) for each in told]


def told(ticket: Ticket) -> list[str]:
    """The notices of replies on it."""
    about = Notice.objects.filter(about_type="tickets.ticket", about_id=ticket.pk, event__name="ticket.replied")
    return list(about.values_list("template", flat=True))


def asked(order: Order, text: str = "发票呢？") -> Ticket:
    return ask_question(order.pk, text=text, actor=customer(order))


def test_a_chat_that_was_merged_goes_on_where_its_work_does(order: Order, tool: HttpDouble, drain: Drain) -> None:
    into = asked(order)
    source = placed(1, "在吗", drain)
    merge_tickets(source.pk, into.pk, actor=staff())
    assert placed(2, "还在吗", drain) == into
    reply(into.pk, text="在。", actor=staff())
    drain()
    drain()
    assert taken(tool) == [("林家小妹", "m2", "在。")]
    assert told(into) == []
    close_ticket(into.pk, actor=staff())
    assert placed(3, "新问题", drain) not in (into, source), "what is over is not taken up by a chat"


def test_a_reply_leaves_by_chat_though_nothing_was_said_since_the_merge(
    order: Order, tool: HttpDouble, drain: Drain
) -> None:
    into = asked(order)
    source = placed(1, "在吗", drain)
    merge_tickets(source.pk, into.pk, actor=staff())
    reply(into.pk, text="在。", actor=staff())
    drain()
    drain()
    assert taken(tool) == [("林家小妹", "m1", "在。")]


def test_a_merge_that_is_undone_leaves_each_with_its_own(order: Order, tool: HttpDouble, drain: Drain) -> None:
    into = asked(order)
    source = placed(1, "在吗", drain)
    merge_tickets(source.pk, into.pk, actor=staff())
    unmerge(source.pk, actor=staff())
    assert placed(2, "还在吗", drain) == source
    reply(source.pk, text="在。", actor=staff())
    reply(into.pk, text="已开。", actor=staff())
    drain()
    drain()
    assert taken(tool) == [("林家小妹", "m2", "在。")]
    assert (told(source), told(into)) == ([], ["ticket.replied"])


def test_what_is_split_off_a_chat_is_answered_by_chat(order: Order, tool: HttpDouble, drain: Drain) -> None:
    ticket = placed(1, "在吗", drain)
    assert placed(2, "另外，要发票", drain) == ticket
    second = ticket.messages.get(text="另外，要发票")
    new = split_ticket(ticket.pk, [second.pk], title="发票", actor=staff())
    reply(new.pk, text="已开。", actor=staff())
    reply(ticket.pk, text="在。", actor=staff())
    drain()
    drain()
    assert sorted(taken(tool)) == [("林家小妹", "m1", "在。"), ("林家小妹", "m2", "已开。")]


def sent_to(address: str) -> list[EmailMessage]:
    return [each for each in mail.outbox if each.to == [address]]


def by_mail(box: Box, collect: Collect, order: Order, number: int = 1, **headers: str) -> Ticket:
    """Lin Mei writes from her office about her order."""
    ContactPoint.objects.get_or_create(
        person=order.person, kind="email", value="mei@work.example", defaults={"created_at": clock.now()}
    )
    words = f"订单 {order.number}：衣服小了 {number}"
    box.put(
        letter(words, sender="mei@work.example", subject="尺码", message_id=f"<their{number}@q.example>", **headers)
    )
    collect()
    found = Arrival.objects.latest("pk").ticket
    assert found is not None
    return found


def test_who_wrote_by_mail_gets_the_words_in_their_thread_after_a_merge_and_each_its_own_after_an_undo(
    box: Box, collect: Collect, drain: Drain, order: Order, client: Any
) -> None:
    into = asked(order)
    source = by_mail(box, collect, order)
    merge_tickets(source.pk, into.pk, actor=staff())
    client.force_login(member("agent"))
    assert 'id="reply-copies"' in client.get(f"/desk/tickets/{into.ref}/").content.decode()
    reply(into.pk, text="可以换。", actor=staff(), cc=["zhou@family.example"])
    drain()
    (own,), (copy,) = sent_to("mei@work.example"), sent_to("zhou@family.example")
    assert own.extra_headers["In-Reply-To"] == "<their1@q.example>"
    assert "可以换。" in str(own.body)
    assert "可以换。" in str(copy.body)
    unmerge(source.pk, actor=staff())
    reply(into.pk, text="发票已开。", actor=staff())
    reply(source.pk, text="换大一码。", actor=staff())
    drain()
    assert "换大一码。" in str(sent_to("mei@work.example")[1].body)
    assert told(into) == ["ticket.answered", "ticket.copied", "ticket.replied"]


def test_the_mailbox_to_which_they_wrote_goes_on_speaking_after_a_merge(
    box: Box, collect: Collect, drain: Drain, order: Order
) -> None:
    into = asked(order)
    source = by_mail(box, collect, order)
    first = MailAccount.objects.get()
    MailAccount.objects.create(
        address="later@shop.example", host="127.0.0.1", port=1, user="x", begins_at=clock.now(), queue=into.queue
    )
    merge_tickets(source.pk, into.pk, actor=staff())
    reply(into.pk, text="可以换。", actor=staff())
    drain()
    assert sent_to("mei@work.example")[0].extra_headers["Reply-To"] == first.address


def test_what_is_split_off_a_mail_is_answered_in_its_thread(
    box: Box, collect: Collect, drain: Drain, order: Order
) -> None:
    ticket = by_mail(box, collect, order)
    assert by_mail(box, collect, order, 2, In_Reply_To="<their1@q.example>") == ticket
    second = ticket.messages.get(text__endswith=" 2")
    new = split_ticket(ticket.pk, [second.pk], title="另一件", actor=staff())
    receive_message(ticket.pk, text="好", actor=customer(order))
    reply(new.pk, text="可以换。", actor=staff())
    drain()
    assert sent_to("mei@work.example")[0].extra_headers["References"] == "<their2@q.example>"
