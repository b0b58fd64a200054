"""The pages of batch problems: what is open stands first, on as many pages as it takes; how far is what is done for all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from aftersales.desk.views import batches as views
from aftersales.kernel import clock
from aftersales.kernel.refs import new_ref
from tests.faces.desk import stages
from tests.faces.desk.conftest import key
from tests.world import staff
from tickets.actions.batches import add_ticket, open_batch
from tickets.actions.bulk import running
from tickets.actions.closing import close_ticket
from tickets.actions.merging import merge_tickets
from tickets.models import BatchProblem, BulkRun, Message

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def a_problem(title: str, *, opened: int, closed: int | None = None) -> BatchProblem:
    """Opened, and closed, that many days ago."""
    now = clock.now()
    return BatchProblem.objects.create(
        ref=new_ref("B"), title=title, about="lot", opened_at=now - dt.timedelta(days=opened),
        closed_at=None if closed is None else now - dt.timedelta(days=closed),
    )  # fmt: skip


def titles(client: Client, page: str = "") -> list[str]:
    return re.findall('class="work__subject"[^>]*>([^<]*)<', client.get(f"/desk/batches/{page}").content.decode())


def test_open_problems_stand_above_closed_ones_and_none_is_left_out(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ROWS", 3)
    a_problem("open long", opened=30)
    a_problem("closed long ago", opened=20, closed=9)
    a_problem("closed just now", opened=25, closed=1)
    a_problem("open", opened=2)
    agent = sit("agent")
    assert titles(agent) == ["open", "open long", "closed just now"]
    assert 'rel="next"' in agent.get("/desk/batches/").content.decode()
    assert titles(agent, "?page=2") == ["closed long ago"]


def test_open_tickets_of_a_problem_stand_above_closed_ones(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ROWS", 2)
    problem = stages.batched()
    first = problem.members.get().ticket
    others = [stages.question() for _each in range(2)]
    for ticket in others:
        add_ticket(problem.pk, ticket.pk, actor=staff())
    for ticket in (first, others[0]):
        close_ticket(ticket.pk, actor=staff())
    agent, where = sit("agent"), f"/desk/batches/{problem.ref}/"
    shown = [re.findall('class="work__subject" href="/desk/tickets/([^/]+)/', agent.get(where + page).content.decode())
             for page in ("", "?page=2")]  # fmt: skip
    assert shown == [[others[1].ref, others[0].ref], [first.ref]]


def test_a_merged_ticket_is_told_as_the_one_in_which_it_goes_on(sit: Sit) -> None:
    source, into = stages.asked_twice()
    problem = open_batch(source.pk, title="Bad lot", about="lot", actor=staff())
    merge_tickets(source.pk, into.pk, actor=staff())
    agent = sit("agent")
    page = agent.get(f"/desk/batches/{problem.ref}/").content.decode()
    assert f"/desk/tickets/{into.ref}/" in page
    assert f"/desk/tickets/{source.ref}/" not in page
    for _each in range(2):
        assert "1 ticket<" in agent.get("/desk/batches/").content.decode()
        if problem.members.count() == 1:
            add_ticket(problem.pk, into.pk, actor=staff())


def test_an_answer_to_all_leads_to_its_report_and_the_problem_to_it(sit: Sit) -> None:
    problem, agent = stages.batched(), sit("agent")
    where = f"/desk/batches/{problem.ref}/"
    sent = {"key": key(), "text": "We are looking into it"}
    report = [agent.post(f"{where}reply/", sent)["Location"] for _time in range(2)]
    run = BulkRun.objects.get()
    assert report == [f"/desk/bulk/{run.pk}/"] * 2
    page = agent.get(report[0]).content.decode()
    assert "Sent, to each by itself." in page
    assert f'href="{where}"' in page
    assert f'href="{report[0]}"' in agent.get(where).content.decode()


def test_of_a_long_one_everybody_sees_how_far_it_is(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    problem, agent = stages.batched(), sit("agent")
    member_too = stages.question()
    add_ticket(problem.pk, member_too.pk, actor=staff())
    where = f"/desk/batches/{problem.ref}/"
    report = agent.post(f"{where}reply/", {"key": key(), "text": "We are looking into it"})["Location"]
    assert "It goes on in the background." in agent.get(report).content.decode()
    assert not Message.objects.filter(by="staff").exists()
    close_ticket(member_too.pk, actor=staff())
    run = BulkRun.objects.get()
    for done, told in ((1, "1 of 2"), (2, "2 of 2 · 1 refused")):
        running.do_some(run.pk, most=1)
        for who in (agent, sit("agent", "other")):
            page = who.get(where).content.decode()
            assert told in page, done
            assert (report in page) == (who is agent), "a report is for whoever began it"
