"""Checklists at the desk: an item is ticked on the ticket page, a list is added and left out; a manager writes one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.faces.desk.conftest import whole_page
from tests.tickets.test_checklists import a_list, asked, first
from tests.world import member
from tickets.models import Checklist, TicketChecklist

pytestmark = pytest.mark.django_db
Sit = Callable[..., Client]


def test_an_agent_ticks_takes_back_and_is_told_what_is_missing(sit: Sit) -> None:
    a_list(kinds=["question"])
    ticket = asked()
    agent, address, item = sit("agent"), f"/desk/tickets/{ticket.ref}/", first(ticket)
    page = whole_page(agent, address)
    assert "Switched on" in page
    assert "0 / 2" in page
    assert f"/desk/checks/{item.pk}/tick/" in page
    refused = agent.post(f"{address}closing/").content.decode()
    assert "Not ticked yet: Switched on." in refused
    for _time in range(2):
        assert agent.post(f"/desk/checks/{item.pk}/tick/").status_code == 302
    page = whole_page(agent, address)
    assert "1 / 2" in page
    assert f"/desk/checks/{item.pk}/untick/" in page
    assert "Ticked: Switched on" in page
    agent.post(f"/desk/checks/{item.pk}/untick/")
    assert "0 / 2" in whole_page(agent, address)
    assert f"/desk/checks/{item.pk}/tick/" not in whole_page(sit("auditor"), address)


def test_a_list_is_added_and_left_out_with_a_reason(sit: Sit) -> None:
    made, ticket = a_list("Packing"), asked()
    agent, address = sit("agent"), f"/desk/tickets/{ticket.ref}/"
    assert "Packing" in agent.get(f"{address}checklist/").content.decode()
    assert agent.post(f"{address}checklist/", {"checklist": made.pk}).status_code == 302
    one = TicketChecklist.objects.get()
    empty = agent.post(f"/desk/checklists/{one.pk}/omission/", {"why": ""})
    assert empty.status_code in (400, 422)
    assert agent.post(f"/desk/checklists/{one.pk}/omission/", {"why": "Sent without a box"}).status_code == 302
    assert "Sent without a box" in agent.get(address).content.decode()
    assert agent.post(f"{address}closing/").status_code == 302


def test_a_manager_writes_a_list_in_the_office() -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(member("manager"))
    given = {"title_zh": "验机", "title_en": "Testing", "kinds": ["repair"], "position": "1", "reasons": ""}
    add = "/office/tickets/checklist/add/"
    assert "is no item" in client.post(add, {**given, "items": "*"}).content.decode()
    assert client.post(add, {**given, "items": "* 通电 / Switched on"}).status_code == 302
    assert Checklist.objects.get().kinds == ["repair"]
