"""Tickets opened, changed and put to wait at the desk; the page of waits counts what its links show."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.accounts.models import Team
from aftersales.desk import ageing
from aftersales.kernel import clock
from aftersales.kernel.clock import shop_date, shop_zone
from aftersales.ledger.models import IdempotencyKey
from tests.faces.desk import stages
from tests.tickets.sla.hours import at
from tests.world import an_order, customer, staff
from tickets.actions.assignment import assign
from tickets.actions.conversation import receive_message, reply
from tickets.actions.details import change_ticket
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.actions.waiting import set_waiting
from tickets.models import Clock, ClockSegment, Tag, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


def form_of(page: str, **typed: Any) -> dict[str, Any]:
    """What the page of a new ticket would send, with what was typed."""
    key = re.search(r'name="key" value="([0-9a-f]+)"', page)
    assert key
    return {"key": key.group(1), "channel": "phone", "priority": 3, **typed}


def test_a_call_becomes_a_ticket_once_however_often_it_is_sent(sit: Sit) -> None:
    agent, order = sit("agent"), an_order()
    page = agent.get(f"/desk/tickets/new/?about={order.number}").content.decode()
    assert f'value="{order.number}"' in page
    sent = form_of(
        page, about=order.number, kind="repair", title="水壶不加热", text="按了没反应", mine="on", priority=2
    )
    answers = [agent.post("/desk/tickets/new/", sent) for _time in range(2)]
    ticket = Ticket.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [f"/desk/tickets/{ticket.ref}/"] * 2
    assert (ticket.kind, ticket.priority, ticket.assignee_id) == ("repair", 2, staff("agent").id)
    shown = agent.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert "按了没反应" in shown
    assert "Repair" in shown


def test_a_key_of_the_version_before_leads_to_its_ticket(sit: Sit) -> None:
    agent, order = sit("agent"), an_order()
    sent = form_of(agent.get("/desk/tickets/new/").content.decode(), about=order.number, kind="praise", title="好评")
    first = agent.post("/desk/tickets/new/", sent)
    IdempotencyKey.objects.update(response={"ticket": Ticket.objects.get().pk})
    assert agent.post("/desk/tickets/new/", sent).headers["Location"] == first.headers["Location"]


@pytest.mark.parametrize(("about", "says"), [("13900009999", "Nothing matches"), ("", "Only a task")])
def test_who_is_not_known_is_said_at_the_field(sit: Sit, about: str, says: str) -> None:
    agent = sit("agent")
    page = agent.get("/desk/tickets/new/").content.decode()
    answer = agent.post("/desk/tickets/new/", form_of(page, about=about, kind="praise", title="好评"))
    assert answer.status_code in (400, 422)
    assert says in answer.content.decode()
    assert not Ticket.objects.exists()


def test_whom_it_is_about_is_told_before_it_is_opened(sit: Sit) -> None:
    agent, order = sit("agent"), an_order()
    where = "/desk/tickets/new/about/"
    told = agent.get(where, {"about": order.number}).content.decode()
    assert str(order.person) in told
    assert f"/desk/orders/{order.pk}/" in told
    assert "Open already" not in told
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    told = agent.get(where, {"about": "138 0000 0001"}).content.decode()
    assert str(order.person) in told
    assert f"/desk/tickets/{ticket.ref}/" in told
    Ticket.objects.filter(pk=ticket.pk).update(team=Team.objects.create(name="乙组", is_closed=True))
    assert ticket.ref not in agent.get(where, {"about": order.number}).content.decode()
    assert "Nothing matches" in agent.get(where, {"about": "404404404"}).content.decode()
    assert agent.get(where).content.decode().strip() == ""
    blank, begun = (
        agent.get(f"/desk/tickets/new/{asked}").content.decode() for asked in ("", f"?about={order.number}")
    )
    assert 'hx-trigger="change from:#about"' in blank
    assert 'hx-trigger="change from:#about, load"' in begun


def test_which_ticket_a_reference_names_is_told_before_it_is_merged_or_linked(sit: Sit) -> None:
    agent, (one, other) = sit("agent"), stages.asked_twice()
    for deed, field in (("merging", "into"), ("linking", "other")):
        form = agent.get(f"/desk/tickets/{one.ref}/{deed}/").content.decode()
        assert f'<option value="{other.ref}">{other.subject}</option>' in form
        assert f'<option value="{one.ref}">' not in form
        assert f'hx-trigger="change from:#{deed}-{field}"' in form
        named = agent.get("/desk/tickets/named/", {field: f" {other.ref.lower()} "}).content.decode()
        assert f"/desk/tickets/{other.ref}/" in named
        assert other.subject in named
        assert str(other.person) in named
    assert "There is no ticket T-404" in agent.get("/desk/tickets/named/", {"into": "T-404"}).content.decode()
    assert agent.get("/desk/tickets/named/").content.decode().strip() == ""
    refused = agent.post(f"/desk/tickets/{one.ref}/merging/", {"into": one.ref}).content.decode()
    assert 'hx-trigger="change from:#merging-into, load"' in refused
    Ticket.objects.filter(pk=other.pk).update(team=Team.objects.create(name="乙组", is_closed=True))
    assert "There is no ticket" in agent.get("/desk/tickets/named/", {"into": other.ref}).content.decode()
    assert other.ref not in agent.get(f"/desk/tickets/{one.ref}/merging/").content.decode()


def test_a_customer_is_found_by_phone(sit: Sit) -> None:
    agent, order = sit("agent"), an_order()
    page = agent.get("/desk/tickets/new/").content.decode()
    agent.post("/desk/tickets/new/", form_of(page, about="138 0000 0001", kind="visit", title="回访"))
    assert Ticket.objects.get().person == order.person


def test_details_and_tags_are_changed_in_one_form(sit: Sit) -> None:
    agent, ticket, tag = sit("agent"), stages.question(), Tag.objects.create(name="发票")
    where = f"/desk/tickets/{ticket.ref}/details/"
    assert "发票" in agent.get(where).content.decode()
    sent = {"title": "要发票", "kind": "question", "priority": 1, "queue": "returns", "tags": [tag.pk]}
    assert agent.post(where, sent).status_code == 302
    assert agent.post(where, sent).status_code == 302
    page = agent.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert "要发票" in page
    assert page.count("Changed: priority, tags, title") == 1


def test_the_details_of_a_ticket_that_waits_for_its_customer_are_saved_without_a_word_to_its_clocks(sit: Sit) -> None:
    """Everything on the form but kind and priority changes, days after the deadlines it would have had; then it is sent again."""
    agent, order, tag = sit("agent"), an_order(), Tag.objects.create(name="发票")
    team = Team.objects.create(name="一组")
    with clock.fixed(at("Mon 09:00")):
        ticket = ask_question(order.pk, text="发票呢？", actor=customer(order))
    reply(ticket.pk, text="请告诉我们抬头。", actor=staff(), at=at("Mon 09:10"))
    returns = stages.submitted().ticket.queue.key

    def kept() -> list[object]:
        clocks = Clock.objects.filter(ticket=ticket)
        return [*clocks.order_by("pk").values(), *ClockSegment.objects.filter(clock__in=clocks).order_by("pk").values()]

    before = kept()
    assert {row["state"] for row in Clock.objects.filter(ticket=ticket).values("state")} == {"met", "paused"}
    sent = {"title": "要专票", "kind": "question", "priority": 3, "queue": returns, "team": team.pk, "tags": [tag.pk]}
    with clock.fixed(at("Thu 15:00")):
        for _time in range(2):
            assert agent.post(f"/desk/tickets/{ticket.ref}/details/", sent).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.title, ticket.queue.key, ticket.team) == ("要专票", returns, team)
    assert kept() == before


def test_waits_are_counted_by_age_and_each_number_shows_its_tickets(sit: Sit) -> None:
    agent, now = sit("agent"), clock.now()
    old, new = stages.question(), stages.question()
    with clock.fixed(now - dt.timedelta(days=8)):
        set_waiting(old.pk, "supplier", actor=staff(), why="等供应商回复")
    assert agent.post(f"/desk/tickets/{new.ref}/waiting/", {"waiting_on": "carrier", "why": "查件"}).status_code == 302
    page = agent.get("/desk/waits/").content.decode()
    assert '<a href="?whom=supplier&amp;age=old">1</a>' in page
    assert '<a href="?whom=carrier&amp;age=new">1</a>' in page
    assert page.index(old.ref) < page.index(new.ref)
    only = agent.get("/desk/waits/?whom=supplier&age=old").content.decode()
    assert old.ref in only
    assert new.ref not in only
    assert agent.post(f"/desk/tickets/{new.ref}/resumption/").status_code == 302
    assert new.ref not in agent.get("/desk/waits/").content.decode()


def test_each_number_of_the_waits_leads_to_all_its_tickets_page_by_page(
    sit: Sit, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[..., Any]
) -> None:
    monkeypatch.setattr(ageing, "ROWS", 2)
    agent, now = sit("agent"), clock.now()
    waiting = [stages.question() for _each in range(5)]
    for days, ticket in zip((12, 11, 10, 9, 2), waiting, strict=True):
        with clock.fixed(now - dt.timedelta(days=days)):
            set_waiting(ticket.pk, "supplier", actor=staff(), why="等供应商回复")
    set_waiting(stages.question().pk, "finance", actor=staff(), why="对账")

    def seen(address: str) -> tuple[list[str], str]:
        page = agent.get(address).content.decode()
        return [each.ref for each in waiting if f"/desk/tickets/{each.ref}/" in page], html.unescape(page)

    old = "/desk/waits/?whom=supplier&age=old"
    first, page = seen(old)
    assert first == [each.ref for each in waiting[:2]]
    assert "<span>4 entries</span>" in page
    assert '<a href="?whom=supplier&age=old&page=2" rel="next"' in page
    second, page = seen(f"{old}&page=2")
    assert second == [each.ref for each in waiting[2:4]]
    assert 'rel="next"' not in page
    assert "<span>5 entries</span>" in seen("/desk/waits/?whom=supplier")[1]
    assert "<span>6 entries</span>" in seen("/desk/waits/?whom=nobody-knows&age=him")[1]
    with CaptureQueriesContext(connection) as asked:
        agent.get("/desk/waits/")
    with django_assert_num_queries(len(asked)):
        agent.get(f"{old}&page=2")


def test_the_page_of_waits_costs_the_same_however_many_wait(
    sit: Sit, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    agent = sit("agent")
    for _each in range(5):
        set_waiting(stages.question().pk, "finance", actor=staff(), why="对账")
    with django_assert_max_num_queries(12):
        agent.get("/desk/waits/")


def test_the_story_says_why_a_ticket_was_closed(sit: Sit) -> None:
    ticket, agent = stages.question(), sit("agent")
    address = f"/desk/tickets/{ticket.ref}/"
    assert "Close, not solved" in agent.get(address).content.decode()
    agent.post(f"{address}other-closing/", {"reason": "no_answer"})
    assert "Ticket closed: the customer no longer answers" in agent.get(address).content.decode()
    assert agent.post(f"{address}other-closing/", {"reason": "merged"}).status_code == 422


def seen_by(button: str, page: str) -> str:
    """What the page says was on it, at this button."""
    found = re.search(rf'[^>]*{button}/[^>]*?seen=([\d,]+)"', page) or re.search(
        rf'{button}/[^>]*>(?:<input[^>]*>)*<input type="hidden" name="seen" value="([\d,]+)"', page
    )
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("deed", "sent"),
    [
        ("closing", {}),
        ("other-closing", {"reason": "no_answer"}),
        ("waiting", {"waiting_on": "customer", "why": "照片"}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_ticket_is_not_put_away_over_words_that_were_not_on_the_page(
    sit: Sit, deed: str, sent: dict[str, str]
) -> None:
    order, agent = an_order(), sit("agent")
    ticket = ask_question(order.pk, text="在吗", actor=customer(order))
    address = f"/desk/tickets/{ticket.ref}/"
    seen = seen_by(deed, agent.get(address).content.decode())
    assert seen == str(ticket.messages.get().pk)
    newer = receive_message(ticket.pk, text="冒烟了！", actor=customer(order))
    refused = agent.post(f"{address}{deed}/?next={address}", sent | {"seen": seen})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "冒烟了！" in page
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert Clock.objects.open().filter(ticket=ticket, metric="first_response").exists()
    assert hidden(page) == str(newer.pk), "it has been shown"
    assert agent.post(f"{address}{deed}/", sent | {"seen": hidden(page)}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status != "open"


@pytest.mark.parametrize(
    ("deed", "sent"),
    [("closing", {}), ("waiting", {"waiting_on": "customer", "why": "照片"})],
    ids=["closing", "waiting"],
)
def test_a_ticket_is_not_put_away_over_words_that_came_by_a_merge(sit: Sit, deed: str, sent: dict[str, str]) -> None:
    order, agent = an_order(), sit("agent")
    other, ticket = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("冒烟了！", "在吗"))
    address = f"/desk/tickets/{ticket.ref}/"
    seen = seen_by(deed, agent.get(address).content.decode())
    merge_tickets(other.pk, ticket.pk, actor=staff())
    refused = agent.post(f"{address}{deed}/?next={address}", sent | {"seen": seen})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "冒烟了！" in page
    assert hidden(page) == seen_by(deed, agent.get(address).content.decode()) == f"{seen},{other.pk}"
    assert agent.post(f"{address}{deed}/", sent | {"seen": hidden(page)}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status != "open"


@pytest.mark.parametrize("seen", ["x", "-1", "²", "1,", "1,x", ",", "9" * 30])
def test_what_was_seen_is_said_in_numbers(sit: Sit, seen: str) -> None:
    ticket = stages.question()
    assert sit("agent").post(f"/desk/tickets/{ticket.ref}/closing/", {"seen": seen}).status_code == 422


def test_a_split_offers_the_whole_conversation_but_what_can_still_be_undone(sit: Sit) -> None:
    order, agent = an_order(), sit("agent")
    other, ticket = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("发票呢？", "被套破了"))
    merge_tickets(other.pk, ticket.pk, actor=staff())
    held = reply(ticket.pk, text="今天寄。", actor=staff(), hold=dt.timedelta(minutes=5))
    address = f"/desk/tickets/{ticket.ref}/splitting/"
    page, came = agent.get(address).content.decode(), other.messages.get()
    assert f'value="{came.pk}"' in page
    assert f"{other.ref} · " in page
    assert f'value="{held.pk}"' not in page
    sent = {"title": "发票", "messages": [came.pk]}
    for _time in range(2):
        assert agent.post(address, sent).status_code == 302
    came.refresh_from_db()
    assert came.ticket.title == "发票"


@pytest.mark.parametrize("deed", ["taking", "assignee"])
def test_a_ticket_is_not_taken_from_who_took_it_meanwhile(sit: Sit, deed: str) -> None:
    ticket, agent, other = stages.question(), sit("agent"), staff("agent", "other")
    me = staff("agent").id
    address = f"/desk/tickets/{ticket.ref}/"
    page = agent.get(address).content.decode()
    assert re.search(r'taking/[^>]*>(?:<input[^>]*>)*<input type="hidden" name="whose" value="0"', page)
    assert "&amp;whose=0" in page or "&whose=0" in page
    assert 'name="whose" value="0"' in agent.get(f"{address}assignee/?whose=0").content.decode()
    assign(ticket.pk, user_id=other.id, actor=other)
    refused = agent.post(f"{address}{deed}/?next={address}", {"whose": "0", "user": me})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "other has had this ticket" in page
    assert f'name="whose" value="{other.id}"' in page
    ticket.refresh_from_db()
    assert ticket.assignee_id == other.id
    assert agent.post(f"{address}{deed}/", {"whose": str(other.id), "user": me}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee_id == me


def test_the_dialog_keeps_what_the_page_showed(sit: Sit) -> None:
    ticket, agent = stages.question(), sit("agent")
    asked = agent.get(f"/desk/tickets/{ticket.ref}/waiting/?seen=7").content.decode()
    assert hidden(asked) == "7"


def hidden(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def test_a_dialog_left_open_reverts_nothing_and_a_choice_that_crosses_another_is_asked_again(sit: Sit) -> None:
    ticket, agent = stages.question(), sit("agent")
    address = f"/desk/tickets/{ticket.ref}/details/"
    sent = {"title": ticket.title, "kind": "question", "priority": "3", "queue": ticket.queue.key, "team": ""}
    seen = hidden(agent.get(address).content.decode())
    change_ticket(ticket.pk, actor=staff("lead"), priority=1)
    assert agent.post(address, {**sent, "title": "Two invoices", "seen": seen}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.title, ticket.priority) == ("Two invoices", 1)

    seen = hidden(agent.get(address).content.decode())
    change_ticket(ticket.pk, actor=staff("lead"), priority=2, title="Three invoices")
    sent |= {"title": "Two invoices", "priority": "4"}
    refused = agent.post(address, {**sent, "seen": seen})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "was changed to “high” while you had this open" in page.lower()
    assert 'value="Three invoices"' in page
    assert '<option value="4" selected' in page
    sent |= {"title": "Three invoices", "seen": hidden(page)}
    assert agent.post(address, sent).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.title, ticket.priority) == ("Three invoices", 4)


@pytest.mark.parametrize("seen", ["", "[]", "{", "7", "null", '{"priority": "x"}'])
def test_a_broken_mark_of_what_was_seen_is_no_error_of_the_house(sit: Sit, seen: str) -> None:
    ticket = stages.question()
    sent = {"title": "T", "kind": "question", "priority": "3", "queue": ticket.queue.key, "team": "", "seen": seen}
    assert sit("agent").post(f"/desk/tickets/{ticket.ref}/details/", sent).status_code in (302, 409, 422)


def test_a_day_and_an_hour_are_the_shops(sit: Sit) -> None:
    ticket, agent = stages.question(), sit("agent")
    address = f"/desk/tickets/{ticket.ref}/waiting/"
    assert "put off until later" in agent.get(address).content.decode()
    assert agent.post(address, {"waiting_on": "later"}).status_code == 400, "no day"
    assert agent.post(address, {"waiting_on": "carrier", "until": "2099-01-04"}).status_code == 422, "nothing awaited"
    day = shop_date(clock.now()) + dt.timedelta(days=3)
    for hour, wakes in (("14:30", dt.time(14, 30)), ("", dt.time(9))):
        sent = {"waiting_on": "later", "until": day.isoformat(), "hour": hour}
        assert agent.post(address, sent).status_code == 302
        ticket.refresh_from_db()
        assert ticket.waiting_until is not None
        assert ticket.waiting_until.astimezone(shop_zone()) == dt.datetime.combine(day, wakes, shop_zone())
    assert agent.post(address, {"waiting_on": "later", "until": day.isoformat(), "hour": "25:00"}).status_code == 422
