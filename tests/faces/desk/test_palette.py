"""The command palette: what may be done to the open ticket, where one can go, what the search finds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.faces.desk import stages
from tests.faces.desk.test_queue import question
from tests.world import a_complaint, an_order, staff
from tickets.actions.saved_views import save_view

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def lines(client: Client, query: str = "") -> dict[str, tuple[str, str]]:
    """Label to address and manner."""
    answer = client.get(f"/desk/palette/?{query}", headers={"hx-request": "true"}).content.decode()
    found = re.findall(r'data-href="([^"]*)" data-how="(\w+)">.*?palette__label">([^<]*)<', answer)
    return {label: (href, how) for href, how, label in found}


def test_it_offers_what_may_be_done_to_the_open_ticket(sit: Sit) -> None:
    ret = stages.submitted()
    query = f"ticket={ret.ticket.ref}"
    mine = lines(sit("agent"), query)
    assert mine["Approve"] == (f"/desk/returns/{ret.ref}/approval/", "do")
    assert mine["Assign to somebody…"][1] == "ask"
    assert "Approve" not in lines(sit("auditor"), query)
    assert "Approve" not in lines(sit("agent"))
    assert "Approve" not in lines(sit("agent"), "ticket=T-NOTTHERE0")
    assert list(lines(sit("agent"), f"{query}&q=assign"))[:2] == ["Assign to me", "Assign to somebody…"]


def test_it_goes_to_areas_and_views_one_may_see(sit: Sit) -> None:
    save_view(name="二组逾期", query="due=overdue", actor=staff("agent"))
    mine = lines(sit("agent"))
    assert mine["Overdue"] == ("/desk/tickets/?view=overdue", "go")
    assert mine["二组逾期"][0].startswith("/desk/tickets/?view=saved-")
    assert "Objections" not in mine
    assert "Objections" in lines(sit("lead"))
    assert "二组逾期" not in lines(sit("lead"))
    assert list(lines(sit("agent"), "q=组")) == ["二组逾期", "Search everything for “组”"]


def test_it_finds_people_orders_and_tickets(sit: Sit) -> None:
    ticket = question("Where is it?", hours=3)
    assert ticket.order
    found = lines(sit("agent"), f"q={ticket.order.number}")
    assert (f"/desk/orders/{ticket.order.pk}/", "go") in found.values()
    assert (f"/desk/tickets/{ticket.ref}/", "go") in found.values()


def test_it_is_a_page_of_links_without_javascript(sit: Sit) -> None:
    ret = stages.submitted()
    page = sit("agent").get(f"/desk/palette/?ticket={ret.ticket.ref}").content.decode()
    assert "<html" in page
    assert f'<form method="post" action="/desk/returns/{ret.ref}/approval/"' in page
    assert 'href="/desk/tickets/?view=overdue"' in page


def test_it_costs_a_fixed_number_of_queries(sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ret = stages.submitted()
    client = sit("lead")
    client.get("/desk/profile/")
    with django_assert_max_num_queries(12):
        lines(client, f"ticket={ret.ticket.ref}")


def test_the_steps_of_a_complaint_come_first(sit: Sit) -> None:
    ref = a_complaint(an_order()).ticket.ref
    answer = sit("agent").get(f"/desk/palette/?ticket={ref}", headers={"hx-request": "true"}).content.decode()
    assert f"/desk/complaints/{ref}/apology/" in answer
    assert answer.index("/apology/") < answer.index(f"/desk/tickets/{ref}/waiting/")
    shut = sit("auditor").get(f"/desk/palette/?ticket={ref}", headers={"hx-request": "true"}).content.decode()
    assert "/apology/" not in shut
