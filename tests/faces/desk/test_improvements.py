"""The list of improvements after complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.desk import improving
from aftersales.kernel import clock
from tests.world import a_complaint, an_order, member, staff
from tickets.actions.complaints.preventing import finish_improvement
from tickets.models import Improvement

pytestmark = pytest.mark.django_db
Sit = Callable[..., Client]
LIST = "/desk/improvements/"


def improvement(text: str, days: int, whose: str = "agent") -> Improvement:
    a_complaint(an_order())
    made = Improvement.objects.latest("pk")
    made.text, made.owner, made.due_on = text, member(whose), clock.shop_date(clock.now()) + dt.timedelta(days=days)
    made.save()
    return made


def parts(client: Client, whose: str = "mine") -> dict[str, list[str]]:
    context = client.get(LIST, {"whose": whose}).context
    return {part.key: [row.thing.text for row, _ in rows] for part, rows in context["parts"]}


def test_ones_own_stand_by_their_day_those_of_others_under_all_and_what_was_done_apart(sit: Sit) -> None:
    for text, days in (("later", 3), ("late", -2), ("tonight", 0), ("tomorrow", 1)):
        improvement(text, days)
    improvement("theirs", 2, "lead")
    finish_improvement(improvement("done", 1).pk, actor=staff("agent"))
    client = sit("agent")
    own = {"late": ["late"], "today": ["tonight"], "later": ["tomorrow", "later"]}
    assert parts(client) == parts(client, "nonsense") == own
    assert parts(client, "all")["later"] == ["tomorrow", "theirs", "later"]
    assert parts(client, "done") == {"done": ["done"]}


def test_one_is_done_from_the_list_and_gone(sit: Sit) -> None:
    made, client = improvement("抽检", 1), sit("agent")
    finish = f"/desk/improvements/{made.pk}/finish/"
    assert finish in client.get(LIST).content.decode()
    client.post(f"{finish}?next={LIST}")
    assert parts(client) == {}
    page = client.get(LIST).content.decode()
    assert "until it is done" in page
    assert finish not in client.get(LIST, {"whose": "done"}).content.decode()


@pytest.mark.postgres
def test_it_costs_the_same_however_long_it_is_and_says_where_it_ends(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sit("agent")
    improvement("0", 1)
    client.get(LIST)
    for number in range(4):
        improvement(str(number), 2)
    with django_assert_max_num_queries(7):
        assert client.get(LIST).content.decode().count("work__row") == 5
    monkeypatch.setattr(improving, "MOST", 2)
    assert "The first 2 are shown" in client.get(LIST).content.decode()
