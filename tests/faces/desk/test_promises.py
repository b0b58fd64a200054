"""The list of promises, and the deeds that make and settle them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import Team, User
from aftersales.desk import promised
from aftersales.kernel import clock
from customers.actions.promises import break_promise, make_promise
from customers.models import Promise
from tests.faces.desk.conftest import whole_page
from tests.faces.desk.test_queue import question
from tests.world import a_complaint, an_order, customer, staff
from tickets.actions.phrases import values_for
from tickets.actions.promises import promise_on_ticket
from tickets.actions.questions import ask_question
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
Sit = Callable[..., Client]
LIST = "/desk/promises/"
HOUR = dt.timedelta(hours=1)


def in_a_call(text: str, hours: float, name: str = "") -> Promise:
    order, now = an_order(), clock.now()
    with clock.fixed(now - dt.timedelta(days=9)):
        return make_promise(
            order.person_id, text=text, due_at=now + hours * HOUR, actor=staff("agent", name), made_in="call"
        )


def parts(client: Client, whose: str = "mine") -> dict[str, list[str]]:
    context = client.get(LIST, {"whose": whose}).context
    return {part.key: [row.thing.text for row, _ in rows] for part, rows in context["parts"]}


def test_ones_own_stand_by_due_time_and_those_of_others_under_all(sit: Sit) -> None:
    for text, hours in (("later", 400.0), ("late", -1.0), ("much later", 500.0), ("very late", -5.0)):
        in_a_call(text, hours)
    in_a_call("theirs", 300, name="Otto")
    client = sit("agent")
    assert parts(client) == {"late": ["very late", "late"], "later": ["later", "much later"]}
    assert parts(client, "all")["later"] == ["theirs", "later", "much later"]
    assert parts(client, "nonsense") == parts(client)


def test_where_there_is_more_than_is_shown_the_list_says_so(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, hours in (("late", -1.0), ("later", 400.0), ("much later", 500.0)):
        in_a_call(text, hours)
    client = sit("agent")
    assert "are shown" not in client.get(LIST).content.decode()
    monkeypatch.setattr(promised, "MOST", 2)
    answer = client.get(LIST)
    assert [(part.key, str(part.count)) for part, _ in answer.context["parts"]] == [("late", "1"), ("later", "1+")]
    assert "the first 2 are shown" in answer.content.decode()


def test_a_team_sees_its_own_and_not_those_on_tickets_of_a_closed_team(sit: Sit) -> None:
    one, other = Team.objects.create(name="一组"), Team.objects.create(name="二组", is_closed=True)
    User.objects.filter(pk=staff("agent").id or 0).update(team=one)
    User.objects.filter(pk=staff("agent", "Otto").id or 0).update(team=one)
    in_a_call("of a colleague", 300, name="Otto")
    hidden = question("x", hours=3)
    promise_on_ticket(hidden.pk, text="hidden", due_at=clock.now() + HOUR, actor=staff("lead"))
    Ticket.objects.filter(pk=hidden.pk).update(team=other)
    client = sit("agent")
    assert parts(client, "team") == {"later": ["of a colleague"]}
    assert "hidden" not in str(parts(client, "all"))
    assert "hidden" in str(parts(sit("lead"), "all"))
    key = Promise.objects.get(text="hidden").pk
    assert client.post(f"/desk/promises/{key}/keeping/").status_code == 404


def test_a_closed_team_keeps_its_promises_on_every_page(sit: Sit) -> None:
    order, lead = an_order(), staff("lead")
    hidden, other = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("x", "y"))
    promise = promise_on_ticket(hidden.pk, text="hidden words", due_at=clock.now() + HOUR, actor=lead)
    make_promise(order.person_id, text="for all", due_at=None, order_id=order.pk, actor=lead)
    Ticket.objects.filter(pk=hidden.pk).update(team=Team.objects.create(name="甲组", is_closed=True))
    agent, sees_all = sit("agent"), sit("lead")
    for where in (f"orders/{order.pk}", f"people/{order.person.ref}", f"tickets/{other.ref}"):
        page, whole = (whole_page(client, f"/desk/{where}/") for client in (agent, sees_all))
        assert "for all" in page
        assert "hidden words" not in page
        assert f"/desk/promises/{promise.pk}/" not in page
        assert "hidden words" in whole
    seen = [values_for(other, actor, locale="en")["promise"] for actor in (staff("agent"), lead)]
    assert seen == ["for all", "hidden words"]


def test_it_is_kept_in_the_list_and_broken_ones_stay_until_their_ticket_is_closed(sit: Sit) -> None:
    ticket, me = question("x", hours=3), staff("agent")
    keep, fail = (
        promise_on_ticket(ticket.pk, text=text, due_at=clock.now() + 300 * HOUR, actor=me) for text in ("one", "two")
    )
    client = sit("agent")
    answer = client.post(f"/desk/promises/{keep.pk}/keeping/", {"next": LIST})
    assert answer.status_code == 302
    break_promise(fail.pk, actor=me)
    assert parts(client) == {"broken": ["two"]}
    assert f"/desk/tickets/{ticket.ref}/" in client.get(LIST).content.decode()
    assert client.post(f"/desk/tickets/{ticket.ref}/closing/").status_code == 302
    assert parts(client) == {}
    assert "Nothing is promised and open" in client.get(LIST).content.decode()


def test_a_promise_is_made_on_a_ticket_to_the_minute_and_closing_asks_why(sit: Sit) -> None:
    ticket, client = question("x", hours=3), sit("agent")
    day = clock.shop_date(clock.now()) + dt.timedelta(days=3)
    where = f"/desk/tickets/{ticket.ref}/promise/"
    assert client.post(where, {"text": "A new lid", "due_on": ""}).status_code == 422
    assert client.post(where, {"text": "A new lid", "due_on": str(day), "due_time": "15:30"}).status_code == 302
    promise = Promise.objects.get()
    assert promise.due_at == dt.datetime.combine(day, dt.time(15, 30), clock.shop_zone())
    assert (promise.made_in, promise.on_ticket.ticket) == ("ticket", ticket)
    page = whole_page(client, f"/desk/tickets/{ticket.ref}/")
    assert "A new lid" in page
    assert f"/desk/promises/{promise.pk}/keeping/" in page
    closing = f"/desk/tickets/{ticket.ref}/closing/"
    refused = client.post(closing)
    assert refused.status_code in (400, 422)
    assert "“A new lid” is promised and still open" in re.sub(r"&\w+;", "", refused.content.decode())
    assert 'name="why"' in refused.content.decode()
    assert client.post(closing, {"why": "sent by the warehouse"}).status_code == 302


def test_a_complaint_is_asked_for_a_reason_only_where_one_would_count(sit: Sit) -> None:
    """Another promise on it may be explained; that of its plan is kept, or said not to be."""
    complaint, client = a_complaint(an_order()), sit("agent")
    promise = promise_on_ticket(
        complaint.ticket_id, text="A new lid", due_at=clock.now() + dt.timedelta(days=1), actor=staff()
    )
    closing = f"/desk/tickets/{complaint.ticket.ref}/closing/"
    assert 'name="why"' in client.get(closing).content.decode()
    complaint.promise = promise
    complaint.save(update_fields=["promise"])
    assert 'name="why"' not in client.get(closing).content.decode()


def test_a_call_is_written_down_at_the_customer(sit: Sit) -> None:
    person, client = an_order().person, sit("agent")
    day = clock.shop_date(clock.now()) + dt.timedelta(days=1)
    where = f"/desk/people/{person.ref}/promise/"
    assert "What you said on the phone" in client.get(where).content.decode()
    assert client.post(where, {"text": "I call back", "due_on": str(day)}).status_code == 302
    promise = Promise.objects.get()
    assert (promise.made_in, promise.due_at) == ("call", clock.end_of_shop_day(day))


def test_the_open_list_asks_within_its_queries_and_roles_without_promises_stay_out(
    sit: Sit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        in_a_call(f"p{number}", 300 + number)
    client = sit("agent")
    client.get(LIST)
    with django_assert_max_num_queries(12):
        assert client.get(LIST, headers={"X-Fresh": "promises"}).status_code == 200
    with django_assert_max_num_queries(18):
        client.get(LIST)
    assert sit("warehouse").get(LIST).status_code == 403
    assert "承诺" in client.get(LIST, headers={"accept-language": "zh-hans"}).content.decode()
