"""What the desk does not offer: a reply where a ticket went on elsewhere, a batch problem of a team closed to the reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from aftersales.accounts.models import Team
from tests.world import an_order, customer, staff
from tickets.actions.batches import open_batch
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
Sit = Callable[..., Client]


def test_a_ticket_that_was_merged_has_no_box_to_write_in(sit: Sit) -> None:
    order = an_order()
    source, into = (ask_question(order.pk, text="发票呢？", actor=customer(order)) for _each in range(2))
    merge_tickets(source.pk, into.pk, actor=staff())
    agent = sit("agent")
    assert 'id="composer"' not in agent.get(f"/desk/tickets/{source.ref}/").content.decode()
    assert 'id="composer"' in agent.get(f"/desk/tickets/{into.ref}/").content.decode()


def test_merging_leads_to_where_the_work_goes_on_and_undoing_it_to_a_page_with_a_box_again(sit: Sit) -> None:
    order, agent = an_order(), sit("agent")
    source, into = (ask_question(order.pk, text="发票呢？", actor=customer(order)) for _each in range(2))
    here, there = (f"/desk/tickets/{each.ref}/" for each in (source, into))
    inside = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"}
    for deed, fields, leads in (("merging", {"into": into.ref}, there), ("unmerging", {}, here)):
        assert agent.post(f"{here}{deed}/?next={here}", fields, headers=inside)["HX-Redirect"] == leads


def test_a_batch_problem_of_a_closed_team_is_not_in_the_list(sit: Sit) -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="面料起球", actor=customer(order))
    open_batch(ticket.pk, title="面料起球", about="lot", actor=staff())
    assert "面料起球" in sit("agent").get("/desk/batches/").content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(team=Team.objects.create(name="甲组", is_closed=True))
    assert "面料起球" not in sit("agent").get("/desk/batches/").content.decode()
    assert "面料起球" in sit("lead").get("/desk/batches/").content.decode()
