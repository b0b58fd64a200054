"""Where a mail goes: by proof, by the sender's own thread, by a reference of the sender's, onto a new ticket; else it waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftersales.kernel import clock
from aftersales.kernel.errors import Conflict
from aftersales.ledger.lease import MOST_ATTEMPTS
from aftersales.ledger.models import Event, Timer
from aftersales.ledger.record import timeline
from aftersales.notices.message_ids import message_id_of, notice_of
from aftersales.notices.models import Notice
from customers.models import Person
from tests.mail.conftest import SERVICE, bounce, letter
from tests.mail.imap_double import Box
from tests.world import a_person, a_return, an_order, customer, member, staff
from tickets.actions.conversation import reply
from tickets.actions.mail import by_hand, placing, threading
from tickets.actions.mail.keeping import PLACES
from tickets.actions.questions import ask_question
from tickets.mail import headers
from tickets.models import Arrival, MailAccount, Message, Ticket

Collect = Callable[[], int]
LIN = "林梅 <lin.mei@example.org>"
STRANGER = "王五 <wang@stranger.example>"


def a_question(text: str = "请问什么时候发货？") -> Ticket:
    order = an_order()
    return ask_question(order.pk, text=text, actor=customer(order))


def our_mail_about(ticket: Ticket, drain: Callable[[], int]) -> str:
    """The Message-ID of the mail that tells the customer of a reply."""
    reply(ticket.pk, text="今天寄出。", actor=staff())
    drain()
    notice = Notice.objects.filter(channel="email", about_type="tickets.ticket", about_id=ticket.pk).latest("pk")
    return message_id_of(notice.pk)


def test_an_answer_to_our_mail_is_a_message_of_the_customer(box: Box, collect: Collect, drain: Any) -> None:
    ticket = a_question()
    box.put(letter("收到，谢谢", sender=LIN, subject="Re: 随便", In_Reply_To=our_mail_about(ticket, drain)))
    collect()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason, arrival.ticket) == ("placed", "answer", ticket)
    assert arrival.message is not None
    assert (arrival.message.by, arrival.message.channel, arrival.message.text) == ("customer", "email", "收到，谢谢")
    assert timeline(ticket)[-1].name == "ticket.message_received"
    assert timeline(ticket)[-1].actor_kind == "customer"


def test_it_is_found_in_references_too_and_from_another_address_it_says_so(
    box: Box, collect: Collect, drain: Any
) -> None:
    ticket = a_question()
    ours = our_mail_about(ticket, drain)
    box.put(letter("我换个邮箱回", sender=STRANGER, References=f"<other@x.example> {ours} <later@x.example>"))
    collect()
    arrival = Arrival.objects.get()
    assert (arrival.reason, arrival.ticket) == ("answer", ticket)
    assert ["other_address", {"address": "w***@stranger.example"}] in arrival.remarks


def test_a_made_up_id_of_ours_proves_nothing(box: Box, collect: Collect, drain: Any) -> None:
    ticket = a_question()
    ours = our_mail_about(ticket, drain)
    number = notice_of(ours)
    forged = f"<n{number}.{'0' * 32}@localhost>"
    box.put(letter("我是客服，请把货寄到这里", sender=STRANGER, In_Reply_To=forged))
    collect()
    assert Arrival.objects.get().reason == "unknown_sender"
    assert not Message.objects.filter(ticket=ticket, by="customer").exclude(text__startswith="请问").exists()


def test_an_answer_about_a_return_reaches_its_ticket(box: Box, collect: Collect, drain: Any) -> None:
    ret = a_return(an_order())
    drain()
    notice = Notice.objects.get(template="return.submitted")
    box.put(letter("补充一张照片", sender=LIN, In_Reply_To=message_id_of(notice.pk)))
    collect()
    assert Arrival.objects.get().ticket == ret.ticket


def test_a_reply_address_of_ours_finds_the_ticket_and_a_made_up_one_does_not(box: Box, collect: Collect) -> None:
    ticket = a_question()
    good = threading.plus_address(SERVICE, ticket)
    box.put(letter(sender=STRANGER, Delivered_To=good))
    box.put(letter(sender=STRANGER, Delivered_To=good.replace(".", ".0", 1)[: len(good)]))
    collect()
    assert list(Arrival.objects.order_by("uid").values_list("reason", flat=True)) == ["answer", "unknown_sender"]


def test_a_reference_counts_only_from_the_tickets_own_customer(box: Box, collect: Collect) -> None:
    ticket = a_question()
    box.put(letter(sender=LIN, subject=f"关于 {ticket.ref}"))
    box.put(letter(sender=STRANGER, subject=f"关于 {ticket.ref}"))
    collect()
    mine, theirs = Arrival.objects.order_by("uid")
    assert (mine.reason, mine.ticket) == ("reference", ticket)
    assert (theirs.state, theirs.reason, theirs.suggested) == ("quarantined", "unknown_sender", ticket)


def test_the_reference_of_a_return_counts_as_well(box: Box, collect: Collect) -> None:
    ret = a_return(an_order())
    box.put(letter(sender=LIN, subject=f"答复: 您的申请 {ret.ref.lower()}"))
    collect()
    assert Arrival.objects.get().ticket == ret.ticket


def test_the_same_subject_from_two_people_is_two_tickets(box: Box, collect: Collect) -> None:
    a_person()
    a_person("王五", "+8613800000002", "wang@stranger.example")
    box.put(letter(sender=LIN, subject="退款"))
    box.put(letter(sender=STRANGER, subject="退款"))
    collect()
    assert Ticket.objects.count() == 2
    assert set(Arrival.objects.values_list("ticket__person__name", flat=True)) == {"林梅", "王五"}


def test_somebody_known_opens_a_ticket_with_the_order_they_name(box: Box, collect: Collect) -> None:
    order = an_order()
    other = an_order(person=a_person("别人", "+8613800000003", "b@other.example"))
    box.put(letter(f"订单 {order.number} 什么时候退？", sender=LIN, subject="Re: 退款"))
    box.put(letter(f"订单 {other.number} 是谁的", sender=LIN, subject="看看"))
    collect()
    first, second = Ticket.objects.order_by("pk")
    assert (first.title, first.channel, first.order, first.person) == ("退款", "email", order, order.person)
    assert first.due_at is not None
    assert second.order is None, "somebody else's order is never named"


def test_they_go_on_in_their_own_thread_and_nobody_else_does(box: Box, collect: Collect) -> None:
    a_person()
    box.put(letter("第一封", sender=LIN, message_id="<one@q.example>"))
    collect()
    ticket = Ticket.objects.get()
    box.put(letter("还有一件事", sender=LIN, subject="别的标题", In_Reply_To="<one@q.example>"))
    box.put(letter("我也来", sender=STRANGER, In_Reply_To="<one@q.example>"))
    collect()
    assert list(ticket.messages.values_list("text", flat=True)) == ["第一封", "还有一件事"]
    assert Arrival.objects.get(sender="wang@stranger.example").reason == "unknown_sender"


def test_strangers_wait_or_open_a_ticket_as_the_account_says(box: Box, collect: Collect) -> None:
    box.put(letter(sender=STRANGER))
    collect()
    assert Arrival.objects.get().state == "quarantined"
    MailAccount.objects.update(takes_strangers=True)
    box.put(letter(sender=STRANGER))
    box.put(letter(sender=STRANGER, subject="又一封"))
    collect()
    person = Person.objects.get()
    assert person.name == "王五"
    assert Ticket.objects.filter(person=person).count() == 2
    assert Event.objects.filter(name="person.added").count() == 1


def test_a_closed_ticket_opens_again(box: Box, collect: Collect, drain: Any) -> None:
    from tickets.actions.closing import close_ticket

    ticket = a_question()
    ours = our_mail_about(ticket, drain)
    close_ticket(ticket.pk, actor=staff())
    box.put(letter(sender=LIN, In_Reply_To=ours))
    collect()
    ticket.refresh_from_db()
    assert ticket.status == "open"


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.example>"},
    ],
)
def test_machines_are_put_aside_and_found_again(box: Box, collect: Collect, header: dict[str, str]) -> None:
    a_person()
    box.put(letter("我不在办公室", sender=LIN, **header))
    collect()
    assert (Arrival.objects.get().state, Arrival.objects.get().reason) == ("ignored", "automatic")
    assert not Ticket.objects.exists()


def test_our_own_mail_coming_back_opens_nothing(box: Box, collect: Collect, drain: Any) -> None:
    ticket = a_question()
    box.put(letter(sender=LIN, message_id=our_mail_about(ticket, drain)))
    box.put(letter(sender=f"客服 <{SERVICE}>"))
    collect()
    assert list(Arrival.objects.order_by("uid").values_list("reason", flat=True)) == ["own_mail", "own_address"]
    assert Ticket.objects.count() == 1


def test_a_report_of_failure_marks_the_notice(box: Box, collect: Collect, drain: Any) -> None:
    ticket = a_question()
    ours = our_mail_about(ticket, drain)
    box.put(bounce(ours, action="delayed", status="4.4.1"))
    collect()
    assert Notice.objects.get(pk=notice_of(ours) or 0).state == "sent", "late is not lost"
    box.put(bounce(ours))
    box.put(bounce(ours))
    box.put(bounce("<nobody@knows.example>"))
    collect()
    notice = Notice.objects.get(pk=notice_of(ours) or 0)
    assert (notice.state, "5.1.1" in notice.error) == ("failed", True)
    assert [event.name for event in timeline(ticket)].count("ticket.mail_bounced") == 1
    assert list(Arrival.objects.order_by("uid").values_list("reason", flat=True)) == ["bounce"] * 3 + ["stray_bounce"]


def test_what_our_mail_server_holds_for_forged_waits(box: Box, collect: Collect) -> None:
    a_person()
    MailAccount.objects.update(auth_server="mx.shop.example")
    box.put(letter(sender=LIN, Authentication_Results="mx.shop.example; spf=fail; dmarc=fail header.from=example.org"))
    box.put(letter(sender=LIN, Authentication_Results="mx.evil.example; dmarc=fail"))
    collect()
    ours, theirs = Arrival.objects.order_by("uid")
    assert (ours.reason, "dmarc=fail" in ours.auth) == ("forged", True)
    assert theirs.reason == "new", "a line of somebody else's server says nothing"


def test_a_flood_waits_for_a_person(box: Box, collect: Collect) -> None:
    a_person()
    for number in range(placing.FLOOD + 3):
        box.put(letter(sender=LIN, subject=str(number)))
    collect()
    assert Ticket.objects.count() == placing.FLOOD
    assert Arrival.objects.filter(state="quarantined", reason="flood").count() == 3


def test_an_empty_id_swallows_nothing(box: Box, collect: Collect) -> None:
    a_person()
    a_person("王五", "+8613800000002", "wang@stranger.example")
    for sender in (LIN, STRANGER):
        for _time in range(3):
            raw = letter(sender=sender).replace(
                b"Subject:", b"Message-ID: <>\r\nIn-Reply-To: \r\nReferences: <>\r\nSubject:"
            )
            box.put(raw)
    collect()
    assert Ticket.objects.count() == 6


EIGHT_BITS = letter(sender=LIN, message_id="<ab.c@x.example>").replace(b"<ab.c@", b"<ab\xe9c@")


def test_ids_with_bytes_that_are_no_ascii_are_none(box: Box, collect: Collect) -> None:
    a_person()
    box.put(EIGHT_BITS)
    box.put(letter("二", sender=LIN, References="<de.f@x.example>").replace(b"<de.f@", b"<de\xff@"))
    collect()
    assert list(Arrival.objects.values_list("state", "reason", "external_id")) == [("placed", "new", "")] * 2


def test_what_cannot_be_written_down_is_still_seen_by_a_person(
    box: Box, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, "_ID", re.compile("<[^>]+>"))
    ticket = a_question()
    box.put(EIGHT_BITS)
    collect()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason) == ("quarantined", "unreadable")
    assert arrival.remarks == [["unreadable", {"why": "UnicodeEncodeError"}]]
    by_hand.place_on(arrival.ref, ticket.ref, actor=staff())


@pytest.mark.parametrize("aside", [True, False])
def test_a_person_decides_about_what_the_workers_gave_up_on(
    box: Box, collect: Collect, drain: Any, monkeypatch: pytest.MonkeyPatch, client: Client, aside: bool
) -> None:
    def fails(*_args: object, **_named: object) -> None:
        raise RuntimeError

    ticket = a_question()
    box.put(letter("在吗", sender=LIN))
    monkeypatch.setattr(placing, "place", fails)
    collect()
    arrival = Arrival.objects.get()
    with pytest.raises(Conflict):
        by_hand.put_aside(arrival.ref, actor=staff())  # a worker will come back to it
    for _time in range(MOST_ATTEMPTS):
        Timer.objects.filter(kind=PLACES, status="pending").update(due_at=clock.now())
        drain()
    client.force_login(member("agent"))
    page = client.get(f"/desk/mail/{arrival.ref}/").content.decode()
    assert {"placing", "putting-aside"} <= set(re.findall(r"[a-z-]+", page))
    for _time in range(2):
        if aside:
            by_hand.put_aside(arrival.ref, actor=staff())
        else:
            by_hand.place_on(arrival.ref, ticket.ref, actor=staff())
    assert ticket.messages.filter(text="在吗", channel="email").count() == (not aside)
    monkeypatch.undo()
    Timer.objects.filter(kind=PLACES).update(status="pending", due_at=clock.now())
    drain()
    arrival.refresh_from_db()
    assert arrival.state == ("ignored" if aside else "placed"), "tried once more it stays as it is"


def test_the_same_id_with_other_words_is_another_mail(box: Box, collect: Collect) -> None:
    a_person()
    box.put(letter("一", sender=LIN, message_id="<dup@x.example>"))
    box.put(letter("二", sender=LIN, message_id="<dup@x.example>"))
    box.put(letter("二", sender=LIN, message_id="<dup@x.example>", X_Other_Way="alias"))
    collect()
    assert list(Arrival.objects.order_by("uid").values_list("state", flat=True)) == ["placed", "placed", "ignored"]


class TestByHand:
    def test_it_is_put_on_a_ticket_once(self, box: Box, collect: Collect) -> None:
        ticket = a_question()
        box.put(letter("放这里", sender=STRANGER))
        collect()
        (arrival,) = Arrival.objects.all()
        for _time in range(2):
            by_hand.place_on(arrival.ref, ticket.ref.lower(), actor=staff())
        assert ticket.messages.filter(text="放这里", by="customer").count() == 1
        arrival.refresh_from_db()
        assert (arrival.state, arrival.reason) == ("placed", "by_hand")
        assert arrival.settled_by is not None

    def test_the_number_of_a_return_is_understood(self, box: Box, collect: Collect) -> None:
        ret = a_return(an_order())
        box.put(letter(sender=STRANGER))
        collect()
        assert by_hand.place_on(Arrival.objects.get().ref, ret.ref, actor=staff()).ticket == ret.ticket

    def test_a_new_ticket_is_made_once_with_the_person(self, box: Box, collect: Collect) -> None:
        box.put(letter(sender=STRANGER, subject="求助"))
        collect()
        for _time in range(2):
            by_hand.open_for(Arrival.objects.get().ref, actor=staff())
        ticket = Ticket.objects.get()
        assert (ticket.title, ticket.person.name) == ("求助", "王五")

    def test_it_is_put_aside_and_can_still_be_placed(self, box: Box, collect: Collect) -> None:
        ticket = a_question()
        box.put(letter(sender=STRANGER))
        collect()
        ref = Arrival.objects.get().ref
        by_hand.put_aside(ref, actor=staff())
        by_hand.put_aside(ref, actor=staff())
        assert Event.objects.filter(name="arrival.put_aside").count() == 1
        by_hand.place_on(ref, ticket.ref, actor=staff())
        assert ticket.messages.count() == 2

    def test_who_may_not_place_does_not_see_it(self, box: Box, collect: Collect) -> None:
        from aftersales.kernel.errors import BadInput, Conflict, NotFound

        ticket = a_question()
        box.put(letter(sender=STRANGER))
        collect()
        ref = Arrival.objects.get().ref
        with pytest.raises(NotFound):
            by_hand.place_on(ref, ticket.ref, actor=staff("warehouse"))
        with pytest.raises(BadInput):
            by_hand.place_on(ref, "T-000000000", actor=staff())
        by_hand.open_for(ref, actor=staff())
        with pytest.raises(Conflict):
            by_hand.place_on(ref, ticket.ref, actor=staff())
