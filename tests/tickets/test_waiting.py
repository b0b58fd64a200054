"""Whom a ticket waits for, until when and why; who wakes it, and what the second time does."""

from __future__ import annotations

import datetime as dt

import pytest

from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger import timers
from aftersales.ledger.models import Event, Timer
from aftersales.notices.models import Notice
from tests.world import a_return, an_order, customer, staff
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message
from tickets.actions.questions import ask_question
from tickets.actions.scope import TicketClosed
from tickets.actions.waiting import WAKES, RequestSaysSo, resume, set_waiting, wake
from tickets.models import Clock, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def asked() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="什么时候补发？", actor=customer(order))


def events(name: str) -> int:
    return Event.objects.filter(name=name).count()


def test_a_wait_is_said_once_with_its_reason_and_its_day() -> None:
    ticket, agent = asked(), staff()
    until = clock.now() + dt.timedelta(days=2)
    for _time in range(2):
        set_waiting(ticket.pk, "supplier", actor=agent, until=until, why="  等供应商\n报价 ")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on, ticket.waiting_why) == ("waiting", "supplier", "等供应商 报价")
    assert (ticket.waiting_until, ticket.process_due_at, events("ticket.waits")) == (until, until, 1)
    assert Timer.objects.pending().filter(kind=WAKES).count() == 1


def test_the_day_wakes_it_and_the_assignee_hears_of_it_once() -> None:
    ticket, agent = asked(), staff()
    assign(ticket.pk, user_id=agent.id, actor=staff("lead"))
    until = clock.now() + dt.timedelta(days=2)
    set_waiting(ticket.pk, "carrier", actor=agent, until=until, why="查件")
    wake(ticket.pk, at=until - dt.timedelta(seconds=1))
    ticket.refresh_from_db()
    assert ticket.status == "waiting"
    timer = Timer.objects.pending().get(kind=WAKES)
    with clock.fixed(until):
        timers.fire(timer)
        wake(ticket.pk, at=until)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on, ticket.waiting_until, ticket.process_due_at) == ("open", "", None, until)
    assert events("ticket.woken") == 1


def test_taking_it_up_by_hand_takes_the_alarm_away() -> None:
    ticket, agent = asked(), staff()
    set_waiting(ticket.pk, "warehouse", actor=agent, until=clock.now() + dt.timedelta(days=1), why="盘点")
    resume(ticket.pk, actor=agent)
    resume(ticket.pk, actor=agent)
    ticket.refresh_from_db()
    assert (ticket.status, events("ticket.resumed")) == ("open", 1)
    assert not Timer.objects.pending().filter(kind=WAKES).exists()


def test_the_customer_we_waited_for_has_written() -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="能换吗？", actor=customer(order))
    set_waiting(ticket.pk, "customer", actor=staff(), why="照片")
    receive_message(ticket.pk, text="照片来了", actor=customer(order))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on) == ("open", "")
    set_waiting(ticket.pk, "finance", actor=staff(), why="对账")
    receive_message(ticket.pk, text="好了吗", actor=customer(order))
    ticket.refresh_from_db()
    assert ticket.waiting_on == "finance"


def test_what_cannot_wait_says_why() -> None:
    ticket, agent, now = asked(), staff(), clock.now()
    with pytest.raises(BadInput, match="passed"):
        set_waiting(ticket.pk, "carrier", actor=agent, until=now - dt.timedelta(hours=1))
    with pytest.raises(BadInput, match="180"):
        set_waiting(ticket.pk, "carrier", actor=agent, until=now + dt.timedelta(days=400))
    with pytest.raises(BadInput, match="not somebody"):
        set_waiting(ticket.pk, "godot", actor=agent)
    with pytest.raises(BadInput, match="200"):
        set_waiting(ticket.pk, "carrier", actor=agent, why="x" * 201)
    with pytest.raises(NotPermitted):
        set_waiting(ticket.pk, "carrier", actor=staff("warehouse"))
    close_ticket(ticket.pk, actor=agent)
    with pytest.raises(TicketClosed):
        set_waiting(ticket.pk, "carrier", actor=agent)
    with pytest.raises(RequestSaysSo):
        set_waiting(a_return(an_order()).ticket_id, "carrier", actor=agent)
    assert not Notice.objects.filter(template="ticket.woken").exists()


def test_own_work_is_put_off_until_an_hour_and_no_clock_stands_for_it() -> None:
    ticket, agent = asked(), staff()
    until = clock.now() + dt.timedelta(hours=3)
    with pytest.raises(BadInput, match="until when"):
        set_waiting(ticket.pk, "later", actor=agent)
    for _time in range(2):
        set_waiting(ticket.pk, "later", actor=agent, until=until)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on, ticket.process_due_at, events("ticket.waits")) == (
        "waiting",
        "later",
        until,
        1,
    )
    assert not Clock.objects.filter(ticket=ticket, state="paused").exists()
    wake(ticket.pk, at=until)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on) == ("open", "")


def test_a_message_of_the_customer_brings_back_what_was_put_off() -> None:
    ticket = asked()
    set_waiting(ticket.pk, "later", actor=staff(), until=clock.now() + dt.timedelta(days=1))
    assert ticket.order is not None
    receive_message(ticket.pk, text="在吗？", actor=customer(ticket.order))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on) == ("open", "")
    assert not Timer.objects.pending().filter(kind=WAKES).exists()
