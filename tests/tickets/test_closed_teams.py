"""A closed team keeps its tickets: whoever is given one must be able to see it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aftersales.accounts.models import Team, User
from aftersales.desk.batches import Left, left_of
from aftersales.desk.deeds.batches import BatchClosing, Batched
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound
from aftersales.kernel.refs import new_ref
from aftersales.ledger.models import Event
from tests.tickets.visits import a_visit, at, due
from tests.world import a_return, an_order, customer, member, staff
from tickets.actions.assignment import OutsideTeam, assign
from tickets.actions.batches import add_ticket, close_batch, name_root_cause, open_batch
from tickets.actions.bulk.running import do_some, start_bulk, undo_bulk
from tickets.actions.closing import close_ticket
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.conversation import note
from tickets.actions.details import change_ticket
from tickets.actions.mail.by_hand import place_on
from tickets.actions.merging import merge_tickets
from tickets.actions.opening import queue
from tickets.actions.questions import ask_question
from tickets.actions.reopening import reopen_ticket
from tickets.actions.splitting import split_ticket
from tickets.actions.visits.recording import Said, record_outcome
from tickets.models import Arrival, Complaint, Queue, Ticket, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    """A ticket of a closed team, with an agent of the team and one of another."""
    teams = {name: Team.objects.create(name=name, is_closed=name == "甲组") for name in ("甲组", "乙组")}
    for name, team in (("amei", "甲组"), ("bohan", "乙组")):
        User.objects.filter(pk=member("agent", name).pk).update(team=teams[team])
    order = an_order()
    asked = ask_question(order.pk, text="还没收到", actor=customer(order))
    Ticket.objects.filter(pk=asked.pk).update(team=teams["甲组"])
    return asked


def fresh(name: str) -> User:
    return User.objects.get(email=f"{name}@shop.example")


def test_it_is_given_to_whoever_sees_it_and_to_nobody_else(ticket: Ticket) -> None:
    lead = staff("lead")
    with pytest.raises(OutsideTeam):
        assign(ticket.pk, user_id=fresh("bohan").pk, actor=lead)
    assert not Event.objects.filter(name="ticket.assigned").exists()
    for name in ("amei", "lead"):
        assert assign(ticket.pk, user_id=fresh(name).pk, actor=lead).assignee == fresh(name)
    assign(ticket.pk, user_id=fresh("lead").pk, actor=lead)
    assert Event.objects.filter(name="ticket.assigned").count() == 2


def test_actions_of_agents_outside_find_nothing(ticket: Ticket) -> None:
    outside, inside = fresh("bohan").as_actor(), fresh("amei").as_actor()
    with pytest.raises(NotFound):
        note(ticket.pk, text="看看", actor=outside)
    note(ticket.pk, text="看看", actor=inside)
    for act in (close_ticket, reopen_ticket):
        with pytest.raises(NotFound):
            act(ticket.pk, actor=outside)
    assert not Ticket.objects.visible_to(outside).exists()
    Team.objects.update(is_closed=False)
    note(ticket.pk, text="看看", actor=outside)
    assert assign(ticket.pk, user_id=outside.id, actor=inside).assignee == fresh("bohan")


def test_nothing_that_came_in_is_put_on_its_ticket_from_outside(ticket: Ticket) -> None:
    closed = a_return(an_order(person=ticket.person)).ticket
    orders = an_order(person=ticket.person), an_order(person=ticket.person)
    seen, gone = (ask_question(order.pk, text="在吗", actor=customer(order)) for order in orders)
    merge_tickets(gone.pk, ticket.pk, actor=staff("lead"))
    Ticket.objects.filter(pk=closed.pk).update(team=Team.objects.get(name="甲组"))
    now = clock.now()
    came = Arrival.objects.create(
        ref=new_ref("M"),
        sender="wang@stranger.example",
        text="放这里",
        state="quarantined",
        received_at=now,
        kept_at=now,
    )
    outside, refusals = fresh("bohan").as_actor(), set()
    for ref in (ticket.ref, gone.ref, closed.goods_return.ref, "T-000000000"):
        with pytest.raises(BadInput) as refused:
            place_on(came.ref, ref, actor=outside)
        refusals.add(str(refused.value).replace(ref, "…"))
    assert len(refusals) == 1, "which numbers exist is not told"
    assert place_on(came.ref, seen.ref, actor=outside).ticket == seen


def test_what_is_split_off_stays_with_its_team(ticket: Ticket) -> None:
    amei, bohan = fresh("amei").as_actor(), fresh("bohan").as_actor()
    note(ticket.pk, text="另一件事", actor=amei)
    chosen = ticket.messages.get(text="另一件事")
    for _twice in range(2):
        new = split_ticket(ticket.pk, [chosen.pk], title="另一件事", actor=amei)
        assert new.team == Team.objects.get(name="甲组")
    assert not Ticket.objects.visible_to(bohan).exists()
    assert Ticket.objects.visible_to(amei).count() == 2


def test_a_complaint_taken_from_a_closed_case_stays_with_its_team(ticket: Ticket) -> None:
    made = open_complaint(code="quality", statement="还是没收到", about_id=ticket.pk, actor=fresh("amei").as_actor())
    assert made.ticket.team == Team.objects.get(name="甲组")
    assert not Complaint.objects.visible_to(fresh("bohan").as_actor()).exists()


def test_what_a_closed_team_s_visit_finds_to_do_stays_with_it(ticket: Ticket) -> None:
    with clock.fixed(at(2)):
        visit = due(a_visit())
        Visit.objects.filter(pk=visit.pk).update(team=Team.objects.get(name="甲组"))
        said = Said(satisfaction=2, help="打不开")
        done = record_outcome(visit.pk, "help", said, actor=fresh("amei").as_actor())
    assert done.help_ticket is not None
    assert done.help_ticket.team == Team.objects.get(name="甲组")


@pytest.mark.parametrize("queue_key", ["questions", "complaints", "returns"])
def test_what_comes_into_a_team_s_queue_is_the_team_s(ticket: Ticket, queue_key: str) -> None:
    queue(queue_key)
    Queue.objects.filter(key=queue_key).update(team=Team.objects.get(name="甲组"))
    order, outside = an_order(), fresh("bohan").as_actor()
    if queue_key == "questions":
        came = ask_question(order.pk, text="新的问题", actor=customer(order))
    elif queue_key == "complaints":
        came = open_complaint(code="quality", statement="坏了", order_id=order.pk, actor=customer(order)).ticket
    else:
        came = a_return(order).ticket
    assert came.team == Team.objects.get(name="甲组")
    assert not Ticket.objects.visible_to(outside).filter(pk=came.pk).exists()
    # A case that is a team's already stays with it, whatever the queue of what comes from it.
    Ticket.objects.filter(pk=came.pk).update(team=Team.objects.get(name="乙组"))
    Queue.objects.filter(key="complaints").update(team=Team.objects.get(name="甲组"))
    taken = open_complaint(code="quality", statement="仍然", about_id=came.pk, actor=outside)
    assert taken.ticket.team == Team.objects.get(name="乙组")


def test_what_is_put_into_a_team_s_queue_is_the_team_s_and_whoever_is_outside_gives_it_up(ticket: Ticket) -> None:
    own, other = (Team.objects.get(name=name) for name in ("甲组", "乙组"))
    Queue.objects.filter(pk=queue("tasks").pk).update(team=own)
    Queue.objects.filter(pk=queue("returns").pk).update(team=other)
    order = an_order()
    free = ask_question(order.pk, text="换个颜色", actor=customer(order))
    assign(free.pk, user_id=fresh("bohan").pk, actor=staff("lead"))
    run = start_bulk("queue", {"queue": queue("tasks").pk}, [free.pk], key="move", actor=staff("lead"))
    assert not do_some(run.pk)
    free.refresh_from_db()
    assert (free.team, free.assignee) == (own, None)
    assert not Ticket.objects.visible_to(fresh("bohan").as_actor()).filter(pk=free.pk).exists()
    assert Event.objects.filter(name="ticket.assigned", subject_id=free.pk).latest("id").data["to"] == "–"
    kept = change_ticket(free.pk, queue_id=queue("returns").pk, actor=staff("lead"))
    assert kept.team == own, "what is closed stays closed"
    change_ticket(free.pk, queue_id=queue("tasks").pk, actor=staff("lead"))
    do_some(undo_bulk(run.pk, key="back", actor=staff("lead")).pk)
    free.refresh_from_db()
    assert (free.team, free.queue.key) == (None, "questions")
    chosen = change_ticket(free.pk, queue_id=queue("tasks").pk, team_id=other.pk, actor=staff("lead"))
    assert chosen.team == other


def test_a_batch_problem_of_a_closed_team_is_not_there_for_others(ticket: Ticket) -> None:
    member("lead", "lead")
    outside, inside = fresh("bohan").as_actor(), fresh("amei").as_actor()
    problem = open_batch(ticket.pk, title="整批丢件", about="carrier", actor=inside)

    def page(name: str, path: str = f"/desk/batches/{problem.ref}/") -> Any:
        client = Client()
        client.force_login(fresh(name), backend="aftersales.accounts.backend.AccountBackend")
        return client.get(path)

    assert [page(name).status_code for name in ("bohan", "amei", "lead")] == [404, 200, 200]
    assert page("bohan", f"/desk/batches/{problem.ref}/root-cause/").status_code == 404
    assert "整批丢件" not in page("bohan", "/desk/batches/").content.decode()
    for act in (
        lambda: name_root_cause(problem.pk, text="车辆起火", actor=outside),
        lambda: close_batch(problem.pk, key="page-1", actor=outside),
    ):
        with pytest.raises(NotFound):
            act()
    order = an_order()
    open_to_all = ask_question(order.pk, text="也没收到", actor=customer(order))
    form = Batched(target=open_to_all, actor=outside)
    assert "整批丢件" not in str(form["problem"])
    add_ticket(problem.pk, open_to_all.pk, actor=inside)
    assert page("bohan").status_code == 200
    assert "还没收到" not in page("bohan").content.decode()
    name_root_cause(problem.pk, text="车辆起火", actor=outside)
    for key in ("0123456789abcdef-1", "0123456789abcdef-2"):
        deed = BatchClosing(data={"key": key}, target=problem, actor=outside)
        assert deed.is_valid()
        deed.act()
    assert left_of(problem, outside) == Left([], elsewhere=1), "counted and not named"
    assert not Event.objects.filter(name="batch.closed").exists()
    assert "另有 1 个其他小组的工单仍未关闭" in str(deed.said)
    assert ticket.ref not in str(deed.said)
    run = close_batch(problem.pk, key="page-1", actor=inside)
    assert run is not None
    do_some(run.pk)
    assert left_of(problem, inside) == Left([], elsewhere=0)
    assert Event.objects.filter(name="batch.closed").count() == 1
