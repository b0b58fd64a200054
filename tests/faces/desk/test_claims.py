"""The list of claims on carriers, and what may be done there and on the page of the ticket."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.desk import claimed
from returns.actions.claims import answer_claim
from returns.models import CarrierClaim
from tests.faces.desk import stages
from tests.faces.desk.conftest import whole_page
from tests.world import a_claim, staff
from tickets.actions.assignment import assign

pytestmark = pytest.mark.django_db
Sit = Callable[..., Client]
LIST = "/desk/claims/"


def claimed_for(number: str, days: float, whose: str = "agent") -> CarrierClaim:
    ret = stages.submitted()
    assign(ret.ticket_id, user_id=staff(whose).id, actor=staff("lead"))
    return a_claim(ret, number=number, days=days)


def parts(client: Client, whose: str = "mine") -> dict[str, list[str]]:
    context = client.get(LIST, {"whose": whose}).context
    return {part.key: [row.thing.number for row, _ in rows] for part, rows in context["parts"]}


def test_ones_own_stand_by_due_time_those_of_others_under_all_and_what_was_answered_apart(sit: Sit) -> None:
    for number, days in (("SF3", 3.0), ("SF1", -2.0), ("SF2", 2.0)):
        claimed_for(number, days)
    theirs, done = claimed_for("SF4", 4, "lead"), claimed_for("SF5", 5)
    answer_claim(done.pk, paid_minor=8_000, answer="按保价赔付", actor=staff("agent"))
    client = sit("agent")
    assert parts(client) == parts(client, "nonsense") == {"late": ["SF1"], "later": ["SF2", "SF3"]}
    assert parts(client, "all")["later"] == ["SF2", "SF3", "SF4"]
    assert parts(client, "answered") == {"answered": ["SF5"]}
    shown = client.get(LIST, {"whose": "answered"}).content.decode()
    assert "¥80.00" in shown
    assert "按保价赔付" in shown
    assert theirs.of.ticket.ref not in client.get(LIST).content.decode()


def test_where_there_is_more_than_is_shown_the_list_says_so_and_where_nothing_is_why(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sit("agent")
    assert "opened by itself" in client.get(LIST).content.decode()
    for number in ("SF1", "SF2", "SF3"):
        claimed_for(number, 3)
    assert "are shown" not in client.get(LIST).content.decode()
    monkeypatch.setattr(claimed, "MOST", 2)
    assert "The first 2 are shown" in client.get(LIST).content.decode()


@pytest.mark.postgres
def test_the_list_costs_the_same_however_long_it_is(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sit("agent")
    claimed_for("SF0", 1)
    client.get(LIST)
    for number in range(6):
        claimed_for(f"SF1{number}", 2)
    with django_assert_max_num_queries(7):
        assert client.get(LIST).content.decode().count("work__row") == 7


def test_the_answer_is_entered_from_list_and_ticket_and_asked_for_again(sit: Sit) -> None:
    claim, client = claimed_for("SF1", 2), sit("agent")
    form = f"/desk/claims/{claim.pk}/answer/"
    assert form in client.get(LIST).content.decode()
    assert form in whole_page(client, f"/desk/tickets/{claim.of.ticket.ref}/")
    assert 'value="120.50"' in client.get(form).content.decode()
    for paid, says in (("many", "many"), ("0", "in its own words"), ("9999999", "¥120.50")):
        refused = client.post(form, {"paid": paid, "answer": ""})
        assert refused.status_code in (400, 422)
        assert says in refused.content.decode()
    client.post(f"{form}?next={LIST}", {"paid": "100", "answer": "超过保价"})
    claim.refresh_from_db()
    assert (claim.status, claim.paid_minor, claim.answer) == ("paid", 10_000, "超过保价")
    assert parts(client) == {}
    assert "¥100.00" in whole_page(client, f"/desk/tickets/{claim.of.ticket.ref}/")
    client.post(f"/desk/claims/{claim.pk}/asking-again/")
    assert parts(client) == {"later": ["SF1"]}


def test_the_day_leads_to_the_list_and_who_only_reads_is_offered_nothing(sit: Sit) -> None:
    claim = claimed_for("SF1", 2)
    assert f'href="{LIST}"' in sit("agent").get("/desk/").content.decode()
    read = sit("auditor").get(LIST, {"whose": "all"}).content.decode()
    assert "SF1" in read
    assert f"/desk/claims/{claim.pk}/answer/" not in read
