"""Lists of tickets: every order page by page in both directions, every filter, views and their counts."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import Team, User
from aftersales.desk.lists import counting
from aftersales.desk.lists.order import ORDERS, Order, Page, Place, Stretch, Unprepared, page
from aftersales.desk.lists.shelf import Line, Shelf, shelf_of
from aftersales.desk.lists.ticketlist import TicketList
from aftersales.desk.templatetags.lists import list_name
from aftersales.kernel import clock, prepared
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event
from tests.faces.desk import stages
from tests.faces.desk.test_queue import question, shown
from tests.world import a_person, customer, member, staff
from tickets.actions.assignment import assign
from tickets.actions.closing import close_ticket
from tickets.actions.conversation import receive_message
from tickets.actions.opening import open_ticket
from tickets.actions.reopening import reopen_ticket
from tickets.actions.saved_views import (
    MOST,
    TooManyViews,
    ViewStands,
    delete_view,
    move_view,
    rename_view,
    save_view,
    share_view,
)
from tickets.models import SavedView, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
NOW = dt.datetime(2026, 11, 27, 4, 0, tzinfo=dt.UTC)


def many(number: int = 37) -> None:
    """Tickets with few different times, so that many share one, and some without."""
    chance, person = random.Random(3), a_person()
    for each in range(number):
        at = NOW - dt.timedelta(hours=chance.randint(0, 4))
        due_at = NOW + dt.timedelta(hours=chance.randint(-2, 2)) if chance.random() < 0.6 else None
        ticket = open_ticket(
            kind="question", title=f"No. {each}", person=person, order=None, actor=staff(), at=at, due_at=due_at
        )
        Ticket.objects.filter(pk=ticket.pk).update(priority=chance.choice((1, 3, 3, 4)))
        if chance.random() < 0.2:
            close_ticket(ticket.pk, actor=staff(), at=at)


def walk(order: Order, size: int) -> Iterator[Page]:
    after = ""
    while True:
        found = page(Ticket.objects.all(), order, size, after=after)
        yield found
        after = found.after
        if not after:
            return


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.key)
def test_an_order_shows_every_row_once_forwards_and_backwards(order: Order) -> None:
    many()
    whole = [row.pk for row in page(Ticket.objects.all(), order, 100).rows]
    assert len(whole) == len(set(whole)) == 37
    values = [getattr(row, order.column) for row in page(Ticket.objects.all(), order, 100).rows]
    there = [value for value in values if value is not None]
    assert values[: len(there)] == there  # what has no value stands last
    assert there == sorted(there, reverse=order.descending)
    for size in (1, 5, 36, 37, 38):
        pages = list(walk(order, size))
        assert [row.pk for each in pages for row in each.rows] == whole
        for one, other in itertools.pairwise(pages):
            back = page(Ticket.objects.all(), order, size, before=other.before)
            assert [row.pk for row in back.rows] == [row.pk for row in one.rows]
            assert back.after == one.after
        assert pages[0].before == ""


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.key)
def test_a_page_whose_rows_have_left_is_the_last_one_left(order: Order) -> None:
    many()
    whole = [row.pk for row in page(Ticket.objects.all(), order, 100).rows]
    third = list(walk(order, 10))[2]
    left = Ticket.objects.filter(pk__in=whole[:30])
    last = page(left, order, 10, after=third.after)
    assert [row.pk for row in last.rows] == whole[20:30]
    assert page(left, order, 10, after=third.after, or_last=False).rows == []
    assert last.after == ""
    before = page(left, order, 10, before=last.before)
    assert [row.pk for row in before.rows] == whole[10:20]
    alone = page(Ticket.objects.filter(pk__in=whole[:10]), order, 10, after=third.after)
    assert ([row.pk for row in alone.rows], alone.after, alone.before) == (whole[:10], "", "")
    assert page(Ticket.objects.none(), order, 10, after=third.after).rows == []


def test_the_last_ticket_of_a_page_leaves_and_the_list_stays(sit: Sit) -> None:
    tickets, agent = [question(str(number), hours=number + 1) for number in range(26)], sit("agent")
    first = agent.get("/desk/tickets/").content.decode()
    after = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', first)
    assert after is not None
    where = "/desk/tickets/" + after[1].replace("&amp;", "&")
    assert shown(agent, where) == [tickets[25].ref]
    close_ticket(tickets[25].pk, actor=staff())
    assert shown(agent, where) == [ticket.ref for ticket in tickets[:25]]
    fresh = agent.get(where, headers={"x-fresh": "list"}).content.decode()
    assert "No ticket is open" not in fresh
    assert tickets[0].ref in fresh


def test_a_list_asks_the_same_however_many_of_its_rows_have_a_value() -> None:
    """Else a list of one's own work had another statement after each ticket."""
    many()
    asked: set[tuple[bool | None, int]] = set()

    class Watched(Unprepared):
        def find(self, stretch: Stretch, most: int, start: Place | None) -> list[Ticket]:
            asked.add((stretch.has_value, most))
            return super().find(stretch, most, start)

    for number in range(4):
        Ticket.objects.filter(pk__in=Ticket.objects.filter(due_at__isnull=False).values("pk")[:number]).update(
            due_at=None
        )
        assert len(page(Watched(Ticket.objects.all()), ORDERS[0], 36).rows) == 36
    assert asked == {(True, 37), (False, 37)}


@pytest.mark.parametrize("odd", ["x", "~", "~~", "12~", "~-", "999999999999999999999~1", "-1~1", "%00~1"])
def test_an_odd_place_opens_all_the_same(sit: Sit, odd: str) -> None:
    stages.submitted()
    for order in ORDERS:
        place = unquote(odd)
        page(Ticket.objects.all(), order, 10, after=place)
        page(Ticket.objects.all(), order, 10, before=place)
    for query in (f"after={odd}&status=any", f"before={odd}"):
        assert sit("agent").get(f"/desk/tickets/?sort=due&{query}").status_code == 200


def test_each_filter_narrows(sit: Sit) -> None:
    agent, me = sit("agent"), staff("agent")
    late, later = question("late", hours=-2), question("later", hours=200)
    assign(later.pk, user_id=me.id, actor=me)
    closed = stages.closed_question()
    Ticket.objects.filter(pk=late.pk).update(priority=1, channel="email", opened_at=NOW - dt.timedelta(days=30))
    day = clock.shop_date(clock.now())
    for query, found in {
        "due=overdue": [late], "assignee=me": [later], "assignee=none": [late], f"assignee={me.id}": [later],
        "priority=1": [late], "channel=email": [late], "status=closed": [closed], "status=any&sort=opened": [late],
        "due=none": [], f"due_before={day}": [late] if clock.shop_date(late.due_at or NOW) < day else [],
        "opened_to=2026-10-29": [late], f"opened_from={day}": [later], "kind=return": [], "queue=nowhere": [],
        "waiting_on=customer": [], "opened_from=0001-01-01&opened_to=9999-12-31&assignee=me": [later],
    }.items():  # fmt: skip
        refs = shown(agent, f"/desk/tickets/?{query}")
        assert refs[: len(found)] == [ticket.ref for ticket in found], query
        assert len(refs) == len(found) or query.startswith("status=any"), query


def test_the_address_says_otherwise_than_the_view(sit: Sit) -> None:
    late = question("late", hours=-2)
    assign(late.pk, user_id=member("lead").pk, actor=staff("lead"))
    assert shown(sit("agent"), "/desk/tickets/?view=unassigned") == []
    assert shown(sit("agent"), "/desk/tickets/?view=unassigned&assignee=") == [late.ref]


def shelf(actor: Actor) -> Shelf:
    return shelf_of(actor, clock.now())


def counted(line: Line) -> int:
    assert line.count is not None
    return line.count.number


def assert_badges_are_the_lists(*actors: Actor) -> None:
    """Every badge of each of them is the length of the list behind it."""
    now = clock.now()
    for actor in actors:
        for line in shelf_of(actor, now).lines:
            asked = TicketList.read(QueryDict(line.href.partition("?")[2]), actor)
            assert asked.key == line.key
            assert counted(line) == len(page(asked.tickets(actor, now), asked.wishes.order, 500).rows), line.label


def test_the_badges_equal_the_lists_after_every_action() -> None:
    agent, lead = staff("agent"), staff("lead")
    save_view(name="逾期问题", query="kind=question&due=overdue", actor=agent)
    save_view(name="Closed", query="status=closed&kind=question", actor=lead)
    late = question("late", hours=-2)
    late_order = late.order
    assert late_order
    steps: list[Callable[[], object]] = [
        lambda: assign(late.pk, user_id=agent.id, actor=agent),
        lambda: assign(late.pk, user_id=agent.id, actor=agent),
        lambda: receive_message(late.pk, text="?", actor=customer(late_order)),
        lambda: close_ticket(late.pk, actor=agent),
        lambda: reopen_ticket(late.pk, actor=agent),
        stages.need_info, stages.in_transit, stages.refund_due, stages.contested, stages.exchange,
        stages.closed_question,
        lambda: assign(late.pk, user_id=None, actor=lead),
        lambda: close_ticket(late.pk, actor=agent),
        lambda: receive_message(late.pk, text="Again", actor=customer(late_order)),
    ]  # fmt: skip
    for step in steps:
        step()
        assert_badges_are_the_lists(agent, lead)


def test_all_badges_are_one_statement_however_many_views_there_are(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    agent, now = staff("agent"), clock.now()
    question("late", hours=-2)
    for number in range(12):
        save_view(name=f"View {number}", query=f"priority={number % 4 + 1}", actor=agent)
    with django_assert_max_num_queries(2):
        found = shelf_of(agent, now)
    assert sum(counted(line) for line in found.lines if line.key.startswith("saved-")) == 3


def test_a_long_list_is_counted_to_an_end(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(counting, "CAP", 2)
    request.addfinalizer(prepared.question_of.cache_clear)  # the end stands in what was prepared
    prepared.question_of.cache_clear()
    for hours in (1, 2, 3):
        question("x", hours=hours)
    all_open = shelf(staff()).lines[0].count
    assert all_open
    assert (all_open.number, str(all_open)) == (2, "2+")


def test_a_view_is_kept_and_stands_on_the_left_with_its_count(sit: Sit) -> None:
    late = question("late", hours=-2)
    client = sit("agent")
    answer = client.post("/desk/views/new/?due=overdue&kind=question&page=3&nonsense=1", {"name": "  Late questions "})
    view = SavedView.objects.get()
    assert answer["Location"] == f"/desk/tickets/?view=saved-{view.pk}"
    assert (view.name, view.query, view.team) == ("Late questions", "due=overdue&kind=question", None)
    assert shown(client, answer["Location"]) == [late.ref]
    assert "Late questions" in client.get("/desk/tickets/").content.decode()
    assert Event.objects.filter(name="view.saved").count() == 1
    save_view(name="Late questions", query=view.query, actor=staff())
    assert Event.objects.filter(name="view.saved").count() == 1


def test_a_view_of_the_same_name_is_replaced_only_where_that_was_ticked(sit: Sit) -> None:
    client, view = sit("agent"), save_view(name="Late", query="due=overdue", actor=staff())
    refused = client.post("/desk/views/new/?kind=return", {"name": "Late"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "and it asks for something else" in page
    assert 'value="Late"' in page
    assert 'name="replace"' in page
    view.refresh_from_db()
    assert view.query == "due=overdue"
    with pytest.raises(ViewStands):
        save_view(name="Late", query="kind=return", actor=staff())
    assert 'name="replace"' not in client.get("/desk/views/new/?kind=return").content.decode()
    client.post("/desk/views/new/?kind=return", {"name": "Late", "replace": "on"})
    view.refresh_from_db()
    assert view.query == "kind=return"


def test_a_view_kept_of_one_that_no_filter_can_say_holds_the_same(sit: Sit) -> None:
    objection = stages.contested().ticket
    question("x", hours=3)
    lead, team = sit("lead"), Team.objects.create(name="一组")
    lead.post("/desk/views/new/?view=objections&kind=return", {"name": "Ours", "team": str(team.pk)})
    view = SavedView.objects.get()
    where = f"/desk/tickets/?view=saved-{view.pk}"
    assert shown(lead, where) == [objection.ref]
    assert shown(lead, where + "&kind=question") == []
    line = next(line for line in shelf(staff("lead")).lines if line.key == f"saved-{view.pk}")
    assert (line.label, counted(line)) == ("Ours", 1)
    lead.post(f"/desk/views/new/?view=saved-{view.pk}", {"name": "Again", "team": ""})
    assert SavedView.objects.get(name="Again").query == view.query
    User.objects.filter(pk=member("agent").pk).update(team=team)
    agent = sit("agent")
    assert "Ours" not in [line.label for line in shelf(staff("agent")).lines]
    assert len(shown(agent, where)) == 2, "as with a view that is nothing for them, all open work"
    assert agent.get("/desk/views/").status_code == 200
    assert "Ours" not in agent.get("/desk/palette/").content.decode()


def test_a_team_sees_what_is_shared_with_it_and_nobody_else() -> None:
    one, other = Team.objects.create(name="一组"), Team.objects.create(name="二组")
    for name, team in (("agent", one), ("mate", one), ("far", other)):
        User.objects.filter(pk=member("agent", name).pk).update(team=team)
    owner, mate, far = staff("agent"), staff("agent", "mate"), staff("agent", "far")
    view = save_view(name="Ours", query="status=waiting", actor=owner)
    assert not SavedView.objects.visible_to(mate).exists()
    share_view(view.pk, team_id=one.pk, actor=owner)
    share_view(view.pk, team_id=one.pk, actor=owner)
    assert Event.objects.filter(name="view.shared").count() == 1
    assert list(SavedView.objects.visible_to(mate)) == list(SavedView.objects.visible_to(owner)) == [view]
    assert "Ours" in [line.label for line in shelf(mate).lines]
    assert not SavedView.objects.visible_to(far).exists()
    with pytest.raises(NotPermitted):
        rename_view(view.pk, name="Mine", actor=mate)
    with pytest.raises(NotPermitted):
        share_view(view.pk, team_id=other.pk, actor=owner)
    with pytest.raises(NotFound):
        delete_view(view.pk, actor=far)
    share_view(view.pk, team_id=other.pk, actor=staff("lead"))
    assert not SavedView.objects.visible_to(mate).exists()


def test_views_keep_an_order_and_end() -> None:
    agent = staff("agent")
    views = [save_view(name=name, query="", actor=agent) for name in "abc"]
    move_view(views[2].pk, up=True, actor=agent)
    move_view(views[0].pk, up=True, actor=agent)
    assert [view.name for view in SavedView.objects.all()] == ["a", "c", "b"]
    with pytest.raises(BadInput, match="already"):
        rename_view(views[0].pk, name="b", actor=agent)
    with pytest.raises(BadInput, match="write something"):
        save_view(name=" ", query="", actor=agent)
    delete_view(views[0].pk, actor=agent)
    with pytest.raises(NotFound):
        delete_view(views[0].pk, actor=agent)
    for number in range(MOST - 2):
        save_view(name=str(number), query="", actor=agent)
    with pytest.raises(TooManyViews, match="Delete one"):
        save_view(name="one more", query="", actor=agent)


def test_views_are_put_in_order_on_their_page(sit: Sit) -> None:
    client, agent = sit("agent"), staff("agent")
    one, two = (save_view(name=name, query="kind=question", actor=agent) for name in ("One", "Two"))
    client.post(f"/desk/views/{two.pk}/place/", {"up": "yes"})
    page = client.get("/desk/views/").content.decode()
    assert page.index(f"saved-{two.pk}") < page.rindex(f"saved-{one.pk}")
    assert "“One” already" not in page
    refused = client.post(f"/desk/views/{two.pk}/", {"name": "One"}).content.decode()
    assert "You have a view called “One” already." in refused
    client.post(f"/desk/views/{two.pk}/", {"name": "Three"})
    client.post(f"/desk/views/{one.pk}/deletion/")
    assert [view.name for view in SavedView.objects.all()] == ["Three"]


def test_an_unknown_view_is_all_open_work(sit: Sit) -> None:
    late = question("late", hours=-2)
    other = save_view(name="private", query="kind=return", actor=staff("lead"))
    assert shown(sit("agent"), f"/desk/tickets/?view=saved-{other.pk}") == [late.ref]
    assert shown(sit("agent"), "/desk/tickets/?view=second") == [late.ref]


@pytest.mark.parametrize(
    ("query", "name"), [("", "待办工单"), ("status=closed", "已关闭的工单"), ("status=any", "全部工单")]
)
def test_a_list_of_other_than_open_tickets_is_called_so(query: str, name: str) -> None:
    with translation.override("zh-hans"):
        assert list_name(TicketList.read(QueryDict(query), staff("lead"))) == name
