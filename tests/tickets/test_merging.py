"""Merge, split and link: what moves, what stays apart, what can be taken back, and who wins when two people collide."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections

from aftersales.accounts.models import Team
from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from customers.models import Order
from tests.tickets.test_conversation import a_photo
from tests.world import a_return, an_order, attach, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import StaleThread, note, receive_message, reply, seen_now
from tickets.actions.linking import link_tickets, unlink
from tickets.actions.merging import UNDO_WITHIN, Bound, OtherCustomer, TooLate, merge_tickets, unmerge
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.actions.scope import TicketClosed, TicketMerged
from tickets.actions.splitting import split_ticket
from tickets.actions.waiting import set_waiting
from tickets.models import Clock, Closure, Link, Merge, Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def asked(order: Order, text: str = "发票呢？") -> Ticket:
    return ask_question(order.pk, text=text, actor=customer(order))


def twins() -> tuple[Ticket, Ticket]:
    order = an_order()
    return asked(order), asked(order, "发票什么时候开？")


def test_merging_closes_the_source_and_says_so_once() -> None:
    source, into = twins()
    for _time in range(2):
        assert merge_tickets(source.pk, into.pk, actor=staff()) == into
    source.refresh_from_db()
    assert (source.status, source.merged_into) == ("closed", into)
    assert [row.reason for row in Closure.objects.all()] == ["merged"]
    assert Event.objects.filter(name__in=("ticket.merged", "ticket.absorbed")).count() == 2


def test_what_the_customer_still_writes_there_arrives_where_the_work_goes_on() -> None:
    source, into = twins()
    merge_tickets(source.pk, into.pk, actor=staff())
    assert source.order
    receive_message(source.pk, text="还没收到", actor=customer(source.order))
    assert into.messages.filter(text="还没收到").exists()
    source.refresh_from_db()
    assert source.status == "closed"
    for act in (reply, note):
        with pytest.raises(TicketMerged, match=into.ref):
            act(source.pk, text="x", actor=staff())
    with pytest.raises(TicketMerged):
        reopen_ticket(source.pk, actor=staff())


@pytest.mark.parametrize("answered", ["source", "into"])
def test_a_reply_in_its_undo_window_answers_the_ticket_it_was_written_on(answered: str) -> None:
    source, into = twins()
    mine, other = (source, into) if answered == "source" else (into, source)
    message = reply(mine.pk, text="今天开。", actor=staff(), hold=dt.timedelta(seconds=10))
    merge_tickets(source.pk, into.pk, actor=staff())
    message.refresh_from_db()
    assert message.sent
    assert Clock.objects.get(ticket=mine, metric="first_response").state == "met"
    waits = Clock.objects.open().get(ticket=into, metric__endswith="response")
    assert waits.started_at == other.messages.get(by="customer").at
    into.refresh_from_db()
    assert into.waiting_on == ""


def test_what_stays_apart_says_why() -> None:
    source, into = twins()
    with pytest.raises(BadInput, match="itself"):
        merge_tickets(source.pk, source.pk, actor=staff())
    with pytest.raises(Bound):
        merge_tickets(a_return(source.order or an_order()).ticket_id, into.pk, actor=staff())
    with pytest.raises(OtherCustomer):
        merge_tickets(source.pk, asked(an_order()).pk, actor=staff())
    with pytest.raises(NotFound):
        merge_tickets(source.pk, 0, actor=staff())
    with pytest.raises(NotPermitted):
        merge_tickets(source.pk, into.pk, actor=staff("warehouse"))
    close_ticket(into.pk, actor=staff())
    with pytest.raises(TicketClosed):
        merge_tickets(source.pk, into.pk, actor=staff())
    assert not Merge.objects.exists()


def test_a_chain_points_to_its_end_and_comes_apart_link_by_link() -> None:
    order = an_order()
    first, second, third = (asked(order, f"问题 {number}") for number in range(3))
    merge_tickets(first.pk, second.pk, actor=staff())
    with pytest.raises(TicketMerged):
        merge_tickets(third.pk, first.pk, actor=staff())
    merge_tickets(second.pk, third.pk, actor=staff())
    first.refresh_from_db()
    assert first.merged_into == third
    for _time in range(2):
        unmerge(second.pk, actor=staff())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.merged_into, second.merged_into, second.status) == (second, None, "open")
    assert [row.cause for row in second.reopenings.all()] == ["unmerged"]
    assert Event.objects.filter(name="ticket.unmerged").count() == 1


def test_apart_again_it_is_due_as_its_own_clocks_say() -> None:
    source, into = twins()
    before = Ticket.objects.get(pk=source.pk).due_at
    merge_tickets(source.pk, into.pk, actor=staff())
    unmerge(source.pk, actor=staff())
    source.refresh_from_db()
    assert before is not None
    assert (source.due_at, source.process_due_at) == (before, None)


def test_after_a_week_a_merge_stays() -> None:
    source, into = twins()
    merge_tickets(source.pk, into.pk, actor=staff())
    with clock.fixed(clock.now() + UNDO_WITHIN + dt.timedelta(minutes=1)), pytest.raises(TooLate, match="7"):
        unmerge(source.pk, actor=staff())


@pytest.mark.parametrize("written", ["before", "after"])
def test_what_comes_by_a_merge_is_read_before_one_answers_whatever_was_the_newest_on_the_page(written: str) -> None:
    source, into = twins() if written == "before" else twins()[::-1]
    shown, words = seen_now(into), source.messages.get()
    assert (words.pk < shown.message) == (written == "before")
    merge_tickets(source.pk, into.pk, actor=staff("agent", "other"))
    for act in (
        lambda seen: reply(into.pk, text="今天开。", actor=staff(), seen=seen),
        lambda seen: close_ticket(into.pk, actor=staff(), seen=seen),
        lambda seen: set_waiting(into.pk, "customer", why="税号", actor=staff(), seen=seen),
    ):
        with pytest.raises(StaleThread) as refusal:
            act(shown)
        assert refusal.value.params["newer"] == [words.pk]
        assert refusal.value.seen == seen_now(into)
    assert Clock.objects.open().filter(ticket=into, metric__endswith="response").exists()
    reply(into.pk, text="今天开。", actor=staff(), seen=refusal.value.seen)


def test_a_program_that_names_the_newest_message_is_told_of_those_after_it() -> None:
    into, source = twins()
    seen, newer = into.messages.get().pk, source.messages.get().pk
    merge_tickets(source.pk, into.pk, actor=staff())
    with pytest.raises(StaleThread) as refusal:
        reply(into.pk, text="今天开。", actor=staff(), seen=seen)
    assert refusal.value.params["newer"] == [newer]
    reply(into.pk, text="今天开。", actor=staff(), seen=newer)


def test_a_long_conversation_that_comes_by_a_merge_is_read_bit_by_bit_with_all_that_lay_in_it() -> None:
    order = an_order()
    first, source, into = asked(order), asked(order), asked(order)
    Message.objects.bulk_create(
        Message(ticket=source, by="customer", text=f"{number}", at=clock.now()) for number in range(60)
    )
    seen = seen_now(into)
    receive_message(into.pk, text="还在吗？", actor=customer(order))
    merge_tickets(first.pk, source.pk, actor=staff())
    merge_tickets(source.pk, into.pk, actor=staff())
    read: list[int] = []
    while len(read) < 63:
        with pytest.raises(StaleThread) as refusal:
            reply(into.pk, text="今天开。", actor=staff(), seen=seen)
        read, seen = [*read, *refusal.value.params["newer"]], refusal.value.seen
    assert set(read) >= set(Message.objects.exclude(pk=into.messages.earliest("pk").pk).values_list("pk", flat=True))
    reply(into.pk, text="今天开。", actor=staff(), seen=seen)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_who_merge_crosswise_leave_one_merge() -> None:
    one, other = twins()
    agent, second = staff(), staff("agent", "second")
    start, answers = threading.Barrier(2), []

    def attempt(source: int, into: int, actor: object) -> None:
        start.wait()
        try:
            merge_tickets(source, into, actor=actor)  # type: ignore[arg-type]
            answers.append("done")
        except (TicketMerged, TicketClosed) as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=attempt, args=args) for args in ((one.pk, other.pk, agent), (other.pk, one.pk, second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["done", "ticket_merged"]
    assert Merge.objects.count() == 1
    assert Ticket.objects.filter(status="closed").count() == 1
    assert connection.vendor == "postgresql"


def test_chosen_messages_move_once_and_something_must_stay() -> None:
    order = an_order()
    ticket = asked(order)
    second = receive_message(ticket.pk, text="另外，被套破了", actor=customer(order))
    for _time in range(2):
        new = split_ticket(ticket.pk, [second.pk], title="被套破损", actor=staff())
    assert Ticket.objects.count() == 2
    assert (new.person, new.order, [row.text for row in new.messages.all()]) == (
        order.person,
        order,
        ["另外，被套破了"],
    )
    assert [row.kind for row in ticket.links_here.all()] == ["split"]
    left = [row.pk for row in ticket.messages.all()]
    for chosen in ([], left, [0]):
        with pytest.raises(BadInput):
            split_ticket(ticket.pk, chosen, title="x", actor=staff())
    with pytest.raises(NotPermitted):
        split_ticket(ticket.pk, left, title="x", actor=staff("auditor"))


def test_what_was_merged_for_too_long_to_be_undone_is_split_off_from_where_it_lies() -> None:
    order = an_order()
    source, into = asked(order, "发票呢？"), asked(order, "被套破了")
    second = receive_message(source.pk, text="税号在这里", actor=customer(order))
    photo = attach(a_photo(), on=second, actor=customer(order))
    merge_tickets(source.pk, into.pk, actor=staff())
    chosen = [row.pk for row in source.messages.all()]
    with pytest.raises(BadInput, match="Leave at least one"):
        split_ticket(into.pk, [*chosen, into.messages.get().pk], title="发票", actor=staff())
    for _time in range(2):
        new = split_ticket(into.pk, chosen, title="发票", actor=staff())
    assert [row.pk for row in new.messages.all()] == chosen
    assert list(Attachment.objects.of(second)) == [photo]
    assert not source.messages.exists()
    assert into.messages.count() == 1
    assert {row.other for row in new.links.filter(kind="split")} == {source, into}
    merge_tickets(new.pk, into.pk, actor=staff())
    again = split_ticket(into.pk, chosen[:1], title="发票抬头", actor=staff())
    assert again != new


def test_a_link_is_made_once_and_taken_away_once() -> None:
    one, other = twins()
    for _time in range(2):
        link_tickets(one.pk, other.pk, "caused_by", actor=staff())
    link_tickets(other.pk, one.pk, "related", actor=staff())
    link_tickets(one.pk, other.pk, "related", actor=staff())
    assert sorted(Link.objects.values_list("kind", flat=True)) == ["caused_by", "related"]
    link = Link.objects.get(kind="caused_by")
    for _time in range(2):
        unlink(other.pk, link.pk, actor=staff())
    assert Event.objects.filter(name="ticket.unlinked").count() == 2
    with pytest.raises(BadInput, match="itself"):
        link_tickets(one.pk, one.pk, "related", actor=staff())
    with pytest.raises(BadInput, match="belong"):
        link_tickets(one.pk, other.pk, "split", actor=staff())


def test_words_of_a_closed_team_are_neither_split_off_nor_asked_to_be_read_by_others() -> None:
    order = an_order()
    source, into, agent = asked(order), asked(order, "发票什么时候开？"), staff()
    seen = seen_now(into)
    merge_tickets(source.pk, into.pk, actor=staff("lead"))
    Ticket.objects.filter(pk=source.pk).update(team=Team.objects.create(name="法务", is_closed=True))
    closed = source.messages.get()
    with pytest.raises(BadInput):
        split_ticket(into.pk, [closed.pk], title="发票", actor=agent)
    assert reply(into.pk, text="今天开。", actor=agent, seen=seen).sent, "what cannot be read need not be"
    with pytest.raises(StaleThread):
        reply(into.pk, text="明天开。", actor=staff("lead"), seen=seen)
    assert split_ticket(into.pk, [closed.pk], title="发票", actor=staff("lead")) is not None
