"""A list as a file for spreadsheets: what the list shows, nothing else, and that somebody took it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftersales.accounts.models import Team
from aftersales.desk.lists import sheet
from aftersales.ledger.models import Event
from tests.faces.desk import stages
from tests.faces.desk.test_queue import question
from tests.world import member
from tickets.models import Tag, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
WHERE = "/desk/tickets/tickets.csv"


def table(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content).decode("utf-8")
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body[1:])))


def test_it_holds_what_the_list_asks_in_its_order(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "_PIECE", 2)
    names = ["late", "soon", "later", "much later", "no due"]
    rows = [question(name, hours=hours) for name, hours in zip(names, (-2, 1, 3, 9, 20), strict=True)]
    Ticket.objects.filter(pk=rows[-1].pk).update(due_at=None)
    rows[0].tags.add(Tag.objects.create(name="急"))
    lead = sit("lead")
    head, *told = table(lead.get(WHERE))
    assert (head[0], head[-1], len(head)) == ("Ticket", "Closed", 18)
    assert [line[0] for line in told] == [row.ref for row in rows]
    assert "急" in told[0]
    assert f'href="{WHERE}"' in lead.get("/desk/tickets/").content.decode()
    assert [line[0] for line in table(lead.get(f"{WHERE}?view=overdue"))[1:]] == [rows[0].ref]
    assert [line[0] for line in table(lead.get(f"{WHERE}?sort=-due"))[1:]][:4] == [row.ref for row in rows[3::-1]]
    assert table(lead.get(WHERE, headers={"accept-language": "zh-hans"}))[0][3] == "顾客"


def test_no_cell_is_a_formula(sit: Sit) -> None:
    ticket = question('=HYPERLINK("http://evil")', hours=1)
    Ticket.objects.filter(pk=ticket.pk).update(title="=1+1")
    assert [line[1] for line in table(sit("lead").get(WHERE))[1:]] == ["'=1+1"]


def test_who_took_it_is_written_down(sit: Sit) -> None:
    question("one", hours=1)
    table(sit("lead").get(f"{WHERE}?kind=question"))
    event = Event.objects.get(name="ticket.exported")
    assert (event.actor_id, event.subject) == (member("lead").pk, member("lead"))
    assert (event.data["tickets"], event.data["asked"]) == (1, "kind=question")


@pytest.mark.parametrize("role", ["agent", "warehouse", "auditor"])
def test_who_may_not_is_offered_nothing(sit: Sit, role: str) -> None:
    question("one", hours=1)
    assert sit(role).get(WHERE).status_code == 403
    assert WHERE not in sit(role).get("/desk/tickets/").content.decode()
    assert not Event.objects.filter(name="ticket.exported").exists()


def test_what_one_does_not_see_is_not_in_it(sit: Sit) -> None:
    theirs, shown = stages.question(), question("one", hours=1)
    Ticket.objects.filter(pk=theirs.pk).update(team=Team.objects.create(name="甲", is_closed=True))
    refs = {line[0] for line in table(sit("lead").get(WHERE))[1:]}
    assert refs == set(Ticket.objects.visible_to(member("lead").as_actor()).values_list("ref", flat=True))
    assert shown.ref in refs
