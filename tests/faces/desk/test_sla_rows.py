"""The chip of service levels in the rows of a list: word and time, right at every reading, whoever keeps the clock."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel import clock as time
from tests.tickets.sla.hours import at
from tests.world import an_order, customer, staff
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message, reply
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
Sit = Callable[..., Client]


def asked() -> Ticket:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def chip(client: Client, when: str, where: str = "/desk/tickets/") -> str:
    with time.fixed(at(when)):
        page = client.get(where).content.decode()
    cell = page.split('class="worklist__due">')[1].split("</td>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()


def test_a_row_says_left_late_and_standing_without_a_worker(sit: Sit) -> None:
    ticket, agent = asked(), sit("agent")
    assert chip(agent, "Mon 09:05") == "10 min left"
    assert chip(agent, "Mon 09:20") == "Overdue by 5 min"
    reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:30"))
    assert chip(agent, "Mon 10:00") == "Clock stopped"
    assert ticket.order
    receive_message(ticket.pk, text="Still nothing.", actor=customer(ticket.order), at=at("Mon 10:30"))
    assert chip(agent, "Mon 11:00") == "30 min left"


def test_a_closed_row_has_no_chip(sit: Sit) -> None:
    ticket = asked()
    close_ticket(ticket.pk, reason="done", actor=staff())
    assert chip(sit("agent"), "Mon 09:20", "/desk/tickets/?status=closed") == ""


def test_more_rows_ask_no_more(sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _number in range(4):
        reply(asked().pk, text="On its way.", actor=staff(), at=at("Mon 09:30"))
    lead = sit("lead")
    lead.get("/desk/profile/")
    with django_assert_max_num_queries(12):
        page = lead.get("/desk/tickets/").content.decode()
    assert page.count("Clock stopped") == 4
