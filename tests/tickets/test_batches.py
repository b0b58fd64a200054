"""A batch problem: gathered once, answered once in private, explained before it closes, and closed with what may close."""

from __future__ import annotations

import pytest

from aftersales.kernel.errors import BadInput, Conflict, NotPermitted
from aftersales.ledger.models import Event
from tests.world import a_return, an_order, customer, staff
from tickets.actions.batches import add_ticket, close_batch, name_root_cause, open_batch, reply_to_all, take_out
from tickets.actions.closing import close_ticket
from tickets.actions.merging import merge_tickets, unmerge
from tickets.actions.questions import ask_question
from tickets.actions.scope import TicketClosed
from tickets.models import BatchProblem, BatchTicket, Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def asked() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="衣服起球", actor=customer(order))


def a_problem(*others: Ticket) -> BatchProblem:
    problem = open_batch(asked().pk, title="面料起球", about="lot", mark="2026-11 批", actor=staff())
    for ticket in others:
        add_ticket(problem.pk, ticket.pk, actor=staff())
    return problem


def test_a_ticket_is_in_one_problem_and_goes_in_once() -> None:
    ticket = asked()
    problem = a_problem(ticket)
    for _time in range(2):
        add_ticket(problem.pk, ticket.pk, actor=staff())
    assert open_batch(ticket.pk, title=problem.title, about="lot", mark=problem.mark, actor=staff()) == problem
    with pytest.raises(Conflict, match=problem.ref):
        open_batch(ticket.pk, title="又一个", about="lot", actor=staff())
    assert (BatchProblem.objects.count(), BatchTicket.objects.count()) == (1, 2)
    with pytest.raises(Conflict, match=problem.ref):
        add_ticket(a_problem().pk, ticket.pk, actor=staff())
    for _time in range(2):
        take_out(ticket.pk, actor=staff())
    assert Event.objects.filter(name="ticket.unbatched").count() == 1


def test_one_text_reaches_every_open_ticket_by_itself_and_once() -> None:
    open_one, closed = asked(), asked()
    problem = a_problem(open_one, closed)
    close_ticket(closed.pk, actor=staff())
    rows = [reply_to_all(problem.pk, text="我们正在核查", key="page-1", actor=staff()) for _time in range(2)]
    assert rows[0] == rows[1]
    assert rows[0].count == 2
    told = Message.objects.filter(text="我们正在核查")
    assert (told.count(), told.filter(ticket=closed).count(), told.filter(internal=True).count()) == (2, 0, 0)
    assert all(message.ticket.messages.filter(by="customer").count() == 1 for message in told)


def twins() -> tuple[Ticket, Ticket]:
    """Two tickets of one customer."""
    order = an_order()
    source, into = (ask_question(order.pk, text="衣服起球", actor=customer(order)) for _each in range(2))
    return source, into


@pytest.mark.parametrize("both", [False, True], ids=["one is a member", "both are"])
def test_who_wrote_on_a_merged_ticket_is_answered_where_the_conversation_goes_on_and_once(both: bool) -> None:
    source, into = twins()
    problem = a_problem(source, *([into] if both else []))
    merge_tickets(source.pk, into.pk, actor=staff())
    assert reply_to_all(problem.pk, text="我们正在核查", key="page-1", actor=staff()).count == 2
    assert Message.objects.filter(text="我们正在核查", ticket=into).count() == 1
    unmerge(source.pk, actor=staff())
    assert reply_to_all(problem.pk, text="已经查明", key="page-2", actor=staff()).count == (3 if both else 2)
    told = Message.objects.filter(text="已经查明")
    assert (told.filter(ticket=source).count(), told.filter(ticket=into).count()) == (1, int(both))


def test_a_ticket_from_elsewhere_keeps_the_problem_open_that_was_merged_into_it() -> None:
    source, into = twins()
    problem = a_problem(source)
    merge_tickets(source.pk, into.pk, actor=staff())
    name_root_cause(problem.pk, text="染色温度过高", actor=staff())
    ended = close_batch(problem.pk, actor=staff())
    into.refresh_from_db()
    assert (ended.closed, ended.left, into.status) == (1, [into.ref], "open")
    add_ticket(problem.pk, into.pk, actor=staff())
    assert close_batch(problem.pk, actor=staff()).left == []
    into.refresh_from_db()
    problem.refresh_from_db()
    assert (into.status, problem.closed_at is None) == ("closed", False)


def test_it_closes_with_its_cause_and_leaves_what_still_runs() -> None:
    ret = a_return(an_order())
    problem = a_problem(ret.ticket, asked())
    with pytest.raises(Conflict, match="root cause"):
        close_batch(problem.pk, actor=staff())
    for _time in range(2):
        name_root_cause(problem.pk, text="染色温度过高", actor=staff())
    ended = close_batch(problem.pk, actor=staff())
    assert (ended.closed, ended.left) == (2, [ret.ticket.ref])
    problem.refresh_from_db()
    assert problem.closed_at is None
    take_out(ret.ticket_id, actor=staff())
    assert close_batch(problem.pk, actor=staff()).left == []
    assert close_batch(problem.pk, actor=staff()).closed == 0
    assert Event.objects.filter(name="batch.closed").count() == 1
    assert Event.objects.filter(name="batch.explained").count() == 1
    with pytest.raises(Conflict, match="closed"):
        add_ticket(problem.pk, asked().pk, actor=staff())


def test_who_may_not_and_what_cannot_be() -> None:
    ticket = asked()
    with pytest.raises(NotPermitted):
        open_batch(ticket.pk, title="x", about="lot", actor=staff("warehouse"))
    with pytest.raises(BadInput):
        open_batch(ticket.pk, title="x", about="weather", actor=staff())
    close_ticket(ticket.pk, actor=staff())
    with pytest.raises(TicketClosed):
        open_batch(ticket.pk, title="x", about="lot", actor=staff())
    problem = a_problem()
    for member in Ticket.objects.filter(batch__problem=problem):
        close_ticket(member.pk, actor=staff())
    with pytest.raises(Conflict, match="open"):
        reply_to_all(problem.pk, text="x", key="page-1", actor=staff())
