"""Every closing and every reopening stays as a row, whatever the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.kernel import clock
from aftersales.ledger.models import Event, Timer
from returns.actions.ending import withdraw_return
from tests.world import a_person, a_return, an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import AlreadySent, receive_message, reply, undo
from tickets.actions.conversation.holding import Steps
from tickets.actions.opening import open_ticket, set_progress
from tickets.actions.promises import StillPromised, promise_on_ticket
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.models import Clock, Closure, Message, Reopening, Tag, Ticket

pytestmark = pytest.mark.django_db


def a_question() -> Ticket:
    return open_ticket(kind="question", title="?", person=a_person(), order=None, actor=staff())


def test_closing_twice_leaves_one_row_and_again_after_reopening_two() -> None:
    ticket, agent = a_question(), staff()
    close_ticket(ticket.pk, actor=agent, reason="no_answer")
    close_ticket(ticket.pk, actor=agent, reason="solved")
    assert list(Closure.objects.values_list("reason", "by")) == [("no_answer", agent.id)]
    reopen_ticket(ticket.pk, actor=agent)
    reopen_ticket(ticket.pk, actor=agent)
    close_ticket(ticket.pk, actor=agent)
    assert [row.reason for row in ticket.closures.all()] == ["no_answer", "solved"]
    assert list(Reopening.objects.values_list("cause", "by")) == [("staff", agent.id)]


def answered_in_the_window(*, steps: Steps = ()) -> tuple[Ticket, Message]:
    order = an_order()
    ticket = ask_question(order.pk, text="能开发票吗？", actor=customer(order))
    return ticket, reply(ticket.pk, text="可以。", actor=staff(), hold=dt.timedelta(seconds=10), steps=steps)


def test_a_reply_in_its_undo_window_goes_out_before_its_ticket_closes(drain: Callable[[], int]) -> None:
    ticket, message = answered_in_the_window(steps=[["tag", "发票"]])
    Tag.objects.create(name="发票")
    for _ in range(2):
        close_ticket(ticket.pk, actor=staff())
    message.refresh_from_db()
    assert message.sent
    assert Clock.objects.get(ticket=ticket, metric="first_response").state == "met"
    assert [tag.name for tag in ticket.tags.all()] == ["发票"]
    assert not Timer.objects.pending().filter(kind="ticket.reply_due").exists()
    with pytest.raises(AlreadySent):
        undo(message.pk, actor=staff())
    with clock.fixed(clock.now() + dt.timedelta(minutes=1)):
        drain()
    assert Event.objects.filter(name="ticket.replied").count() == 1


def test_a_step_of_that_reply_may_have_closed_it(drain: Callable[[], int]) -> None:
    ticket, _message = answered_in_the_window(steps=[["close", ""]])
    assert close_ticket(ticket.pk, actor=staff(), reason="no_answer").status == "closed"
    assert [row.reason for row in Closure.objects.all()] == ["solved"]


def test_where_closing_is_refused_the_reply_can_still_be_undone() -> None:
    ticket, message = answered_in_the_window()
    promise_on_ticket(ticket.pk, text="发票", due_at=clock.now() + dt.timedelta(days=1), actor=staff())
    with pytest.raises(StillPromised):
        close_ticket(ticket.pk, actor=staff())
    undo(message.pk, actor=staff())
    assert not Message.objects.filter(by="staff").exists()


def test_a_message_of_the_customer_reopens_and_says_so() -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="能开发票吗？", actor=customer(order))
    close_ticket(ticket.pk, actor=staff())
    receive_message(ticket.pk, text="还在吗？", actor=customer(order))
    receive_message(ticket.pk, text="？", actor=customer(order))
    assert [(row.cause, row.by_id) for row in Reopening.objects.all()] == [("customer", None)]


def test_the_end_of_a_request_is_told_apart_and_its_going_on_too() -> None:
    order = an_order()
    ret = a_return(order)
    withdraw_return(ret.pk, actor=customer(order))
    assert [row.reason for row in Closure.objects.all()] == ["request_ended"]
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    set_progress(ticket, waiting_on="customer", due_at=None, at=clock.now())
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == ("waiting", None)
    assert [row.cause for row in Reopening.objects.all()] == ["request"]


def test_waiting_on_for_the_same_keeps_its_beginning_and_ends_with_closing() -> None:
    ticket, first = a_question(), clock.now()
    set_progress(ticket, waiting_on="supplier", due_at=None, at=first)
    set_progress(ticket, waiting_on="supplier", due_at=None, at=first + dt.timedelta(hours=2))
    assert ticket.waiting_since == first
    set_progress(ticket, waiting_on="carrier", due_at=None, at=first + dt.timedelta(hours=3))
    assert ticket.waiting_since == first + dt.timedelta(hours=3)
    closed = close_ticket(ticket.pk, actor=staff())
    assert (closed.waiting_on, closed.waiting_since) == ("", None)


def test_a_ticket_with_words_of_its_own_is_called_by_them() -> None:
    ticket = a_question()
    for kind in ("repair", "complaint", "visit", "praise", "task"):
        ticket.kind = kind
        assert ticket.subject == "?"
    ticket.kind = "return"
    assert ticket.subject.endswith(str(ticket.person))
