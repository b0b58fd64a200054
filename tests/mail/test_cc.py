"""Who is in Cc: kept and shown, offered for the reply, told in a mail of their own; and what they write is theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives

from aftersales.desk.sent import ask, states_of
from aftersales.kernel.errors import BadInput
from aftersales.ledger.models import Event, Timer
from aftersales.ledger.record import timeline
from aftersales.notices.models import Notice
from customers.actions.people import add_contact
from tests.mail.conftest import SERVICE, letter
from tests.mail.imap_double import Box
from tests.notices.http_double import HttpDouble
from tests.world import a_person, an_order, customer, member, staff
from tickets.actions.chat.sources import set_secret
from tickets.actions.conversation import receive_message, reply, undo
from tickets.actions.mail import copies
from tickets.actions.questions import ask_question
from tickets.models import Arrival, Cc, ChatSource, Clock, Draft, MailAccount, Message, Ticket

Collect = Callable[[], int]
Drain = Callable[[], int]
LIN = "林梅 <lin.mei@example.org>"
ZHOU, WANG = "zhou@family.example", "wang@repair.example"


@pytest.fixture(autouse=True)
def no_mailbox_page(settings: Any) -> None:
    settings.MAILBOX = False


def a_ticket(box: Box, collect: Collect) -> Ticket:
    """About an order that the mail names; with a sister in Cc, the customer's own address and our mailbox."""
    order = an_order(person=a_person())
    box.put(
        letter(
            f"订单 {order.number} 的衣服小了", sender=LIN, subject="尺码", message_id="<one@q.example>",
            Cc=f"妹妹 <{ZHOU.upper()}>, {SERVICE}, service+x@shop.example, lin.mei@example.org, not an address",
        )
    )  # fmt: skip
    collect()
    ticket = Ticket.objects.get()
    assert ticket.order == order
    return ticket


def written() -> list[EmailMessage]:
    """What left of people's words; the shop may ask how the goods are meanwhile."""
    return [each for each in mail.outbox if each.extra_headers["Auto-Submitted"] == "no"]


def addresses(message: Message) -> list[str]:
    return [each.address for each in message.ccs.all()]


def test_a_copy_has_the_words_and_nothing_that_is_the_customers(
    box: Box, collect: Collect, drain: Drain, client: Any
) -> None:
    ticket = a_ticket(box, collect)
    assert addresses(ticket.messages.get()) == [ZHOU], "never our own, nor the writer's"
    client.force_login(member("agent"))
    page = client.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert ZHOU not in page, "addresses are masked"
    assert f'name="copied" value="{copies.key_of(ZHOU)}" checked' in page
    sent = {
        "text": "可以换大一码。", "key": "k" * 32, "seen": ticket.messages.get().pk, "internal": "no",
        "copied": copies.key_of(ZHOU), "cc": f"{WANG}； lin.mei@example.org",
    }  # fmt: skip
    for _time in range(2):
        client.post(f"/desk/tickets/{ticket.ref}/reply/", sent)
    message = ticket.messages.latest("pk")
    Message.objects.filter(pk=message.pk).update(send_at=message.at)
    Timer.objects.filter(kind="ticket.reply_due").update(due_at=message.at)
    drain()
    drain()
    whole, *rest = written()
    assert (whole.to, whole.extra_headers["Cc"]) == (["lin.mei@example.org"], f"{ZHOU}, {WANG}")
    assert ticket.order is not None
    assert ticket.order.number in str(whole.body)
    assert "http" in str(whole.body)
    assert [each.to for each in rest] == [[ZHOU], [WANG]]
    for copy in rest:
        assert isinstance(copy, EmailMultiAlternatives)
        told = "".join(str(each) for each in (copy.body, copy.alternatives[0][0], copy.message()))
        assert "可以换大一码。" in str(copy.body)
        assert "http" not in str(copy.body)
        for secret in (ticket.order.number, "lin.mei@example.org", "/questions/", "href"):
            assert secret not in told
        assert copy.extra_headers["In-Reply-To"] == "<one@q.example>"
    assert len({each.extra_headers["Message-ID"] for each in (whole, *rest)}) == 3
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == "已用邮件发出 · 抄送已发出"
    page = client.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert "w***@repair.example" in page
    Notice.objects.filter(template="ticket.copied").update(state="failed", error="5.1.1")
    assert "抄送：未发出：5.1.1" in states_of(ticket, ask(ticket).rows)[message.pk].words


def test_what_they_write_is_on_the_ticket_and_is_not_the_customers_word(
    box: Box, collect: Collect, drain: Drain, client: Any
) -> None:
    ticket = a_ticket(box, collect)
    reply(ticket.pk, text="请发照片。", actor=staff(), cc=[ZHOU])
    drain()
    copy = written()[1].extra_headers["Message-ID"]
    box.put(letter("我替她说：同意扣款", sender=f"周妹 <{ZHOU}>", In_Reply_To=copy, subject="别的"))
    box.put(letter("转给我了", sender="陌生人 <x@elsewhere.example>", In_Reply_To=copy))
    MailAccount.objects.update(has_plus_addresses=True)
    collect()
    theirs, passed_on = Arrival.objects.order_by("pk")[1:]
    for arrival, name in ((theirs, "周妹"), (passed_on, "陌生人")):
        assert (arrival.reason, arrival.ticket, arrival.remarks[-1][0]) == ("answer", ticket, "in_cc")
        assert arrival.message is not None
        assert (arrival.message.by, arrival.message.writer) == ("other", name)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on) == ("waiting", "customer"), "the customer is still waited for"
    assert ticket.due_at is not None, "but somebody must read it"
    assert not Clock.objects.open().filter(ticket=ticket, metric="next_response").exists()
    assert [each.name for each in timeline(ticket)][-2:] == ["ticket.cc_received"] * 2
    assert Event.objects.filter(name="ticket.message_received").count() == 1
    assert not Message.objects.public().filter(by="other").exists(), "no customer reads it"
    client.force_login(member("agent"))
    page = client.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert "周妹" in page
    assert "抄送人，不是顾客" in page
    reply(ticket.pk, text="好", actor=staff())
    drain()
    assert written()[2].to == ["lin.mei@example.org"]
    assert Ticket.objects.get(pk=ticket.pk).due_at is None, "read"
    assert copies.suggested(ticket) == [ZHOU], "as the customer's own last mail says"


def test_who_got_the_customers_mail_in_copy_goes_on_from_it_and_nobody_else_does(box: Box, collect: Collect) -> None:
    ticket = a_ticket(box, collect)
    box.put(letter("补充一句", sender=ZHOU, References="<one@q.example>", Cc=WANG))
    box.put(letter("我也来", sender="x@elsewhere.example", References="<one@q.example>"))
    box.put(letter("后来的", sender=WANG, subject=f"Re: {ticket.ref}"))
    collect()
    first, second, third = Arrival.objects.order_by("pk")[1:]
    assert (first.reason, first.ticket, first.message and first.message.by) == ("thread", ticket, "other")
    assert (second.reason, third.reason) == ("unknown_sender", "unknown_sender")
    assert third.suggested == ticket
    assert copies.suggested(ticket) == [ZHOU], "who they copied is not suggested: the customer did not"


def test_the_customers_subject_is_read_by_whom_they_copied_and_by_nobody_else(
    box: Box, collect: Collect, drain: Drain
) -> None:
    order = an_order(person=a_person())
    box.put(letter("小了", sender=LIN, subject=f"订单 {order.number}", message_id="<one@q.example>", Cc=ZHOU))
    collect()
    ticket = Ticket.objects.get()
    reply(ticket.pk, text="请发照片。", actor=staff(), cc=[ZHOU, WANG])
    drain()
    ours = written()[0].extra_headers["Message-ID"]
    box.put(
        letter(
            "同意", sender="x@elsewhere.example", subject=str(written()[0].subject), In_Reply_To=ours,
            Cc="spy@elsewhere.example",
        )
    )  # fmt: skip
    collect()
    reply(ticket.pk, text="好。", actor=staff(), cc=["spy@elsewhere.example"])
    drain()
    assert [(each.to[0], order.number in each.subject) for each in written()] == [
        ("lin.mei@example.org", True), (ZHOU, True), (WANG, False), ("lin.mei@example.org", True),
        ("spy@elsewhere.example", False),
    ]  # fmt: skip
    assert written()[2].subject == f"我们的回复抄送给您，{ticket.ref}"
    box.put(letter("先别告诉周", sender=LIN, subject=f"退款 {order.number}", In_Reply_To=ours))
    collect()
    reply(ticket.pk, text="明白。", actor=staff(), cc=[ZHOU])
    drain()
    assert [(each.to[0], order.number in each.subject) for each in written()[5:]] == [
        ("lin.mei@example.org", True), (ZHOU, False),
    ]  # fmt: skip


def test_who_answered_a_copy_that_was_passed_on_stays_somebody_else(box: Box, collect: Collect, drain: Drain) -> None:
    ticket = a_ticket(box, collect)
    reply(ticket.pk, text="请发照片。", actor=staff(), cc=[ZHOU])
    drain()
    copy = written()[1].extra_headers["Message-ID"]
    box.put(letter("转给我了", sender="x@elsewhere.example", In_Reply_To=copy, message_id="<x1@elsewhere.example>"))
    collect()
    box.put(letter("同意扣款", sender="x@elsewhere.example", In_Reply_To="<x1@elsewhere.example>"))
    collect()
    again = Arrival.objects.latest("pk")
    assert (again.reason, again.ticket, again.remarks[-1][0]) == ("thread", ticket, "in_cc")
    assert again.message is not None
    assert again.message.by == "other"
    add_contact(ticket.person_id, text="x@elsewhere.example", actor=staff())
    box.put(letter("是我", sender="x@elsewhere.example", In_Reply_To="<x1@elsewhere.example>"))
    collect()
    assert ticket.messages.latest("pk").by == "customer", "once the address is known as theirs"


def test_who_answers_a_mail_that_was_passed_on_names_nobody_who_is_then_suggested(
    box: Box, collect: Collect, drain: Drain
) -> None:
    ticket = a_ticket(box, collect)
    reply(ticket.pk, text="请发照片。", actor=staff())
    drain()
    ours = written()[0].extra_headers["Message-ID"]
    box.put(letter("同意", sender="x@elsewhere.example", In_Reply_To=ours, Cc="spy@elsewhere.example"))
    collect()
    planted = Arrival.objects.latest("pk")
    assert (planted.message and planted.message.by, planted.remarks[-1][0]) == ("customer", "other_address")
    assert copies.suggested(ticket) == [ZHOU], "as the last mail from an address of the customer's says"
    box.put(letter("好", sender=LIN, In_Reply_To=ours, Cc=WANG))
    collect()
    assert copies.suggested(ticket) == [WANG]


def test_what_is_no_address_to_copy_to_is_said_and_nothing_is_lost(
    box: Box, collect: Collect, client: Any, drain: Drain
) -> None:
    ticket = a_ticket(box, collect)
    many = [f"a{number}@x.example" for number in range(copies.MOST + 1)]
    for cc, words in (
        (["zhou@"], "“zhou@”不是"),
        ([f"Service+a@{SERVICE.partition('@')[2]}"], "我们自己的邮箱"),
        (many, "最多抄送 10 个地址，现在有 11 个"),
        (["a@x.example\nBcc: b@x.example"], "不是"),
    ):
        with pytest.raises(BadInput, match=words):
            reply(ticket.pk, text="好", actor=staff(), cc=cc)
    order = an_order(person=ticket.person)
    asked = ask_question(order.pk, text="在吗", actor=customer(order))
    with pytest.raises(BadInput, match="只有用邮件发出的回复"):
        reply(asked.pk, text="在", actor=staff(), cc=[WANG])
    assert not Cc.objects.exclude(address=ZHOU).exists()
    user = member("agent")
    client.force_login(user)
    sent = {"text": "好。", "key": "k" * 32, "internal": "no", "cc": f"{WANG}, zhou@"}
    answer = client.post(f"/desk/tickets/{ticket.ref}/reply/", sent)
    assert "“zhou@”不是" in answer.content.decode()
    page = client.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert f'value="{WANG}, zhou@"' in page
    assert f'value="{copies.key_of(ZHOU)}">' in page, "offered, and left out as it was"
    client.post(f"/desk/tickets/{ticket.ref}/reply/", sent | {"cc": WANG, "copied": [copies.key_of(ZHOU), "0" * 16]})
    message = ticket.messages.latest("pk")
    assert addresses(message) == [ZHOU, WANG]
    undo(message.pk, actor=user.as_actor())
    assert Draft.objects.get().cc == {"ticked": [ZHOU], "typed": WANG}
    drain()
    assert written() == []


@pytest.mark.parametrize(("channel", "told"), [("portal", "已用邮件通知"), ("chat", "已通过聊天发出")])
def test_copies_leave_although_the_customer_has_gone_over_to_another_way_meanwhile(
    box: Box, collect: Collect, drain: Drain, channel: str, told: str, settings: Any
) -> None:
    ticket = a_ticket(box, collect)
    assert ticket.order is not None
    Ticket.objects.update(channel="portal")  # opened by the form; by mail the customer only went on
    message = reply(ticket.pk, text="可以换。", actor=staff(), cc=[ZHOU])
    receive_message(ticket.pk, text="在吗", actor=customer(ticket.order), channel=channel)
    with HttpDouble() as double:
        settings.OUTBOUND_ALLOWED = [*settings.OUTBOUND_ALLOWED, double.authority]
        source = ChatSource.objects.create(
            key="q", name="千牛", platform="taobao", reply_url=f"http://{double.authority}/"
        )
        set_secret(source.pk, "s" * 40, actor=staff("manager"))
        asked = Arrival.objects.get()
        Arrival.objects.create(
            ref="M-2K7MQX94D", channel="chat", chat=source, sender="林家小妹", external_id="c1", ticket=ticket, state="placed",
            received_at=asked.received_at, kept_at=asked.kept_at,
        )  # fmt: skip
        drain()
        drain()
    copies_of = [each for each in written() if each.to == [ZHOU]]
    assert ["可以换。" in str(each.body) for each in copies_of] == [True]
    assert states_of(ticket, ask(ticket).rows)[message.pk].words == f"{told} · 抄送已发出"
