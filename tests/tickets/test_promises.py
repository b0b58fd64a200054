"""A promise on a ticket: reminded of before it is due, kept, or broken, which opens its ticket again and tells the lead once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.accounts.models import Team, User
from aftersales.kernel import clock
from aftersales.kernel.errors import Conflict, NotFound, NotPermitted
from aftersales.ledger.catalogue import listener
from aftersales.ledger.models import Event, Timer
from aftersales.notices.models import Notice
from customers.actions.promises import break_promise, keep_promise, make_promise
from customers.models import Promise
from tests.world import a_return, an_order, customer, member, staff
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.complaints import deciding, hearing
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.merging import merge_tickets
from tickets.actions.promises import StillPromised, promise_on_ticket, ticket_of
from tickets.actions.questions import ask_question
from tickets.models import Ticket
from tickets.notices import about_a_broken_promise, about_a_promise_due

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
Drain = Callable[[], int]


def a_ticket() -> Ticket:
    order = an_order()
    ticket: Ticket = ask_question(order.pk, text="Where is the lid?", actor=customer(order))
    return ticket


def promised(ticket: Ticket, hours: float = 6) -> Promise:
    due_at = clock.now() + hours * HOUR
    return promise_on_ticket(ticket.pk, text="The lid leaves today", due_at=due_at, actor=staff("agent"))


def told(template: str) -> list[str]:
    """Who was told, by role, in the order they were."""
    names = Notice.objects.filter(template=template).order_by("pk").values_list("recipient_id", flat=True)
    roles = {member(role).pk: role for role in ("agent", "lead")}
    return [roles[pk] for pk in names]


def later(hours: float, drain: Drain) -> None:
    with clock.fixed(clock.now() + hours * HOUR):
        drain()


def test_whoever_made_it_is_reminded_once_two_hours_before(drain: Drain) -> None:
    staff("lead")
    promise = promised(a_ticket())
    later(3.9, drain)
    assert told("promise.warned") == []
    later(4.1, drain)
    later(4.2, drain)
    assert told("promise.warned") == ["agent"]
    promise.refresh_from_db()
    assert promise.warned_at is not None
    assert Event.objects.filter(name="promise.warned").count() == 1


def test_of_a_short_one_the_reminder_comes_after_half_its_time(drain: Drain) -> None:
    promised(a_ticket(), hours=1)
    later(0.4, drain)
    assert told("promise.warned") == []
    later(0.6, drain)
    assert told("promise.warned") == ["agent"]


def test_a_broken_one_opens_its_ticket_again_urgent_and_tells_the_lead_once(drain: Drain) -> None:
    staff("lead")
    ticket = a_ticket()
    promise = promised(ticket)
    close_ticket(ticket.pk, actor=staff("agent"), why="the warehouse sends it tonight")
    assert Event.objects.get(name="ticket.closed").data["promised"] == "the warehouse sends it tonight"
    for hours in (6.1, 7):
        later(hours, drain)
    ticket.refresh_from_db()
    promise.refresh_from_db()
    assert (ticket.status, ticket.priority) == (Ticket.Status.OPEN, Ticket.Priority.URGENT)
    assert ticket.due_at == promise.broken_at
    assert sorted(told("promise.broken")) == ["agent", "lead"]
    assert told("promise.warned") == [], "too late to remind of it"
    assert Event.objects.filter(name="ticket.promise_broken", subject_id=ticket.pk).count() == 1


def test_the_leads_of_its_tickets_team_hear_and_are_led_to_the_ticket(drain: Drain) -> None:
    ours, other = Team.objects.create(name="甲组"), Team.objects.create(name="乙组")
    for name, team in (("lead", ours), ("elsewhere", other)):
        User.objects.filter(pk=member("lead", name).pk).update(team=team)
    ticket = a_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(team=ours)
    promise = promised(ticket)
    User.objects.filter(pk=member("agent").pk).update(is_active=False)
    for hours in (4.1, 6.1, 7):
        later(hours, drain)
    for template in ("promise.warned", "promise.broken"):
        notice = Notice.objects.get(template=template)
        assert notice.recipient_id == member("lead").pk
        assert (notice.params["ref"], notice.params["text"]) == (ticket.ref, promise.text)
        assert notice.params["url"].endswith(f"/desk/tickets/{ticket.ref}/")


def test_one_of_a_complaints_plan_is_told_to_its_team_too(drain: Drain) -> None:
    team = Team.objects.create(name="甲组")
    for name in ("lead", "elsewhere"):
        member("lead", name)
    User.objects.filter(pk=member("lead").pk).update(team=team)
    agent = staff("agent")
    complaint = open_complaint(code="quality", statement="不热了", about_id=a_ticket().pk, actor=agent)
    pk = complaint.ticket_id
    Ticket.objects.filter(pk=pk).update(team=team)
    hearing.hear_out(pk, statement="用了两次就不热", actor=agent)
    hearing.understand(pk, real_problem="没人认账", aim="换一台新的", actor=agent)
    planned = deciding.make_plan(pk, text="Call by noon", due_at=clock.now() + HOUR, actor=agent)
    assert planned.promise is not None
    assert ticket_of(planned.promise) == planned.ticket
    break_promise(planned.promise.pk, actor=agent)
    drain()
    drain()
    assert sorted(told("promise.broken")) == ["agent", "lead"]


def test_news_that_was_on_its_way_under_the_name_of_before_arrives() -> None:
    """A delivery names its listener in the database: one that waited for an update must still find it."""
    assert listener("customers.promise_warned") is about_a_promise_due
    assert listener("customers.promise_broken") is about_a_broken_promise


def test_pages_of_its_ticket_that_stand_open_see_that_it_was_made_and_kept(drain: Drain) -> None:
    ticket = a_ticket()
    promise = promised(ticket)
    ticket.refresh_from_db()
    assert ticket.updated_at == promise.made_at
    with clock.fixed(promise.made_at + HOUR):
        keep_promise(promise.pk, actor=staff("agent"))
        drain()
    ticket.refresh_from_db()
    assert ticket.updated_at == promise.made_at + HOUR


def test_a_kept_one_is_quiet_for_ever(drain: Drain) -> None:
    ticket = a_ticket()
    keep_promise(promised(ticket).pk, actor=staff("agent"))
    close_ticket(ticket.pk, actor=staff("agent"))
    later(30, drain)
    ticket.refresh_from_db()
    assert ticket.status == Ticket.Status.CLOSED
    assert told("promise.warned") == told("promise.broken") == []
    assert not Timer.objects.pending().filter(kind__startswith="customers.promise").exists()


def test_a_ticket_is_not_closed_over_an_open_promise_without_a_reason() -> None:
    ticket = a_ticket()
    promised(ticket)
    for why in ("", "  "):
        with pytest.raises(StillPromised) as refused:
            close_ticket(ticket.pk, actor=staff("agent"), why=why)
    assert refused.value.field == "why"
    ticket.refresh_from_db()
    assert ticket.status != Ticket.Status.CLOSED


def test_what_was_promised_on_a_merged_ticket_is_asked_for_where_the_work_goes_on() -> None:
    order = an_order()
    source, into = (ask_question(order.pk, text="?", actor=customer(order)) for _each in range(2))
    promise = promise_on_ticket(source.pk, text="a lid", due_at=clock.now() + dt.timedelta(days=4), actor=staff())
    merge_tickets(source.pk, into.pk, actor=staff())
    with pytest.raises(StillPromised):
        close_ticket(into.pk, actor=staff())
    keep_promise(promise.pk, actor=staff())
    assert close_ticket(into.pk, actor=staff()).status == "closed"


def test_a_promise_in_a_call_that_is_broken_gets_a_ticket(drain: Drain) -> None:
    person = an_order().person
    promise = make_promise(
        person.pk, text="I call you back by noon", due_at=clock.now() + HOUR, actor=staff("agent"), made_in="call"
    )
    later(2, drain)
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.person, ticket.priority) == ("task", person, Ticket.Priority.URGENT)
    assert "I call you back by noon" in ticket.title
    promise.refresh_from_db()
    assert promise.on_ticket.ticket == ticket
    later(3, drain)
    assert Ticket.objects.count() == 1


def test_a_merged_ticket_comes_back_as_the_one_it_went_into(drain: Drain) -> None:
    order = an_order()
    one = ask_question(order.pk, text="Where is the lid?", actor=customer(order))
    promise = promised(one)
    with clock.fixed(clock.now() + HOUR):
        other = ask_question(order.pk, text="And the handle?", actor=customer(order))
    if other.pk == one.pk:
        pytest.skip("the second question joined the first")
    merge_tickets(one.pk, other.pk, actor=staff("agent"))
    break_promise(promise.pk, actor=staff("agent"))
    drain()
    other.refresh_from_db()
    assert other.priority == Ticket.Priority.URGENT


def test_a_running_request_keeps_its_own_clock_and_still_rises(drain: Drain) -> None:
    ret = a_return(an_order())
    due_at = ret.ticket.process_due_at
    promise = promised(ret.ticket)
    break_promise(promise.pk, actor=staff("agent"))
    drain()
    ticket = Ticket.objects.get(pk=ret.ticket_id)
    assert (ticket.process_due_at, ticket.priority) == (due_at, Ticket.Priority.URGENT)


def test_only_agents_promise_and_only_on_an_open_ticket_they_see() -> None:
    ticket = a_ticket()
    due_at = clock.now() + HOUR
    with pytest.raises(NotPermitted):
        promise_on_ticket(ticket.pk, text="x", due_at=due_at, actor=staff("warehouse"))
    with pytest.raises(NotFound):
        promise_on_ticket(0, text="x", due_at=due_at, actor=staff("agent"))
    assign(ticket.pk, user_id=staff("agent").id, actor=staff("agent"))
    close_ticket(ticket.pk, actor=staff("agent"))
    with pytest.raises(Conflict):
        promise_on_ticket(ticket.pk, text="x", due_at=due_at, actor=staff("agent"))
    assert not Promise.objects.exists()
