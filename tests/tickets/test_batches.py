"""A batch problem: gathered once, answered once in private, explained before it closes, and closed with what may close."""

from __future__ import annotations

import pytest

from aftersales.desk.batches import left_of
from aftersales.kernel.errors import BadInput, Conflict, NotPermitted
from aftersales.ledger.models import Event
from tests.world import a_return, an_order, customer, staff
from tickets.actions.batches import add_ticket, close_batch, name_root_cause, open_batch, reply_to_all, take_out
from tickets.actions.bulk.running import do_some
from tickets.actions.closing import close_ticket
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.merging import merge_tickets, unmerge
from tickets.actions.questions import ask_question
from tickets.actions.scope import TicketClosed
from tickets.models import BatchProblem, BatchReply, BatchTicket, BulkRun, Message, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def asked() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="衣服起球", actor=customer(order))


def a_problem(*others: Ticket) -> BatchProblem:
    problem = open_batch(asked().pk, title="面料起球", about="lot", mark="2026-11 批", actor=staff())
    for ticket in others:
        add_ticket(problem.pk, ticket.pk, actor=staff())
    return problem


def answered(problem: BatchProblem, text: str, key: str = "page-1") -> BatchReply:
    do_some(reply_to_all(problem.pk, text=text, key=key, actor=staff()).pk, most=100)
    return problem.replies.get(key=key)


def closed(problem: BatchProblem, key: str = "page-1") -> int:
    """How many tickets were closed."""
    run = close_batch(problem.pk, key=key, actor=staff())
    if run is not None:
        do_some(run.pk, most=100)
    problem.refresh_from_db()
    return run.rows.filter(outcome="done").count() if run is not None else 0


def left(problem: BatchProblem) -> list[str]:
    return left_of(problem, staff()).refs


def outcomes(run: BulkRun) -> dict[int, str]:
    """Of each ticket the code of its refusal, or what came of it."""
    return {row.ticket_id: row.code or row.outcome for row in run.rows.all()}


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
    open_one, over = asked(), asked()
    problem = a_problem(open_one, over)
    close_ticket(over.pk, actor=staff())
    rows = [answered(problem, "我们正在核查") for _time in range(2)]
    assert rows[0] == rows[1]
    assert rows[0].count == 2
    assert Event.objects.get(name="batch.answered").data == {"count": 2}
    told = Message.objects.filter(text="我们正在核查")
    assert (told.count(), told.filter(ticket=over).count(), told.filter(internal=True).count()) == (2, 0, 0)
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
    assert answered(problem, "我们正在核查").count == 2
    assert Message.objects.filter(text="我们正在核查", ticket=into).count() == 1
    unmerge(source.pk, actor=staff())
    assert answered(problem, "已经查明", "page-2").count == (3 if both else 2)
    told = Message.objects.filter(text="已经查明")
    assert (told.filter(ticket=source).count(), told.filter(ticket=into).count()) == (1, int(both))


def test_a_ticket_from_elsewhere_keeps_the_problem_open_that_was_merged_into_it() -> None:
    source, into = twins()
    problem = a_problem(source)
    merge_tickets(source.pk, into.pk, actor=staff())
    name_root_cause(problem.pk, text="染色温度过高", actor=staff())
    assert (closed(problem), left(problem), problem.closed_at) == (1, [into.ref], None)
    add_ticket(problem.pk, into.pk, actor=staff())
    assert (closed(problem, "page-2"), left(problem), problem.closed_at is None) == (1, [], False)


def test_it_closes_with_its_cause_and_leaves_what_still_runs() -> None:
    ret = a_return(an_order())
    problem = a_problem(ret.ticket, asked())
    with pytest.raises(Conflict, match="root cause"):
        closed(problem)
    for _time in range(2):
        name_root_cause(problem.pk, text="染色温度过高", actor=staff())
    for _time in range(2):
        assert (closed(problem), left(problem), problem.closed_at) == (2, [ret.ticket.ref], None)
    take_out(ret.ticket_id, actor=staff())
    for key in ("page-2", "page-3"):
        assert (closed(problem, key), left(problem), problem.closed_at is None) == (0, [], False)
    assert Event.objects.filter(name="batch.closed").count() == 1
    assert Event.objects.filter(name="batch.explained").count() == 1
    with pytest.raises(Conflict, match="closed"):
        add_ticket(problem.pk, asked().pk, actor=staff())


def test_what_one_ticket_refuses_is_told_of_that_one_and_the_others_are_answered() -> None:
    told, over, outside = (asked() for _each in range(3))
    order = an_order()
    complaint = open_complaint(code="quality", statement="衣服起球", order_id=order.pk, actor=customer(order)).ticket
    problem = a_problem(told, over, outside, complaint)
    run = reply_to_all(problem.pk, text="我们正在核查", key="page-1", actor=staff())
    assert not Message.objects.filter(by="staff").exists(), "nothing is written while the problem is locked"
    close_ticket(over.pk, actor=staff())
    take_out(outside.pk, actor=staff())
    do_some(run.pk, most=100)
    first = problem.members.order_by("pk")[0].ticket_id
    assert outcomes(run) == {
        first: "done", told.pk: "done", over.pk: "ticket_closed", outside.pk: "not_in_batch",
        complaint.pk: "apology_missing",
    }  # fmt: skip
    assert problem.replies.get().count == 2, "whoever was told"


def test_nothing_is_closed_before_an_answer_has_reached_it() -> None:
    problem = a_problem()
    name_root_cause(problem.pk, text="染色温度过高", actor=staff())
    run = reply_to_all(problem.pk, text="我们正在核查", key="page-1", actor=staff())
    with pytest.raises(Conflict, match="still on its way"):
        closed(problem)
    do_some(run.pk)
    assert closed(problem) == 1


def test_the_problem_closes_with_the_last_of_its_tickets() -> None:
    taken_out, problem = asked(), a_problem(asked())
    add_ticket(problem.pk, taken_out.pk, actor=staff())
    name_root_cause(problem.pk, text="染色温度过高", actor=staff())
    run = close_batch(problem.pk, key="page-1", actor=staff())
    assert run is not None
    take_out(taken_out.pk, actor=staff())
    for is_closed in (False, False, True):
        do_some(run.pk, most=1)
        problem.refresh_from_db()
        assert (problem.closed_at is not None) == is_closed
    assert sorted(outcomes(run).values()) == ["done", "done", "not_in_batch"]
    assert Event.objects.get(name="batch.closed").data == {"count": 2}


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
