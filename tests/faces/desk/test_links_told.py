"""The timeline names a linked ticket to whoever sees that ticket, and to nobody else."""

from __future__ import annotations

import pytest

from aftersales.accounts.models import Team
from aftersales.desk.story import ask, told
from tests.world import an_order, customer, staff
from tickets.actions.linking import link_tickets
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_a_link_with_a_closed_teams_ticket_is_told_to_those_who_see_both() -> None:
    order = an_order()
    one, other = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("甲", "乙"))
    link_tickets(one.pk, other.pk, "related", actor=staff("lead"))
    Ticket.objects.filter(pk=other.pk).update(team=Team.objects.create(name="乙组", is_closed=True))

    def is_told(role: str) -> bool:
        return any(other.ref in str(each["title"]) for each in told(ask(one, None, staff(role)).rows, staff(role)))

    assert is_told("lead")
    assert not is_told("agent")
