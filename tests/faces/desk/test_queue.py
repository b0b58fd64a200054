"""The queue: who sees what first, filters that can be shared, rows in a fixed order, fragments and the way back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.desk import queue
from aftersales.kernel import clock
from tests.faces.desk import stages
from tests.world import a_person, an_order, customer, staff
from tickets.actions.assignment import assign
from tickets.actions.conversation import note, receive_message
from tickets.actions.opening import open_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def shown(client: Client, where: str) -> list[str]:
    """References of the tickets on a page, in its order."""
    page = client.get(where).content.decode()
    return re.findall(r'class="work__subject" href="/desk/tickets/(T-\w+)/', page)


def question(title: str, *, hours: int) -> Ticket:
    order = an_order()
    due_at = clock.now() + dt.timedelta(hours=hours)
    return open_ticket(
        kind="question",
        title=title,
        person=order.person,
        order=order,
        actor=staff(),
        due_at=due_at,
        queue_key="returns",
    )


def test_most_urgent_first_and_what_waits_last(sit: Sit) -> None:
    waits = stages.need_info().ticket
    later, late = question("later", hours=5), question("late", hours=-2)
    assert shown(sit("agent"), "/desk/tickets/") == [late.ref, later.ref, waits.ref]


def test_the_address_narrows_it(sit: Sit) -> None:
    agent, actor = sit("agent"), staff("agent")
    asked, late = stages.submitted().ticket, question("late", hours=-2)
    waits, swap = stages.need_info().ticket, stages.exchange().ticket
    assign(asked.pk, user_id=actor.id, actor=actor)
    assert shown(agent, "/desk/tickets/?view=mine") == [asked.ref]
    assert set(shown(agent, "/desk/tickets/?view=unassigned")) == {late.ref, waits.ref, swap.ref}
    assert shown(agent, "/desk/tickets/?view=overdue") == [late.ref]
    assert shown(agent, "/desk/tickets/?kind=exchange") == [swap.ref]
    assert shown(agent, "/desk/tickets/?waiting_on=customer&status=waiting") == [waits.ref]
    assert shown(agent, "/desk/tickets/?overdue=on&kind=question") == [late.ref]
    assert len(shown(agent, "/desk/tickets/?queue=returns")) == 4


def test_a_lead_sees_objections_and_refunds_for_the_second_person(sit: Sit) -> None:
    objection, large = stages.contested().ticket, stages.refund_due(price=80_000)
    sit("agent").post(f"/desk/refunds/{large.refunds.get().ref}/release/")
    assert shown(sit("lead"), "/desk/tickets/?view=objections") == [objection.ref]
    assert shown(sit("lead"), "/desk/tickets/?view=second") == [large.ticket.ref]
    assert "view=second" not in sit("agent").get("/desk/tickets/").content.decode()


@pytest.mark.parametrize(
    "odd", ["view=nonsense", "kind=%00", "queue=x%27", "page=-4", "page=zzz", "status=<b>", "overdue=maybe"]
)
def test_an_odd_address_opens_all_the_same(sit: Sit, odd: str) -> None:
    ticket = stages.submitted().ticket
    assert ticket.ref in shown(sit("agent"), f"/desk/tickets/?{odd}") or odd == "overdue=maybe"


def test_closed_tickets_only_on_request(sit: Sit) -> None:
    closed = stages.closed_question()
    assert shown(sit("agent"), "/desk/tickets/") == []
    assert "All done" in sit("agent").get("/desk/tickets/").content.decode()
    assert shown(sit("agent"), "/desk/tickets/?status=closed") == [closed.ref]


def test_nothing_matches_says_what_to_do(sit: Sit) -> None:
    stages.submitted()
    assert "Take one off" in sit("agent").get("/desk/tickets/?kind=question").content.decode()


def test_pages_are_stable(sit: Sit) -> None:
    person, now = a_person(), clock.now()
    for number in range(queue.ROWS + 3):
        open_ticket(kind="question", title=f"No. {number}", person=person, order=None, actor=staff(), due_at=now)
    agent = sit("agent")
    next_page = re.search(r'href="(\?[^"]*)" rel="next"', agent.get("/desk/tickets/").content.decode())
    assert next_page
    first = shown(agent, "/desk/tickets/")
    second = shown(agent, "/desk/tickets/" + next_page[1].replace("&amp;", "&"))
    assert (len(first), len(second)) == (queue.ROWS, 3)
    assert not set(first) & set(second)


def test_htmx_gets_the_list_alone_and_history_the_page(sit: Sit) -> None:
    stages.submitted()
    agent = sit("agent")
    part = agent.get("/desk/tickets/", headers={"hx-request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="list"')
    assert "HX-Request" in part["Vary"]
    back = agent.get("/desk/tickets/", headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert "<html" in back.content.decode()


def test_a_row_says_who_spoke_last(sit: Sit) -> None:
    ret = stages.submitted()
    receive_message(ret.ticket_id, text="When do\nyou <b>decide</b>?", actor=customer(ret.order))
    page = sit("agent").get("/desk/tickets/").content.decode()
    assert "Customer: When do you &lt;b&gt;decide&lt;/b&gt;?" in page


def test_a_note_for_colleagues_is_not_taken_for_an_answer(sit: Sit) -> None:
    ret = stages.submitted()
    note(ret.ticket_id, text="Ask the supplier", actor=staff("agent"))
    agent = sit("agent")
    page = agent.get("/desk/tickets/").content.decode()
    assert "Note: Ask the supplier" in page
    assert "We: Ask the supplier" not in page
    split = agent.get(f"/desk/tickets/{ret.ticket.ref}/splitting/").content.decode()
    told = split.split("Ask the supplier")[0].rsplit(">", 1)[-1]
    assert "Note ·" in told


def test_the_queue_costs_a_fixed_number_of_queries(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for stage in (stages.submitted, stages.need_info, stages.refund_due, stages.exchange, stages.contested):
        ret = stage()
        receive_message(ret.ticket_id, text="Hello", actor=customer(ret.order))
    lead = sit("lead")
    lead.get("/desk/profile/")
    with django_assert_max_num_queries(12):
        lead.get("/desk/tickets/?view=overdue&queue=returns")


def test_the_warehouse_begins_with_its_heaps(sit: Sit) -> None:
    page = sit("warehouse").get("/desk/").content.decode()
    assert "Scan a label" in page
    assert "/desk/tickets/" in page
    assert "/desk/warehouse/" in sit("lead").get("/desk/tickets/").content.decode()
    assert "/desk/warehouse/" not in sit("agent").get("/desk/tickets/").content.decode()
