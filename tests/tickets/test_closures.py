"""Every closing and every reopening stays as a row, whatever the door."""

from __future__ import annotations

import datetime as dt

import pytest

from aftersales.kernel import clock
from returns.actions.ending import withdraw_return
from tests.world import a_person, a_return, an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message
from tickets.actions.opening import open_ticket, set_progress
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.models import Closure, Reopening, Ticket

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
