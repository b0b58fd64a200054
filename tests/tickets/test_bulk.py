"""One thing for many tickets: each through its own action, a report, the way back; and nothing twice."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotPermitted
from aftersales.ledger.models import Event, Timer
from tests.faces.desk import stages
from tests.tickets.sla.hours import at
from tests.world import a_person, an_order, customer, member, staff
from tickets.actions import opening
from tickets.actions.assignment import assign
from tickets.actions.bulk import running
from tickets.actions.bulk.kinds import KINDS
from tickets.actions.bulk.running import NoWayBack, do_some, go_on, start_bulk, undo_bulk
from tickets.actions.conversation import reply
from tickets.actions.opening import open_ticket
from tickets.actions.phrases import save_phrase
from tickets.actions.questions import ask_question
from tickets.actions.waiting import set_waiting
from tickets.models import BulkRun, Clock, ClockSegment, Message, Queue, Tag, Ticket

pytestmark = pytest.mark.django_db


def some(number: int = 3) -> list[int]:
    person = a_person()
    return [
        open_ticket(kind="question", title=f"No. {each}", person=person, order=None, actor=staff()).pk
        for each in range(number)
    ]


def run(
    kind: str, params: dict[str, Any], tickets: list[int], *, actor: Actor | None = None, key: str = "k"
) -> BulkRun:
    started = start_bulk(kind, params, tickets, key=key, actor=actor or replace(staff("lead"), locale="en"))
    do_some(started.pk, most=100)
    started.refresh_from_db()
    return started


def outcomes(of: BulkRun) -> list[str]:
    return list(of.rows.values_list("outcome", flat=True))


def held_by() -> list[Any]:
    """Team and assignee of each ticket."""
    return list(Ticket.objects.order_by("pk").values_list("team", "assignee"))


def test_each_goes_through_its_own_action_and_the_report_says_what_came_of_it() -> None:
    lin, tickets = member("agent"), some(2)
    assign(tickets[0], user_id=lin.pk, actor=staff())
    done = run("assign", {"user": lin.pk}, tickets)
    assert outcomes(done) == ["unchanged", "done"]
    assert set(Ticket.objects.values_list("assignee", flat=True)) == {lin.pk}
    assert Event.objects.filter(name="ticket.assigned").count() == 2
    assert Event.objects.get(name="bulk.done").data == {"number": 1, "refused": 0}
    assert not Timer.objects.pending().filter(kind=running.GOES_ON).exists()


def test_what_one_ticket_refuses_is_refused_with_its_sentence_and_the_others_go_on() -> None:
    held = stages.submitted().ticket
    done = run("close", {}, [held.pk, *some(1)])
    rows = {row.ticket_id: row for row in done.rows.all()}
    assert (rows[held.pk].outcome, rows[held.pk].code) == ("refused", "case_open")
    assert "belongs to a request that is not finished" in rows[held.pk].sentence
    assert sorted(outcomes(done)) == ["done", "refused"]


def test_why_a_ticket_was_refused_is_said_in_the_language_of_the_page_it_was_started_from() -> None:
    """Most people never choose one: their account has none, and the worker works in none."""
    held, said = stages.submitted().ticket, list[str]()
    for locale in ("zh-hans", "en"):
        done = run("close", {}, [held.pk], actor=replace(staff("lead"), locale=locale), key=locale)
        said.append(done.rows.get().sentence)
    assert "工单" in said[0]
    assert "belongs to a request" in said[1]


def test_the_same_form_twice_is_one_run_and_a_row_is_done_once() -> None:
    tickets = some(2)
    one = run("reply", {"text": "您好，仓库今天恢复发货。"}, tickets)
    other = run("reply", {"text": "您好，仓库今天恢复发货。"}, tickets)
    assert one == other
    assert do_some(one.pk) is False
    assert Message.objects.filter(by="staff").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_is_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    tickets, lead = some(1), staff("lead")
    begun, found, start = threading.Barrier(2), list[int](), running._start

    def both(*args: Any, **named: Any) -> BulkRun:
        begun.wait(5)  # each has looked for the other and found none
        return start(*args, **named)

    def attempt() -> None:
        try:
            found.append(start_bulk("priority", {"priority": 1}, tickets, key="k", actor=lead).pk)
        finally:
            connection.close()

    monkeypatch.setattr(running, "_start", both)
    threads = [threading.Thread(target=attempt) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [BulkRun.objects.get().pk] * 2


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("priority", {"priority": 1}), ("close", {}), ("assign", {"user": None}),
        ("wait", {"waiting_on": "carrier", "until": "", "why": "查件中"}),
    ],
)  # fmt: skip
def test_it_is_taken_back_where_nobody_changed_it_since(kind: str, params: dict[str, Any]) -> None:
    tickets, lead = some(3), staff("lead")
    for pk in tickets:
        assign(pk, user_id=lead.id, actor=lead)
    before = [KINDS[kind].look(Ticket.objects.get(pk=pk)) for pk in tickets]
    done = run(kind, params, tickets)
    assert outcomes(done) == ["done"] * 3
    back = undo_bulk(done.pk, key="undo", actor=lead)
    assert undo_bulk(done.pk, key="undo again", actor=lead) == back
    do_some(back.pk)
    assert outcomes(back) == ["done"] * 3
    assert [KINDS[kind].look(Ticket.objects.get(pk=pk)) for pk in tickets] == before


def test_what_was_changed_since_stays_as_it_is() -> None:
    lead, tickets = staff("lead"), some(2)
    done = run("priority", {"priority": 1}, tickets)
    Ticket.objects.filter(pk=tickets[0]).update(priority=2)
    back = undo_bulk(done.pk, key="undo", actor=lead)
    do_some(back.pk)
    assert outcomes(back) == ["refused", "done"]
    assert back.rows.get(ticket=tickets[0]).code == "changed_since"
    assert Ticket.objects.get(pk=tickets[0]).priority == 2


@pytest.mark.parametrize("kind", ["team", "queue"])
def test_what_a_closed_team_took_from_its_assignee_is_given_back(kind: str) -> None:
    lin, gone, boss, tickets = member("agent"), member("agent", "gone"), staff("manager"), some(3)
    for pk, user in zip(tickets, (lin, gone, lin), strict=True):
        assign(pk, user_id=user.pk, actor=boss)
    home = Team.objects.create(name="家电组", is_closed=True)
    queue = Queue.objects.create(key="home", name_zh="家电", name_en="Home", team=home)
    done = run(kind, {"team": home.pk, "queue": queue.pk}, tickets, actor=boss)
    assert set(held_by()) == {(home.pk, None)}
    gone.is_active = False
    gone.save()
    assign(tickets[2], user_id=(other := member("manager", "other")).pk, actor=boss)
    back = undo_bulk(done.pk, key="undo", actor=boss)
    do_some(back.pk)
    assert outcomes(back) == ["done"] * 3
    assert held_by() == [(None, lin.pk), (None, None), (None, other.pk)]


def test_an_assignee_whom_the_move_did_not_take_away_stays_taken_away() -> None:
    lin, boss, (ticket,) = member("agent"), staff("manager"), some(1)
    assign(ticket, user_id=lin.pk, actor=boss)
    done = run("team", {"team": Team.objects.create(name="二组").pk}, [ticket], actor=boss)
    assign(ticket, user_id=None, actor=boss)
    back = undo_bulk(done.pk, key="undo", actor=boss)
    do_some(back.pk)
    assert outcomes(back) == ["done"]
    assert held_by() == [(None, None)]


def test_a_wait_whose_day_has_come_meanwhile_is_taken_up() -> None:
    (ticket,), lead = some(1), staff("lead")
    set_waiting(ticket, "carrier", actor=lead, until=clock.now() + dt.timedelta(days=1), why="查件")
    done = run("wait", {"waiting_on": "supplier", "until": "", "why": "等配件"}, [ticket])
    with clock.fixed(clock.now() + dt.timedelta(days=2)):
        back = undo_bulk(done.pk, key="undo", actor=lead)
        do_some(back.pk)
    assert outcomes(back) == ["done"]
    assert Ticket.objects.values_list("status", "waiting_on").get() == ("open", "")


def test_what_one_does_not_see_any_more_is_not_taken_back() -> None:
    kept, gone = some(2)
    agent = staff("agent")
    done = run("priority", {"priority": 1}, [kept, gone], actor=agent)
    Ticket.objects.filter(pk=gone).update(team=Team.objects.create(name="甲组", is_closed=True))
    back = undo_bulk(done.pk, key="undo", actor=agent)
    do_some(back.pk)
    assert list(back.rows.values_list("ticket", "outcome")) == [(kept, "done")]
    done = run("priority", {"priority": 2}, [kept], actor=agent, key="other")
    Ticket.objects.filter(pk=kept).update(team=Team.objects.get())
    with pytest.raises(NoWayBack):
        undo_bulk(done.pk, key="undo other", actor=agent)


def test_a_tag_is_added_to_those_that_are_there_and_taken_off_again() -> None:
    (ticket,), old, new = some(1), Tag.objects.create(name="催件"), Tag.objects.create(name="双十一")
    Ticket.objects.get(pk=ticket).tags.add(old)
    done = run("tag", {"tag": new.pk}, [ticket])
    assert set(Ticket.objects.get(pk=ticket).tags.all()) == {old, new}
    do_some(undo_bulk(done.pk, key="undo", actor=staff("lead")).pk)
    assert list(Ticket.objects.get(pk=ticket).tags.all()) == [old]


def test_a_phrase_is_filled_in_for_each_and_sends_nobody_a_hole() -> None:
    order = an_order()
    with_order = open_ticket(kind="question", title="?", person=order.person, order=order, actor=staff())
    (without,) = some(1)
    phrase = save_phrase(
        None, key="late", title_zh="延迟", text_zh="{customer}您好，订单{order}明天发出。", steps=[["priority", "high"]],
        actor=staff("manager"),
    )  # fmt: skip
    done = run("phrase", {"phrase": phrase.pk}, [with_order.pk, without])
    rows = {row.ticket_id: row for row in done.rows.all()}
    assert rows[with_order.pk].outcome == "done"
    assert order.number in Message.objects.get(ticket=with_order).text
    assert rows[without].code == "no_value"
    assert not Message.objects.filter(ticket=without).exists()


def test_a_reply_has_no_way_back() -> None:
    done = run("reply", {"text": "您好"}, some(1))
    with pytest.raises(NoWayBack):
        undo_bulk(done.pk, key="undo", actor=staff("lead"))


def test_changing_something_else_never_moves_what_a_ticket_waits_for() -> None:
    (ticket,) = some(1)
    until = clock.now() + dt.timedelta(days=3)
    set_waiting(ticket, "carrier", actor=staff(), until=until, why="查件中")
    fields = ("status", "waiting_on", "waiting_since", "waiting_until", "due_at")
    before = Ticket.objects.filter(pk=ticket).values_list(*fields)[0]
    run("priority", {"priority": 1}, [ticket], key="1")
    run("assign", {"user": staff("lead").id}, [ticket], key="2")
    run("tag", {"tag": Tag.objects.create(name="x").pk}, [ticket], key="3")
    assert Ticket.objects.filter(pk=ticket).values_list(*fields)[0] == before


def test_many_go_on_in_the_worker_piece_by_piece() -> None:
    tickets = some(60)
    started = start_bulk("priority", {"priority": 2}, tickets, key="k", actor=staff("lead"))
    turns = 0
    while not BulkRun.objects.get(pk=started.pk).done_at:
        timer = Timer.objects.pending().get(kind=running.GOES_ON)
        assert timer.subject_id == started.pk
        go_on(started.pk, at=clock.now())
        turns += 1
    assert turns == 3
    assert Ticket.objects.filter(priority=2).count() == 60


def test_it_ends_somewhere_and_begins_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST", 2)
    with pytest.raises(BadInput) as refusal:
        start_bulk("close", {}, some(3), key="k", actor=staff())
    assert (refusal.value.params["number"], refusal.value.params["most"]) == (3, 2)
    with pytest.raises(BadInput):
        start_bulk("close", {}, [], key="k", actor=staff())


def test_the_role_is_asked_at_the_start_and_for_each_ticket() -> None:
    tickets = some(1)
    with pytest.raises(NotPermitted):
        start_bulk("close", {}, tickets, key="k", actor=staff("warehouse"))
    agent = member("agent")
    started = start_bulk("close", {}, tickets, key="k", actor=agent.as_actor())
    agent.role = "warehouse"
    agent.save(update_fields=["role"])
    do_some(started.pk)
    assert outcomes(started) == ["refused"]
    assert BulkRun.objects.visible_to(staff("agent", "other")).count() == 0


def test_a_bulk_close_taken_back_lets_its_tickets_wait_again_as_before() -> None:
    waiting, idle = some(2)
    until = clock.now() + dt.timedelta(days=2)
    set_waiting(waiting, "supplier", actor=staff(), until=until, why="等配件")
    done = run("close", {}, [waiting, idle])
    do_some(undo_bulk(done.pk, key="undo", actor=staff("lead")).pk)
    back = Ticket.objects.get(pk=waiting)
    assert (back.status, back.waiting_on, back.waiting_until, back.waiting_why) == (
        "waiting",
        "supplier",
        until,
        "等配件",
    )
    assert Ticket.objects.get(pk=idle).status == "open"


# What each kind does to a ticket that waits for its customer, and whether its clocks may hear of it at all.
TO_ONE_THAT_WAITS: dict[str, tuple[dict[str, Any], bool]] = {
    "assign": ({"user": "lead"}, False),
    "team": ({"team": "team"}, False),
    "queue": ({"queue": "queue"}, False),
    "priority": ({"priority": 1}, True),
    "tag": ({"tag": "tag"}, False),
    "wait": ({"waiting_on": "customer", "until": "2026-11-30T01:00:00+00:00", "why": "等照片"}, False),
    "close": ({}, True),
    "reply": ({"text": "您好，等您的照片。"}, False),
    "phrase": ({"phrase": "phrase"}, False),
}


def kept() -> tuple[list[Any], list[Any]]:
    return list(Clock.objects.order_by("pk").values()), list(ClockSegment.objects.order_by("pk").values())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_ticket_that_waits_for_its_customer_keeps_its_clocks_whatever_is_done_to_many(kind: str) -> None:
    """Asked on Monday at nine, answered after ten minutes, changed on Thursday: long after every deadline it ever had."""
    params, is_heard = TO_ONE_THAT_WAITS[kind]
    lead, order = staff("lead"), an_order()
    phrase = save_phrase(
        None, key="photo", title_zh="照片", text_zh="请发照片。", steps=[], actor=staff("manager"),
    )  # fmt: skip
    rows = {
        "lead": lead.id, "team": Team.objects.create(name="一组").pk, "tag": Tag.objects.create(name="催件").pk,
        "queue": opening.queue("tasks").pk, "phrase": phrase.pk,
    }  # fmt: skip
    with clock.fixed(at("Mon 09:00")):
        ticket = ask_question(order.pk, text="什么时候发货？", actor=customer(order))
    reply(ticket.pk, text="请发一张照片。", actor=lead, at=at("Mon 09:10"))
    before = kept()
    with clock.fixed(at("Thu 15:00")):
        done = run(kind, {name: rows.get(str(value), value) for name, value in params.items()}, [ticket.pk])
        assert outcomes(done) == ["done"]
        if not is_heard:
            assert kept() == before
        resolution = Clock.objects.told().get(ticket=ticket, metric="resolution")
        assert resolution.elapsed(at("Thu 15:00")) == 600
        assert (resolution.state, resolution.due_at) == ("met" if kind == "close" else "paused", None)
        assert resolution.target_s == (4 if kind == "priority" else 18) * 3600
        if KINDS[kind].back is not None:
            do_some(undo_bulk(done.pk, key="undo", actor=lead).pk)
            resolution = Clock.objects.told().get(ticket=ticket, metric="resolution")
            assert (resolution.state, resolution.target_s, resolution.due_at) == ("paused", 18 * 3600, None)
            assert resolution.elapsed(at("Fri 15:00")) == 600, "nor when it is taken back"
    assert not Timer.objects.pending().filter(kind="ticket.clock").exists()
    assert not Event.objects.filter(name__in=("clock.missed", "clock.warned")).exists()
