"""The clocks on the ticket page: in plain words, in both languages, in a fixed number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from aftersales.desk.sla_card import ask, told
from aftersales.kernel import clock as time
from tests.tickets.sla.hours import at
from tests.world import an_order, customer, staff
from tickets.actions.complaints.hearing import hear_out
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.conversation import receive_message, reply
from tickets.actions.merging import merge_tickets, unmerge
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    """Asked Monday at nine, answered half an hour later, and the customer came back on Thursday."""
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        ticket = ask_question(order.pk, text="Where is my parcel?", actor=customer(order))
    reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:30"))
    receive_message(ticket.pk, text="Still nothing.", actor=customer(order), at=at("Thu 09:30"))
    return ticket


def test_point_15_each_clock_tells_its_story_in_plain_words(ticket: Ticket) -> None:
    with translation.override("en"):
        cards = {card.clock.metric: card for card in told(ask(ticket, staff()), at("Thu 10:00"))}
        story = [(str(line["title"]), line.get("text", "")) for line in cards["resolution"].story]
        page = render_to_string("desk/sla_card.html", {"clocks": list(cards.values()), "now": at("Thu 10:00")})
    assert story == [
        ("ran", "Mon 23 Nov, 09:00 to Mon 23 Nov, 09:30, since the ticket was opened"),
        ("paused: we waited for the customer", "Mon 23 Nov, 09:30 to Thu 26 Nov, 09:30"),
        ("runs", "since Thu 26 Nov, 09:30, again, nobody is waited for"),
    ]
    assert cards["first_response"].missed_at == at("Mon 09:15")
    assert "ended by our reply" in page
    with translation.override("zh-hans"):
        page = render_to_string("desk/sla_card.html", {"clocks": list(cards.values()), "now": at("Thu 10:00")})
    assert "服务时效" in page


def test_opening_hours_are_no_days(ticket: Ticket) -> None:
    """27 of them are three days of the shop; only a calendar that never closes has days of 24 hours."""
    actor = staff("agent")
    with time.fixed(at("Mon 09:00")):
        complaint = open_complaint(code="quality", statement="Twice now", about_id=ticket.pk, actor=actor)
        hear_out(complaint.ticket_id, statement="Twice now", actor=actor)
    with translation.override("en"):
        cards = {card.clock.metric: card for card in told(ask(complaint.ticket, actor), at("Fri 09:00"))}
    assert (cards["resolution"].target, cards["resolution"].used) == ("27 h", "36 h")
    assert cards["resolution"].story[-1]["at_words"] == "36 h of opening hours"


def test_it_asks_the_database_the_same_however_many_clocks_there_are(ticket: Ticket) -> None:
    actor = staff()
    with CaptureQueriesContext(connection) as asked:
        told(ask(ticket, actor), at("Thu 10:00"))
    assert len(asked) <= 3
    assert ticket.order
    assert (
        told(ask(ticket, customer(ticket.order)), at("Thu 10:00")) == []
    )  # customers hear what is due, not how we count


def test_what_another_clock_counts_on_is_told_once() -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        source, into = (ask_question(order.pk, text="Where?", actor=customer(order)) for _each in range(2))
    with time.fixed(at("Mon 09:05")):
        merge_tickets(source.pk, into.pk, actor=staff())
    merged = {card.clock.metric: card.clock.state for card in told(ask(source, staff()), at("Mon 09:06"))}
    assert merged == {"first_response": "void", "resolution": "void"}, "there is nothing else to be told of it"
    with time.fixed(at("Mon 09:10")):
        unmerge(source.pk, actor=staff())
    cards = told(ask(source, staff()), at("Mon 09:20"))
    assert sorted((card.clock.metric, card.clock.state) for card in cards) == [
        ("first_response", "running"),
        ("resolution", "running"),
    ]
