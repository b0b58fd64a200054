"""One's own day: what is late first, of every kind; nothing of others; and what to do when there is nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.desk.lists.shelf import shelf_of
from aftersales.desk.today import MOST, Today, today_of
from aftersales.kernel import clock
from aftersales.kernel.actor import Actor
from customers.actions.promises import keep_promise, make_promise
from tests.faces.desk import stages
from tests.faces.desk.many import copies
from tests.faces.desk.test_queue import question
from tests.world import a_claim, a_complaint, an_order, staff
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.complaints.preventing import finish_improvement
from tickets.actions.conversation import save_draft
from tickets.models import Improvement

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def today(actor: Actor) -> Today:
    now = clock.now()
    return today_of(actor, now, shelf_of(actor, now))


def titles(actor: Actor) -> dict[str, list[str]]:
    return {part.key: [task.title for task in part.rows] for part in today(actor).parts}


@pytest.fixture
def tuesday_noon() -> Iterator[dt.datetime]:
    """What is due by the shop's hours falls on another day at night and before a weekend."""
    noon = dt.datetime(2026, 11, 24, 12, tzinfo=clock.shop_zone())
    with clock.fixed(noon):
        yield noon


def test_the_day_holds_tickets_promises_and_claims_the_late_first(tuesday_noon: dt.datetime) -> None:
    me, now = staff("agent"), tuesday_noon
    mine, asked, others = question("mine", hours=-2), question("asked", hours=400), question("theirs", hours=-3)
    for ticket in (mine, asked):
        assign(ticket.pk, user_id=me.id, actor=me)
    assign(others.pk, user_id=staff("lead").id, actor=me)
    order = an_order()
    with clock.fixed(now - dt.timedelta(days=3)):
        promise = make_promise(
            order.person_id, text="补寄赠品", actor=me, order_id=order.pk, due_at=now - dt.timedelta(1)
        )
    ret = stages.submitted()
    assign(ret.ticket_id, user_id=me.id, actor=me)
    a_claim(ret, number="SF123")
    assert titles(me) == {
        "late": ["补寄赠品", "mine"],
        "today": ["asked"],  # within a quarter of an hour, whatever is said of its end
        "later": [ret.ticket.subject],
        "claims": ["SF SF123"],
    }
    assert titles(staff("lead"))["late"] == ["theirs"]
    keep_promise(promise.pk, actor=me)
    close_ticket(mine.pk, actor=me)
    assert set(titles(me)) == {"today", "claims", "later"}


def test_an_improvement_stands_there_to_the_end_of_its_day_and_until_it_is_made() -> None:
    a_complaint(an_order())
    lead, improvement = staff("lead"), Improvement.objects.get()
    ends = clock.end_of_shop_day(improvement.due_on)
    for key, before in (
        ("later", dt.timedelta(days=1, hours=1)),
        ("today", dt.timedelta(minutes=2)),
        ("late", dt.timedelta(0)),
    ):
        with clock.fixed(ends - before):
            assert improvement.text in titles(lead)[key]
            assert not any(improvement.text in told for told in titles(staff("agent")).values())
    finish_improvement(improvement.pk, actor=lead)
    assert not any(improvement.text in told for told in titles(lead).values())


def test_what_waits_for_somebody_stands_last(sit: Sit) -> None:
    me = staff("agent")
    waits = stages.need_info().ticket
    assign(waits.pk, user_id=me.id, actor=me)
    assert list(titles(me)) == ["held"]
    assert "Waiting for somebody else" in sit("agent").get("/desk/").content.decode()


def test_begun_replies_are_found_again(sit: Sit) -> None:
    ticket = question("x", hours=3)
    save_draft(ticket.pk, text="Dear customer", internal=False, actor=staff("agent"))
    page = sit("agent").get("/desk/").content.decode()
    assert "Begun and not sent" in page
    assert "Dear customer" in page
    assert "Dear customer" not in sit("lead").get("/desk/").content.decode()


def test_a_day_with_more_than_is_shown_says_so_and_leads_to_all_of_it(sit: Sit, tuesday_noon: dt.datetime) -> None:
    me, soon = staff("agent"), question("soon", hours=1)
    assign(soon.pk, user_id=me.id, actor=me)
    soon.refresh_from_db()
    copies(soon, MOST - 1, due_at=tuesday_noon - dt.timedelta(hours=2))
    client = sit("agent")
    page = client.get("/desk/").content.decode()
    assert [(part.key, str(part.count)) for part in today(me).parts] == [("late", "39"), ("today", "1")], "just fits"
    assert "There is more to do" not in page
    copies(soon, 5, due_at=tuesday_noon - dt.timedelta(hours=1))
    copies(soon, 10, due_at=None)
    page = client.get("/desk/").content.decode()
    assert [(part.key, str(part.count), len(part.rows)) for part in today(me).parts] == [("late", "40+", MOST)]
    assert '<span class="badge badge--count">40+</span>' in page
    assert 'than is shown here: <a href="/desk/tickets/?view=mine">All my tickets</a></p>' in page


def test_only_the_parts_that_may_hold_more_say_so(tuesday_noon: dt.datetime) -> None:
    me, soon = staff("agent"), question("soon", hours=1)
    assign(soon.pk, user_id=me.id, actor=me)
    soon.refresh_from_db()
    copies(soon, 3, due_at=tuesday_noon - dt.timedelta(hours=2))
    copies(soon, MOST, due_at=tuesday_noon + dt.timedelta(hours=2))
    make_promise(soon.person_id, text="later", actor=me, due_at=tuesday_noon + dt.timedelta(days=2))
    counts = [(part.key, str(part.count)) for part in today(me).parts]
    assert counts == [("late", "3"), ("today", "37+"), ("later", "1+")]


def test_all_begun_replies_are_found_again_and_the_oldest_are_counted(sit: Sit) -> None:
    me, first = staff("agent"), question("x", hours=3)
    for number, ticket in enumerate(copies(first, MOST)):
        save_draft(ticket.pk, text=f"Draft number {number};", internal=False, actor=me)
    client = sit("agent")
    page = client.get("/desk/").content.decode()
    assert all(f"Draft number {number};" in page for number in range(MOST))
    assert "begun earlier" not in page
    with clock.fixed(clock.now() - dt.timedelta(days=3)):
        save_draft(first.pk, text="The first of all", internal=False, actor=me)
        save_draft(first.pk, text="And a note", internal=True, actor=me)
    page = client.get("/desk/").content.decode()
    assert '<span class="badge badge--count">42</span>' in page
    assert "2 more, begun earlier, are not shown." in page
    assert "The first of all" not in page


def test_figures_lead_to_the_lists_they_count(sit: Sit) -> None:
    question("late", hours=-2)
    client = sit("agent")
    page = client.get("/desk/").content.decode()
    figures = re.findall(r'class="figures__one" href="([^"]+)"><strong>(\d+)', page)
    assert dict(figures) == {"/desk/tickets/?view=unassigned": "1", "/desk/tickets/?view=overdue": "1"}
    for where, number in figures:
        assert client.get(where).content.decode().count("<tr class=") == int(number)


def test_nothing_to_do_says_where_there_is_something(sit: Sit) -> None:
    page = sit("agent").get("/desk/").content.decode()
    assert "Nothing is waiting for you" in page
    assert "/desk/tickets/?view=unassigned" in page


@pytest.mark.postgres  # SQLite asks list by list
def test_the_day_costs_a_fixed_number_of_queries(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    me = staff("agent")
    for stage in (stages.submitted, stages.need_info, stages.exchange):
        assign(stage().ticket_id, user_id=me.id, actor=me)
    client = sit("agent")
    client.get("/desk/profile/")
    with django_assert_max_num_queries(8):
        assert client.get("/desk/").status_code == 200
