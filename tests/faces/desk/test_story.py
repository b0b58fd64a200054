"""The timeline of a ticket: what it says of promises, of clocks and of who has it, for events of now and of before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from aftersales.accounts.models import Team
from aftersales.desk.story import ask, told
from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.record import record
from customers.actions.promises import keep_promise
from tests.world import an_order, customer, member, staff
from tickets.actions.assignment import assign
from tickets.actions.merging import merge_tickets
from tickets.actions.promises import promise_on_ticket
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    asked: Ticket = ask_question(order.pk, text="盖子什么时候寄？", actor=customer(order))
    return asked


def story(ticket: Ticket) -> list[dict[str, Any]]:
    """The oldest first, as whoever leads reads it."""
    return told(ask(ticket, None, staff("lead")).rows, staff("lead"))[::-1]


def test_it_says_who_promised_what_and_who_ticked_it_off(ticket: Ticket) -> None:
    promise = promise_on_ticket(
        ticket.pk, text="盖子今天寄出", due_at=clock.now() + dt.timedelta(hours=3), actor=staff("agent")
    )
    keep_promise(promise.pk, actor=staff("lead"))
    made, kept = [each for each in story(ticket) if each["text"]]
    assert (str(made["title"]), made["text"], made["who"]) == ("Promised", "盖子今天寄出", staff("agent").label)
    assert (str(kept["title"]), kept["text"], kept["who"]) == ("Promise kept", "盖子今天寄出", staff("lead").label)


def test_what_was_promised_on_a_merged_ticket_is_told_where_the_work_goes_on(ticket: Ticket) -> None:
    assert ticket.order is not None
    other = ask_question(ticket.order.pk, text="还有杯子", actor=customer(ticket.order))
    promise_on_ticket(other.pk, text="明天回电", due_at=clock.now() + dt.timedelta(days=1), actor=staff())
    assert "明天回电" not in [each["text"] for each in story(ticket)]
    merge_tickets(other.pk, ticket.pk, actor=staff())
    assert "明天回电" in [each["text"] for each in story(ticket)]


def test_what_a_closed_team_has_promised_stays_with_it(ticket: Ticket) -> None:
    assert ticket.order is not None
    other = ask_question(ticket.order.pk, text="还有杯子", actor=customer(ticket.order))
    promise_on_ticket(other.pk, text="明天回电", due_at=clock.now() + dt.timedelta(days=1), actor=staff())
    merge_tickets(other.pk, ticket.pk, actor=staff())
    Ticket.objects.filter(pk=other.pk).update(team=Team.objects.create(name="甲组", is_closed=True))
    for reader, reads in ((staff("agent"), False), (staff("lead"), True)):
        told_to = [each["text"] for each in told(ask(ticket, None, reader).rows, reader)]
        assert ("明天回电" in told_to) is reads


@transaction.atomic
def happened(ticket: Ticket, name: str, **data: Any) -> str:
    record(name, on=ticket, actor=SYSTEM, **data)
    return str(story(ticket)[-1]["title"])


def test_it_says_which_clock_and_what_was_done(ticket: Ticket) -> None:
    with translation.override("zh-hans"):
        assert happened(ticket, "clock.warned", metric="resolution") == "时效将到：解决"
        assert happened(ticket, "clock.missed", metric="next_response") == "时效已超：再次响应"
        said = happened(ticket, "clock.escalated", metric="resolution", deed="tell_manager")
        assert said == "因超时升级：解决（告知店长）"
    with translation.override("en"):
        said = happened(ticket, "clock.escalated", metric="next_response", deed="notify")
        assert said == "Escalated because a deadline has passed: next response (tell who is responsible)"


def test_an_older_event_that_does_not_say_which_clock_still_reads_well(ticket: Ticket) -> None:
    with translation.override("zh-hans"):
        told = [happened(ticket, f"clock.{name}") for name in ("warned", "missed", "escalated")]
        assert told == ["时效将到", "时效已超", "因超时升级"]
        assert happened(ticket, "clock.missed", metric="a metric that was") == "时效已超"


def test_a_ticket_that_is_nobodys_any_more_is_not_assigned_to_a_dash(ticket: Ticket) -> None:
    assign(ticket.pk, user_id=member("agent").pk, actor=staff("lead"))
    assign(ticket.pk, user_id=None, actor=staff("lead"))
    with translation.override("zh-hans"):
        assert [str(each["title"]) for each in story(ticket)][-2:] == [f"已分派给 {member('agent')}", "已取消分派"]
