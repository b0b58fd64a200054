"""Who has a ticket: two who take it at once, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aftersales.ledger.models import Event
from aftersales.notices.models import Notice
from tests.world import an_order, customer, member, staff
from tickets.actions.assignment import TakenMeanwhile, assign
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="还没收到", actor=customer(order))


def test_who_saw_it_as_nobodys_does_not_take_it_from_a_colleague_unknowingly(ticket: Ticket) -> None:
    first, second = member("agent", "first"), member("agent", "second")
    assign(ticket.pk, user_id=first.pk, actor=first.as_actor(), seen=None)
    with pytest.raises(TakenMeanwhile, match="first has had this ticket"):
        assign(ticket.pk, user_id=second.pk, actor=second.as_actor(), seen=None)
    assert assign(ticket.pk, user_id=first.pk, actor=second.as_actor(), seen=None).assignee == first, "the same"
    assert assign(ticket.pk, user_id=second.pk, actor=second.as_actor(), seen=first.pk).assignee == second
    assert Event.objects.filter(name="ticket.assigned").count() == 2


def test_what_became_nobodys_is_given_and_who_says_nothing_is_not_asked(ticket: Ticket) -> None:
    first, second, lead = member("agent", "first"), member("agent", "second"), staff("lead")
    assert assign(ticket.pk, user_id=second.pk, actor=lead, seen=first.pk).assignee == second
    assert assign(ticket.pk, user_id=first.pk, actor=lead).assignee == first


def test_from_whom_a_colleague_takes_it_hears_of_it(ticket: Ticket, drain: Callable[[], int]) -> None:
    first, second = member("agent", "first"), member("agent", "second")
    for user in (first, second):
        assign(ticket.pk, user_id=user.pk, actor=second.as_actor())
    drain()
    told = Notice.objects.get(template="ticket.taken")
    assert told.recipient_id == first.pk
    assert told.params["who"] == "second"
    assign(ticket.pk, user_id=first.pk, actor=second.as_actor())
    drain()
    assert Notice.objects.filter(template="ticket.taken").count() == 1, "given away oneself"
