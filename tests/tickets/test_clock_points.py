"""Warnings, missed deadlines and the steps after them: each once, in business time, for the deadline and not for the poll."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import QuerySet

from aftersales.accounts.models import User
from aftersales.kernel import clock as time
from aftersales.ledger.models import Event, Timer
from aftersales.notices.models import Notice
from tests.tickets.sla.hours import at
from tests.world import an_order, customer, member, staff
from tickets.actions import clock_points
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message, reply
from tickets.actions.duty import go_off_duty
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.actions.sla_policies import save_policy
from tickets.actions.waiting import resume
from tickets.models import Clock, ClockNotice, SlaPolicy, Ticket
from tickets.models.sla_policy import DEFAULT

pytestmark = pytest.mark.django_db


def a_question(when: str = "Mon 09:00") -> Ticket:
    order = an_order()
    with time.fixed(at(when)):
        return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


@pytest.fixture
def until(drain: Callable[[], int]) -> Callable[..., None]:
    """Let the workers run at each of these moments."""

    def run(*moments: str) -> None:
        for moment in moments:
            with time.fixed(at(moment)):
                drain()

    return run


def first(ticket: Ticket) -> Clock:
    found: Clock = ticket.clocks.get(metric="first_response")
    return found


def notices(ticket: Ticket) -> list[tuple[str, dt.datetime]]:
    return list(ClockNotice.objects.filter(clock=first(ticket)).order_by("at").values_list("kind", "at"))


def missed() -> QuerySet[Event]:
    """Of first responses: a question that grows more urgent is soon late in other ways too."""
    return Event.objects.filter(name="clock.missed", data__metric="first_response")


def test_point_10_it_warns_at_each_point_once(until: Callable[..., None]) -> None:
    ticket = a_question()
    until("Mon 09:08", "Mon 09:08", "Mon 09:13")
    assert [kind for kind, _ in notices(ticket)] == ["50%", "80%"]
    assert Event.objects.filter(name="clock.warned", subject_id=ticket.pk).count() == 2


def test_point_10_nobody_is_warned_outside_opening_hours(until: Callable[..., None]) -> None:
    ticket = a_question("Mon 17:50")
    until("Mon 20:00")  # half of it had passed at 17:57:30, and the worker stood still
    assert notices(ticket) == []
    until("Tue 09:00")
    assert [kind for kind, _ in notices(ticket)] == ["50%"]


def test_point_11_the_missed_deadline_is_told_with_its_own_time(until: Callable[..., None]) -> None:
    ticket = a_question()
    staff("lead")
    until("Tue 03:00")
    assert ("missed", at("Mon 09:15")) in notices(ticket)
    assert missed().get().at == at("Mon 09:15")
    assert (
        Notice.objects.filter(template="clock.missed", event=missed().get()).count()
        == User.objects.filter(role="lead").count()
    )
    assert [kind for kind, _ in notices(ticket) if kind.endswith("%")] == [], "a warning after the deadline is none"


def test_point_12_a_rerun_tells_nobody_twice(until: Callable[..., None]) -> None:
    ticket = a_question()
    for _ in range(3):
        clock_points.reach(first(ticket).pk, now=at("Mon 09:16"))
    until("Mon 09:17", "Mon 09:18")
    assert missed().count() == 1


def test_point_2_a_clock_that_stands_reaches_nothing(until: Callable[..., None]) -> None:
    ticket = a_question()
    reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:05"))
    until("Fri 17:00")
    assert not Event.objects.filter(name__startswith="clock.").exists()
    assert not Timer.objects.pending().filter(kind="ticket.clock").exists()


@pytest.mark.parametrize(
    "ended",
    [
        lambda ticket: reply(ticket.pk, text="On its way.", actor=staff(), at=at("Mon 09:40")),
        lambda ticket: close_ticket(ticket.pk, actor=staff(), at=at("Mon 09:40")),
    ],
    ids=["answered", "closed"],
)
def test_a_deadline_that_passed_while_no_worker_came_by_is_told_after_the_clock_has_ended(
    until: Callable[..., None], ended: Callable[[Ticket], object]
) -> None:
    staff("lead")
    ticket = a_question()
    ended(ticket)
    until("Mon 10:30", "Mon 12:00")
    assert notices(ticket) == [("missed", at("Mon 09:15"))]
    event = missed().get()
    assert (event.at, dt.datetime.fromisoformat(event.data["due"])) == (at("Mon 09:15"),) * 2
    assert Notice.objects.filter(template="clock.missed", event=event).exists()
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.assignee_id) == (Ticket.Priority.NORMAL, None), "nothing is left to hurry"
    assert not Timer.objects.pending().filter(kind="ticket.clock").exists()


def test_one_that_was_late_before_it_was_paused_is_told_once_and_goes_on(until: Callable[..., None]) -> None:
    """The resolution was due on Tuesday at six; on Wednesday we ask the customer something."""
    ticket = a_question()
    reply(ticket.pk, text="We look.", actor=staff(), at=at("Mon 09:05"))
    with time.fixed(at("Mon 09:05")):
        resume(ticket.pk, actor=staff())
    reply(ticket.pk, text="Which one?", actor=staff(), at=at("Wed 09:10"))
    assert ticket.clocks.get(metric="resolution").state == "paused"
    until("Wed 10:00", "Wed 18:00")
    told = Event.objects.filter(name="clock.missed", data__metric="resolution")
    assert told.get().at == at("Tue 18:00")
    assert ticket.order is not None
    receive_message(ticket.pk, text="The blue one.", actor=customer(ticket.order), at=at("Thu 09:00"))
    until("Thu 09:30", "Fri 18:00")
    assert told.count() == 1
    assert Event.objects.filter(name="clock.escalated", data__metric="resolution").count() == 1


def test_what_went_along_is_told_by_the_clock_that_goes_on(until: Callable[..., None]) -> None:
    old = a_question()
    assert old.order is not None
    with time.fixed(at("Mon 09:20")):
        new = ask_question(old.order.pk, text="The same.", actor=customer(old.order))
        merge_tickets(old.pk, new.pk, actor=staff())
    until("Mon 09:25")
    assert missed().get().subject_id == new.pk


def test_steps_after_the_deadline_run_through_the_actions(until: Callable[..., None]) -> None:
    ticket, lead = a_question(), staff("lead")
    until("Mon 09:31")
    ticket.refresh_from_db()
    assert ticket.priority == Ticket.Priority.HIGH
    until("Mon 10:16")
    ticket.refresh_from_db()
    assert ticket.assignee_id == lead.id
    assert list(Event.objects.filter(name="clock.escalated").order_by("pk").values_list("data__deed", flat=True)) == [
        "raise_priority",
        "reassign",
    ]
    assert Event.objects.filter(name="ticket.assigned", actor_kind="system").count() == 1


def test_two_steps_that_a_worker_comes_to_at_once_raise_it_twice(until: Callable[..., None]) -> None:
    policy = SlaPolicy.objects.get(key=DEFAULT)
    steps = [{"metric": "first_response", "after": after, "do": "raise_priority"} for after in ("15m", "30m")]
    save_policy(policy.pk, policy.current().settings | {"steps": steps}, actor=staff("manager"))
    ticket = a_question()
    until("Mon 12:00")
    ticket.refresh_from_db()
    assert ticket.priority == Ticket.Priority.URGENT


def test_a_lead_who_is_off_duty_is_given_nothing(until: Callable[..., None]) -> None:
    """The one with the fewest tickets is away until Tuesday; the one who has the ticket was late with it."""
    away, busy = staff("lead"), staff("lead", "Bea")
    ticket, other = a_question(), a_question("Mon 09:20")
    with time.fixed(at("Mon 09:00")):
        go_off_duty(away.id or 0, actor=away, until=at("Tue 09:00"))
        assign(other.pk, user_id=busy.id, actor=busy)
    until("Mon 10:16")
    ticket.refresh_from_db()
    assert ticket.assignee_id == busy.id
    until("Mon 10:36")
    other.refresh_from_db()
    assert other.assignee_id == busy.id, "nobody else is there, so it stays where it is"
    with time.fixed(at("Tue 09:00")):
        third = a_question("Tue 09:00")
    until("Tue 10:16")
    third.refresh_from_db()
    assert third.assignee_id == away.id, "back on duty, with nothing to do"


@pytest.mark.parametrize("away", [True, False])
def test_where_the_assignee_is_off_duty_the_leads_hear_too(until: Callable[..., None], away: bool) -> None:
    an, lead = member("agent", "an"), member("lead")
    ticket = a_question()
    with time.fixed(at("Mon 09:01")):
        assign(ticket.pk, user_id=an.pk, actor=staff())
        if away:
            go_off_duty(an.pk, actor=an.as_actor())
    assert ticket.order is not None
    until("Mon 09:02")
    receive_message(ticket.pk, text="在吗？", actor=customer(ticket.order), at=at("Mon 09:05"))
    until("Mon 09:14", "Mon 09:16")
    both = {an.pk, lead.pk} if away else {an.pk}
    for template in ("ticket.message_received", "clock.warned", "clock.missed"):
        heard = Notice.objects.filter(template=template).values_list("recipient_id", flat=True)
        assert set(heard) == both, template
    assert set(Notice.objects.filter(template="ticket.assigned").values_list("recipient_id", flat=True)) == {an.pk}


def test_point_14_after_a_stop_all_that_was_missed_is_seen_to_oldest_first(until: Callable[..., None]) -> None:
    tickets = [a_question(f"Mon 09:{minute:02}") for minute in (30, 10, 20, *range(31, 56))]
    until("Mon 10:11")
    told = missed().order_by("pk").values_list("at", flat=True)
    assert len(told) == len(tickets)
    assert list(told) == sorted(told)
