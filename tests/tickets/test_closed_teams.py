"""A closed team keeps its tickets: whoever is given one must be able to see it."""

from __future__ import annotations

import pytest

from aftersales.accounts.models import Team, User
from aftersales.kernel.errors import NotFound
from aftersales.ledger.models import Event
from tests.world import an_order, customer, member, staff
from tickets.actions.assignment import OutsideTeam, assign
from tickets.actions.conversation import note
from tickets.actions.questions import ask_question
from tickets.models import Ticket

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
    assert not Ticket.objects.visible_to(outside).exists()
    Team.objects.update(is_closed=False)
    note(ticket.pk, text="看看", actor=outside)
    assert assign(ticket.pk, user_id=outside.id, actor=inside).assignee == fresh("bohan")
