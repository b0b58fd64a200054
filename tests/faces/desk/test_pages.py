"""Every page of the desk opens for whom it is made, is told apart for everybody else, and costs a fixed number of queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from returns.models import Return
from tests.faces.desk import stages
from tests.faces.desk.conftest import fresh
from tests.world import an_order, customer, staff
from tickets.actions.conversation import note, receive_message, reply
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
STAGES = [
    stages.submitted, stages.need_info, stages.awaiting_return, stages.in_transit, stages.delivered, stages.received,
    stages.refund_due, stages.refunding, stages.failed, stages.unknown, stages.goods_refused, stages.rejected,
    stages.contested, stages.expired, stages.exchange, stages.awaiting_reship, stages.reshipped,
]  # fmt: skip


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_a_ticket_offers_at_every_stage_what_each_role_may_do(sit: Sit, stage: Any) -> None:
    """Every button leads to a door that opens: the page never offers what would be refused."""
    ret: Return = stage()
    for role in ("agent", "warehouse", "lead", "manager", "auditor"):
        client = sit(role)
        answer = client.get(f"/desk/tickets/{ret.ticket.ref}/")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert ret.ref in page
        assert answer["Cache-Control"] == "no-store"
        offered = set(
            re.findall(r'/desk/(?:returns|refunds|parcels|tickets)/[^/"]+/(?!reply|note)[a-z-]+/(?=\?next)', page)
        )
        assert role != "auditor" or not offered
        for where in offered:
            door = client.get(where)
            assert door.status_code == 200, where
            assert "The case has moved on" not in door.content.decode(), where


@pytest.mark.postgres  # SQLite asks list by list
def test_a_ticket_costs_a_fixed_number_of_queries(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ret = stages.refund_due()
    for number in range(6):
        receive_message(ret.ticket_id, text=f"Question {number}", actor=customer(ret.order))
        reply(ret.ticket_id, text=f"Answer {number}", actor=staff())
        note(ret.ticket_id, text=f"Note {number}", actor=staff("warehouse"))
        stages.submitted()
    client = sit("lead")
    where = f"/desk/tickets/{fresh(ret).ticket.ref}/"
    client.get("/desk/profile/")  # the session notes once a minute that somebody is there
    with django_assert_max_num_queries(8):
        assert client.get(where).status_code == 200


@pytest.mark.postgres  # SQLite asks list by list
def test_a_question_is_there_whole_after_seven_queries(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ticket, client = stages.question(), sit("agent")
    client.get("/desk/profile/")
    with django_assert_max_num_queries(7):
        assert client.get(f"/desk/tickets/{ticket.ref}/").status_code == 200


def test_a_call_and_an_answer_are_written_down_in_a_fixed_number_of_statements(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    order, client = an_order(), sit("agent")
    client.get("/desk/profile/")
    call = {
        "about": order.number,
        "kind": "question",
        "channel": "phone",
        "priority": 3,
        "mine": "on",
        "title": "Invoice?",
    }
    client.post("/desk/tickets/new/", {**call, "key": "a" * 32})  # policy and calendar are read once in a process
    with django_assert_max_num_queries(24):  # one of them the timer of its resolution, which runs
        sent = client.post("/desk/tickets/new/", {**call, "key": "c" * 32, "text": "They called."})
    assert sent.status_code == 302
    ticket = Ticket.objects.latest("pk")
    with django_assert_max_num_queries(18):
        said = {"key": "r" * 32, "text": "It is on its way."}
        assert client.post(f"/desk/tickets/{ticket.ref}/reply/", said).status_code == 302


def test_the_side_of_a_ticket_is_on_its_page(sit: Sit) -> None:
    ret = stages.in_transit()
    page = sit("agent").get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    assert page.count('id="ticket-side"') == 1
    assert "Parcels of this case" in page
    assert ret.person.ref in page


def test_without_scripts_a_ticket_leads_to_the_very_list_it_was_opened_from(sit: Sit) -> None:
    ret, client = stages.in_transit(), sit("agent")
    page = client.get(f"/desk/tickets/{ret.ticket.ref}/?queue=returns&sort=-opened").content.decode()
    plain = re.search(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert plain is not None
    link = re.search(r'href="([^"]+)"', plain[1])
    assert link is not None
    assert link[1] == "/desk/tickets/?queue=returns&amp;sort=-opened"
    assert ret.ticket.ref in client.get(link[1].replace("&amp;", "&")).content.decode()


def test_what_renews_an_open_page_brings_its_side_along(sit: Sit) -> None:
    ret = stages.in_transit()
    part = sit("agent").get(f"/desk/tickets/{ret.ticket.ref}/renewal/", headers={"hx-request": "true"}).content.decode()
    assert 'id="ticket-side"' in part
    assert "Parcels of this case" in part


def test_what_would_change_a_verdict_is_told_beside_it_and_as_a_page(sit: Sit) -> None:
    ret = stages.submitted()
    client, where = sit("agent"), f"/desk/tickets/{ret.ticket.ref}/verdict/"
    assert f'hx-get="{where}"' in client.get(f"/desk/tickets/{ret.ticket.ref}/").content.decode()
    page = client.get(where).content.decode()
    assert "<html" in page
    assert "Still open, and it could change the verdict" in page
    assert "goods intact" in page
    assert re.search(r"A free repair would be due if “[^”]+” were “[^”]+” instead of “[^”]+”\.", page)
    assert re.search(r"The freight for the way back would be paid by the shop if", page)
    part = client.get(where, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="verdict"' in part


def test_a_ticket_without_a_verdict_has_nothing_to_change(sit: Sit) -> None:
    page = sit("agent").get(f"/desk/tickets/{stages.question().ref}/verdict/").content.decode()
    assert "There is no verdict to think about" in page
