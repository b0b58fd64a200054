"""What has been waited goes along when tickets are merged, taken apart, split or called otherwise. Hours: 09:00 to 18:00."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aftersales.kernel import clock as time
from customers.models import Order
from returns.actions.decision import approve_return
from tests.tickets.sla.hours import at
from tests.world import a_return, an_order, customer, staff
from tickets.actions.by_staff import About, open_by_staff
from tickets.actions.conversation import note, receive_message, reply
from tickets.actions.details import change_ticket
from tickets.actions.merging import merge_tickets, unmerge
from tickets.actions.opening import open_ticket
from tickets.actions.questions import ask_question
from tickets.actions.splitting import split_ticket
from tickets.actions.waiting import resume, set_waiting
from tickets.models import Clock, ClockSegment, Message, Ticket

pytestmark = pytest.mark.django_db


def asked(order: Order, when: str) -> Ticket:
    with time.fixed(at(when)):
        return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def the(ticket: Ticket, metric: str) -> Clock:
    found: Clock = Clock.objects.told().filter(ticket=ticket, metric=metric).order_by("-cycle")[0]
    return found


def counts(ticket: Ticket, metric: str, when: str) -> tuple[str, dt.datetime, int]:
    """How its newest clock stands: state, since when, minutes of opening hours."""
    clock = the(ticket, metric)
    return clock.state, clock.started_at, clock.elapsed(at(when)) // 60


def rows() -> tuple[list[Any], list[Any]]:
    return list(Clock.objects.order_by("pk").values()), list(ClockSegment.objects.order_by("pk").values())


def merge(source: Ticket, into: Ticket, when: str) -> None:
    with time.fixed(at(when)):
        merge_tickets(source.pk, into.pk, actor=staff())


def apart(source: Ticket, when: str) -> None:
    with time.fixed(at(when)):
        unmerge(source.pk, actor=staff())


def test_of_two_waits_the_one_that_is_due_sooner_goes_on_in_the_ticket_that_stays() -> None:
    order = an_order()
    old, new = asked(order, "Mon 09:00"), asked(order, "Mon 09:08")
    merge(old, new, "Mon 09:10")
    assert counts(new, "first_response", "Mon 09:10") == ("running", at("Mon 09:00"), 10)
    assert the(new, "first_response").due_at == at("Mon 09:15"), "not 09:23"
    assert counts(new, "resolution", "Mon 12:00") == ("running", at("Mon 09:00"), 180)
    assert list(new.clocks.filter(cycle=1).values_list("state", flat=True)) == ["void", "void"]
    new.refresh_from_db()
    assert new.due_at == at("Mon 09:15")
    before = rows()
    merge(old, new, "Mon 11:00")
    assert rows() == before, "merged once"


def test_a_younger_wait_leaves_the_older_one_as_it_is() -> None:
    order = an_order()
    old, new = asked(order, "Mon 09:00"), asked(order, "Mon 09:08")
    before = list(old.clocks.order_by("pk").values())
    merge(new, old, "Mon 09:10")
    assert list(old.clocks.order_by("pk").values()) == before


def test_a_clock_that_was_late_stays_the_late_one() -> None:
    order = an_order()
    old, new = asked(order, "Mon 09:00"), asked(order, "Mon 09:05")
    merge(old, new, "Mon 09:30")
    assert (the(old, "first_response").state, the(new, "first_response").cycle) == ("missed", 1)
    assert the(new, "first_response").due_at == at("Mon 09:20")


def test_whom_the_ticket_waited_for_has_written_in_the_other_one() -> None:
    order = an_order()
    ticket = asked(order, "Mon 09:00")
    reply(ticket.pk, text="Which one?", actor=staff(), at=at("Mon 09:10"))
    other = asked(order, "Mon 10:00")
    merge(other, ticket, "Mon 10:10")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on, ticket.due_at) == ("open", "", at("Mon 11:00"))
    assert counts(ticket, "next_response", "Mon 10:30") == ("running", at("Mon 10:00"), 30)
    assert counts(ticket, "resolution", "Mon 10:40") == ("running", at("Mon 09:00"), 40), "10 before, 30 since 10:10"


def test_time_that_stood_still_stays_left_out_where_it_goes_along() -> None:
    order = an_order()
    old = asked(order, "Mon 09:00")
    reply(old.pk, text="Which one?", actor=staff(), at=at("Mon 10:00"))
    receive_message(old.pk, text="The blue one.", actor=customer(order), at=at("Mon 15:00"))
    new = asked(order, "Mon 15:30")
    merge(old, new, "Mon 15:40")
    assert counts(new, "resolution", "Mon 17:00") == ("running", at("Mon 09:00"), 60 + 120)
    assert the(new, "first_response").due_at == at("Mon 15:45"), "the next response of the other was due at 16:00"


def test_a_next_response_that_is_due_sooner_than_the_first_one_stays_a_next_response() -> None:
    order = an_order()
    old = asked(order, "Mon 09:00")
    reply(old.pk, text="Which one?", actor=staff(), at=at("Mon 09:10"))
    receive_message(old.pk, text="The blue one.", actor=customer(order), at=at("Mon 10:00"))
    new = asked(order, "Mon 10:50")
    merge(old, new, "Mon 10:55")
    assert the(new, "first_response").state == "void"
    assert (the(new, "next_response").due_at, the(new, "next_response").started_at) == (
        at("Mon 11:00"),
        at("Mon 10:00"),
    )
    apart(old, "Mon 10:58")
    assert (the(new, "first_response").due_at, the(old, "next_response").due_at) == (at("Mon 11:05"), at("Mon 11:00"))


def test_apart_again_each_counts_what_it_would_have_without_the_merge() -> None:
    order = an_order()
    old, new = asked(order, "Mon 09:00"), asked(order, "Mon 09:04")
    merge(old, new, "Mon 09:06")
    apart(old, "Mon 09:10")
    assert counts(old, "first_response", "Mon 09:12") == ("running", at("Mon 09:00"), 12)
    assert counts(old, "resolution", "Mon 12:00") == ("running", at("Mon 09:00"), 180)
    assert counts(new, "first_response", "Mon 09:12") == ("running", at("Mon 09:04"), 8)
    assert counts(new, "resolution", "Mon 12:04") == ("running", at("Mon 09:04"), 180)
    assert the(old, "first_response").due_at == at("Mon 09:15")
    new.refresh_from_db()
    assert new.due_at == at("Mon 09:19")
    before = rows()
    apart(old, "Mon 09:11")
    assert rows() == before, "undone once"


def test_what_was_answered_where_the_work_went_on_waits_no_more() -> None:
    order = an_order()
    old, new = asked(order, "Mon 09:00"), asked(order, "Mon 09:04")
    merge(old, new, "Mon 09:06")
    reply(new.pk, text="On its way.", actor=staff(), at=at("Mon 09:08"))
    apart(old, "Mon 12:00")
    assert not old.clocks.filter(metric__in=("first_response", "next_response"), state__in=Clock.OPEN).exists()
    assert counts(old, "resolution", "Mon 12:30") == ("running", at("Mon 09:00"), 8 + 30), "it stood while we waited"
    assert counts(new, "resolution", "Mon 12:30") == ("paused", at("Mon 09:04"), 4)
    receive_message(old.pk, text="And mine?", actor=customer(order), at=at("Mon 13:00"))
    assert counts(old, "next_response", "Mon 13:10") == ("running", at("Mon 13:00"), 10)


def test_what_the_customer_wrote_meanwhile_waits_where_they_wrote_it() -> None:
    order = an_order()
    ticket = asked(order, "Mon 09:00")
    reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:10"))
    other = asked(order, "Mon 10:00")
    merge(other, ticket, "Mon 10:05")
    receive_message(ticket.pk, text="Hello?", actor=customer(order), at=at("Mon 10:20"))
    apart(other, "Mon 10:30")
    assert counts(ticket, "next_response", "Mon 10:40") == ("running", at("Mon 10:20"), 20)
    assert counts(other, "first_response", "Mon 10:40") == ("running", at("Mon 10:00"), 40)


def test_a_ticket_merged_twice_counts_by_both_places() -> None:
    order = an_order()
    first, second, third = (asked(order, when) for when in ("Mon 09:00", "Mon 09:01", "Mon 09:02"))
    merge(first, second, "Mon 10:00")
    reply(second.pk, text="Which?", actor=staff(), at=at("Mon 11:00"))
    merge(second, third, "Mon 13:00")
    apart(first, "Mon 14:00")
    assert counts(first, "resolution", "Mon 15:00") == ("running", at("Mon 09:00"), 120 + 120)


def split(ticket: Ticket, messages: list[Message], when: str) -> Ticket:
    with time.fixed(at(when)):
        return split_ticket(ticket.pk, [each.pk for each in messages], title="The other thing", actor=staff())


def test_a_message_split_off_waits_since_it_was_written() -> None:
    order = an_order()
    ticket = asked(order, "Mon 09:00")
    second = receive_message(ticket.pk, text="And the cover is torn.", actor=customer(order), at=at("Mon 09:05"))
    new = split(ticket, [second], "Mon 09:12")
    assert counts(new, "first_response", "Mon 09:12") == ("running", at("Mon 09:05"), 7)
    assert counts(new, "resolution", "Mon 10:05") == ("running", at("Mon 09:05"), 60)
    assert (the(new, "first_response").due_at, Ticket.objects.get(pk=new.pk).due_at) == (at("Mon 09:20"),) * 2
    assert counts(ticket, "first_response", "Mon 09:12") == ("running", at("Mon 09:00"), 12), "its own still waits"
    before = rows()
    split(ticket, [second], "Mon 11:00")
    assert rows() == before, "split once"


def test_the_wait_of_the_message_that_goes_is_not_left_behind() -> None:
    order = an_order()
    ticket = asked(order, "Mon 09:00")
    reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:10"))
    one = receive_message(ticket.pk, text="The cover is torn.", actor=customer(order), at=at("Mon 10:00"))
    two = receive_message(ticket.pk, text="And it is late.", actor=customer(order), at=at("Mon 10:30"))
    new = split(ticket, [one], "Mon 10:40")
    assert counts(ticket, "next_response", "Mon 10:50") == ("running", at("Mon 10:30"), 20)
    assert counts(new, "first_response", "Mon 10:50") == ("running", at("Mon 10:00"), 50)
    split(ticket, [two], "Mon 10:50")
    assert the(ticket, "next_response").state == "void", "nothing in it waits any more"
    assert not ticket.clocks.filter(metric="next_response", state__in=Clock.OPEN).exists()


def test_what_was_answered_before_the_split_owes_no_first_response_again() -> None:
    order = an_order()
    ticket = asked(order, "Mon 09:00")
    told = reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:10"))
    new = split(ticket, [told], "Mon 11:00")
    assert not new.clocks.filter(metric="first_response").exists()
    hint = note(ticket.pk, text="Asked the warehouse.", actor=staff(), at=at("Mon 11:10"))
    other = split(ticket, [hint], "Mon 11:20")
    assert counts(other, "first_response", "Mon 11:30") == ("running", at("Mon 11:20"), 10), "nobody waited before"


def test_what_came_by_a_merge_waits_in_the_new_ticket_since_it_was_written() -> None:
    order = an_order()
    source, into = asked(order, "Mon 09:00"), asked(order, "Mon 09:04")
    merge(source, into, "Mon 09:06")
    new = split(into, list(source.messages.all()), "Mon 09:12")
    assert counts(new, "first_response", "Mon 09:12") == ("running", at("Mon 09:00"), 12)
    assert counts(new, "resolution", "Mon 10:00") == ("running", at("Mon 09:00"), 60)
    assert counts(into, "first_response", "Mon 09:12") == ("running", at("Mon 09:04"), 8)
    apart(source, "Mon 10:00")
    assert not source.clocks.filter(metric="first_response", state__in=Clock.OPEN).exists(), "it waits in the new one"


def test_words_of_before_a_merge_answer_their_own_ticket_alone_and_those_after_it_all() -> None:
    order = an_order()
    source, into = asked(order, "Mon 09:00"), asked(order, "Mon 09:04")
    reply(into.pk, text="On its way.", actor=staff(), at=at("Mon 09:05"))
    merge(source, into, "Mon 09:06")
    new = split(into, list(source.messages.all()), "Mon 09:12")
    assert counts(new, "first_response", "Mon 09:12") == ("running", at("Mon 09:00"), 12)
    assert not into.clocks.filter(metric__endswith="response", state__in=Clock.OPEN).exists()

    source = asked(order, "Mon 10:00")
    merge(source, into, "Mon 10:01")
    reply(into.pk, text="Both are.", actor=staff(), at=at("Mon 10:05"))
    new = split(into, list(source.messages.all()), "Mon 10:10")
    assert counts(new, "first_response", "Mon 10:12") == ("running", at("Mon 10:10"), 2), "nobody waited for it"


def a_task(order: Order, when: str) -> Ticket:
    with time.fixed(at(when)):
        return open_ticket(
            kind=Ticket.Kind.TASK, title="Look into it", person=order.person, order=order, actor=staff(),
            queue_key="tasks",
        )  # fmt: skip


def test_a_task_that_becomes_a_question_has_been_waited_for_since_it_was_opened() -> None:
    ticket = a_task(an_order(), "Mon 09:00")
    assert not ticket.clocks.exists()
    with time.fixed(at("Mon 10:00")):
        set_waiting(ticket.pk, "customer", actor=staff(), why="a photo")
    with time.fixed(at("Mon 12:00")):
        resume(ticket.pk, actor=staff())
    with time.fixed(at("Mon 13:00")):
        change_ticket(ticket.pk, actor=staff(), kind=Ticket.Kind.QUESTION)
    assert counts(ticket, "resolution", "Mon 14:00") == ("running", at("Mon 09:00"), 60 + 120)
    assert the(ticket, "first_response").breached_at(at("Mon 13:00")) == at("Mon 09:15"), (
        "the pause is not for this one"
    )
    before = rows()
    with time.fixed(at("Mon 14:00")):
        change_ticket(ticket.pk, actor=staff(), kind=Ticket.Kind.TASK)
        change_ticket(ticket.pk, actor=staff(), kind=Ticket.Kind.QUESTION)
    assert rows() == before, "what runs is not begun again, and a promise is not taken back by another word"


def test_the_call_that_opened_it_had_nobody_waited_for() -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        about = About(order_id=order.pk)
        ticket = open_by_staff(kind="task", title="A lid", text="She asks for one.", actor=staff(), about=about)
    with time.fixed(at("Wed 10:00")):
        receive_message(ticket.pk, text="And the lid?", actor=customer(order))
    with time.fixed(at("Wed 10:30")):
        change_ticket(ticket.pk, actor=staff(), kind=Ticket.Kind.QUESTION)
    assert counts(ticket, "resolution", "Wed 10:30") == ("running", at("Mon 09:00"), (9 + 9) * 60 + 90)


@pytest.mark.parametrize("how", ["a reply", "a talk", "said to wait"])
def test_what_waited_for_the_customer_before_it_was_called_otherwise_is_left_out(how: str) -> None:
    order = an_order()
    ticket = a_task(order, "Mon 09:00")
    if how == "a reply":
        reply(ticket.pk, text="Which one?", actor=staff(), at=at("Mon 10:00"))
    elif how == "a talk":
        note(ticket.pk, text="Asked her which one.", actor=staff(), at=at("Mon 10:00"), contact=True)
    else:
        with time.fixed(at("Mon 10:00")):
            set_waiting(ticket.pk, "customer", actor=staff(), why="which one")
    note(ticket.pk, text="Looked it up.", actor=staff(), at=at("Mon 12:00"))
    receive_message(ticket.pk, text="The blue one.", actor=customer(order), at=at("Tue 10:00"))
    with time.fixed(at("Tue 12:00")):
        change_ticket(ticket.pk, actor=staff(), kind=Ticket.Kind.QUESTION)
    assert counts(ticket, "resolution", "Tue 12:00") == ("running", at("Mon 09:00"), 60 + 120)


def test_a_task_with_a_day_of_its_own_waits_for_nobody_after_a_reply() -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        ticket = open_ticket(
            kind="task", title="Look", person=order.person, order=order, actor=staff(), due_at=at("Fri 09:00")
        )
    reply(ticket.pk, text="We look on Friday.", actor=staff(), at=at("Mon 10:00"))
    receive_message(ticket.pk, text="Fine.", actor=customer(order), at=at("Mon 12:00"))
    with time.fixed(at("Mon 13:00")):
        change_ticket(ticket.pk, actor=staff(), kind=Ticket.Kind.QUESTION)
    assert counts(ticket, "resolution", "Mon 13:00") == ("running", at("Mon 09:00"), 240)


def test_a_message_waits_since_it_was_written_whatever_the_ticket_was_called_then() -> None:
    order = an_order()
    ticket = a_task(order, "Mon 09:00")
    reply(ticket.pk, text="Which one?", actor=staff(), at=at("Mon 09:30"))
    receive_message(ticket.pk, text="The blue one.", actor=customer(order), at=at("Mon 10:00"))
    with time.fixed(at("Mon 10:30")):
        change_ticket(ticket.pk, actor=staff(), kind=Ticket.Kind.QUESTION)
    assert not ticket.clocks.filter(metric="first_response").exists()
    assert counts(ticket, "next_response", "Mon 10:30") == ("running", at("Mon 10:00"), 30)


def a_return_that_waits(order: Order) -> Ticket:
    """Asked for on Monday at nine, granted at ten: it waits for the parcel of the customer."""
    with time.fixed(at("Mon 09:00")):
        ret = a_return(order)
    with time.fixed(at("Mon 10:00")):
        approve_return(ret.pk, actor=staff())
    ticket: Ticket = Ticket.objects.get(pk=ret.ticket_id)
    assert (ticket.status, ticket.waiting_on, ticket.due_at) == ("waiting", "customer", None)
    return ticket


def test_what_the_customer_asks_while_a_request_waits_for_them_is_owed() -> None:
    order = an_order()
    ticket = a_return_that_waits(order)
    for when in ("Mon 11:00", "Mon 11:30"):
        receive_message(ticket.pk, text="Which address?", actor=customer(order), at=at(when))
        ticket.refresh_from_db()
        assert (ticket.status, ticket.waiting_on) == ("waiting", "customer"), "the request says whose turn it is"
        assert counts(ticket, "next_response", "Mon 12:00") == ("running", at("Mon 11:00"), 60)
        assert ticket.due_at == at("Mon 15:00")
    reply(ticket.pk, text="The one on the note.", actor=staff(), at=at("Mon 12:00"))
    assert the(ticket, "next_response").state == "met"


def test_a_mail_that_was_under_way_when_a_request_began_to_wait_is_owed_as_well() -> None:
    order = an_order()
    ticket = a_return_that_waits(order)
    for when in ("Mon 09:50", "Mon 11:30"):
        receive_message(ticket.pk, text="Which address?", actor=customer(order), at=at(when))
        assert counts(ticket, "next_response", "Mon 12:00") == ("running", at("Mon 09:50"), 130)


def test_a_response_that_stood_since_a_request_waits_runs_again_with_their_next_message() -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        ret = a_return(order)
    receive_message(ret.ticket_id, text="And the bill?", actor=customer(order), at=at("Mon 09:30"))
    with time.fixed(at("Mon 10:00")):
        approve_return(ret.pk, actor=staff())
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    assert counts(ticket, "next_response", "Mon 11:00") == ("paused", at("Mon 09:30"), 30)
    receive_message(ticket.pk, text="Which address?", actor=customer(order), at=at("Mon 11:00"))
    assert counts(ticket, "next_response", "Mon 11:10") == ("running", at("Mon 09:30"), 40)
    ticket.refresh_from_db()
    assert ticket.due_at == the(ticket, "next_response").due_at


@pytest.mark.parametrize("asked_at", ["Mon 09:30", "Mon 12:00"], ids=["before it waited", "since"])
def test_a_question_merged_into_a_request_that_waits_for_the_customer_stays_owed(asked_at: str) -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        ret = a_return(order)
    question = asked(order, asked_at) if asked_at < "Mon 10:00" else None
    with time.fixed(at("Mon 10:00")):
        approve_return(ret.pk, actor=staff())
    question = question or asked(order, asked_at)
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    merge(question, ticket, "Mon 12:05")
    clock = the(ticket, "next_response")
    assert (clock.state, clock.started_at) == ("running", at(asked_at))
    ticket.refresh_from_db()
    assert ticket.due_at == clock.due_at
    receive_message(ticket.pk, text="Hello?", actor=customer(order), at=at("Mon 12:10"))
    assert the(ticket, "next_response").state == "running"


def test_merged_into_one_whose_own_response_stood_that_one_runs_on_where_it_is_due_sooner() -> None:
    order = an_order()
    with time.fixed(at("Mon 09:00")):
        ret = a_return(order)
    receive_message(ret.ticket_id, text="And the bill?", actor=customer(order), at=at("Mon 09:30"))
    with time.fixed(at("Mon 12:00")):
        approve_return(ret.pk, actor=staff())
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    merge(asked(order, "Mon 12:00"), ticket, "Mon 12:05")
    assert counts(ticket, "next_response", "Mon 12:15") == ("running", at("Mon 09:30"), 150 + 10)
