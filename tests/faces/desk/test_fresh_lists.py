"""An open list is told when nothing changed, for one statement; and shows what did change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.desk import fresh
from tests.faces.desk import stages
from tests.faces.desk.test_queue import question
from tests.world import staff
from tickets.actions.assignment import assign
from tickets.actions.conversation import note

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
LIST = "/desk/tickets/"


def ask(client: Client, where: str, shows: str, mark: str = "") -> tuple[int, str, str]:
    headers = {"x-fresh": shows, **({"if-none-match": mark} if mark else {})}
    answer = client.get(where, headers=headers)
    return answer.status_code, answer.headers.get("ETag", ""), answer.content.decode()


@pytest.mark.parametrize(("where", "shows"), [(LIST, "list"), ("/desk/", "home")])
def test_nothing_new_is_an_empty_answer_for_one_statement(
    sit: Sit, settings: Any, monkeypatch: pytest.MonkeyPatch, where: str, shows: str
) -> None:
    settings.DB_PLANS_AHEAD = False  # to read what is asked
    monkeypatch.setattr(fresh, "_TICK", 10**9)  # between the two questions no half minute ends
    question("late", hours=-2)
    client = sit("agent")
    status, mark, page = ask(client, where, shows)
    assert (status, "<html" in page) == (200, False)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert ask(client, where, shows, mark)[0] == 304
    assert sum("ledger_event" in query["sql"] for query in asked) == 1
    assert not any("tickets_ticket" in query["sql"] for query in asked)
    assert len(asked) <= 4  # the session and who it is, when they were last seen, and the pulse


def test_what_changed_is_shown_with_its_count(sit: Sit) -> None:
    ticket = question("late", hours=-2)
    client = sit("agent")
    _status, mark, before = ask(client, f"{LIST}?view=unassigned", "list")
    assert ticket.ref in before
    assign(ticket.pk, user_id=staff("lead").id, actor=staff("lead"))
    status, newer, after = ask(client, f"{LIST}?view=unassigned", "list", mark)
    assert status == 200
    assert newer != mark
    assert ticket.ref not in after
    assert 'data-view="unassigned"' in before
    assert 'data-view="unassigned"' not in after


def test_what_happened_elsewhere_is_not_sent_again(sit: Sit) -> None:
    waits, other = stages.need_info().ticket, question("other", hours=3)
    client = sit("agent")
    _status, mark, _page = ask(client, f"{LIST}?view=customer", "list")
    note(other.pk, text="For us", actor=staff())
    status, newer, page = ask(client, f"{LIST}?view=customer", "list", mark)
    assert (status, page) == (304, "")
    assert newer != mark
    assert waits.ref


def test_the_list_beside_a_ticket_keeps_its_place(sit: Sit) -> None:
    ticket = question("late", hours=-2)
    status, _mark, page = ask(sit("agent"), LIST, ticket.ref)
    assert status == 200
    assert 'id="beside"' in page
    assert 'aria-current="true"' in page
    assert 'id="views"' in page


def test_nobody_signed_in_learns_nothing(sit: Sit) -> None:
    assert ask(Client(), LIST, "list")[0] == 302
