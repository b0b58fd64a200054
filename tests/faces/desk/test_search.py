"""The search page: groups with counts, a kind by itself with pages, days, marks, and what it says when nothing is found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.kernel import clock
from aftersales.kernel.refs import new_ref
from aftersales.search import lookup
from aftersales.search.asking import Limits
from aftersales.search.index import catch_up
from aftersales.search.models import Rebuild
from tests.faces.desk import stages
from tests.tickets.visits import a_visit, an_appliance
from tests.world import a_person, an_order, customer
from tickets.actions.questions import ask_question
from tickets.models import Ticket, Visit

Sit = Callable[..., Client]


def asked(text: str, times: int = 1) -> list[Ticket]:
    order = an_order()
    return [ask_question(order.pk, text=text, actor=customer(order)) for _ in range(times)]


def page(client: Client, **query: str) -> str:
    return client.get("/desk/search/", query).content.decode()


def places(shown: str) -> set[str]:
    """The parts of the desk to which the hits lead."""
    return set(re.findall(r'class="work__subject" href="/desk/(\w+)/', shown))


def test_a_hit_shows_the_place_with_the_words_marked_and_nothing_of_it_is_markup(sit: Sit) -> None:
    (ticket,) = asked("您好\n<b>拉链</b>坏了 & 掉色")
    shown = page(sit(), q="拉链坏")
    assert shown.count("<mark>") == 0, "the two are not neighbours here"
    shown = page(sit(), q="拉链 掉色")
    assert "&lt;b&gt;<mark>拉链</mark>&lt;/b&gt;坏了 &amp; <mark>掉色</mark>" in shown
    assert f"/desk/tickets/{ticket.ref}/" in shown


def test_more_than_ten_of_a_kind_lead_to_that_kind_and_its_pages(sit: Sit) -> None:
    asked("怎么清洗", times=34)
    agent = sit()
    first = page(agent, q="清洗")
    assert first.count("work__subject") == 10
    assert "kind=ticket" in first
    assert "All 34" in first
    tickets = page(agent, q="清洗", kind="ticket")
    assert tickets.count("work__subject") == 30
    assert "page=2" in tickets
    last = page(agent, q="清洗", kind="ticket", page="2")
    assert last.count("work__subject") == 4
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "-1"}, {"page": "99999999"}, {"kind": "zebra"}, {"since": "gestern"},
                                   {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"since": "2026-11-31"}])  # fmt: skip
def test_an_odd_address_still_opens(sit: Sit, query: dict[str, str]) -> None:
    asked("怎么清洗")
    assert sit().get("/desk/search/", {"q": "清洗", **query}).status_code == 200


def test_nothing_found_says_what_to_try_and_takes_off_what_narrows(sit: Sit) -> None:
    asked("怎么清洗")
    agent = sit()
    assert "Try fewer words" in page(agent, q="没有这个")
    narrowed = page(agent, q="清洗", until="2020-01-01")
    assert "Look through everything" in narrowed
    assert "?q=%E6%B8%85%E6%B4%97&quot;" in narrowed or 'href="?q=%E6%B8%85%E6%B4%97"' in narrowed
    assert "One Chinese character is enough" in page(agent)


def test_htmx_gets_the_hits_alone_and_the_page_is_chinese_for_whoever_reads_chinese(sit: Sit) -> None:
    asked("怎么清洗")
    part = sit().get("/desk/search/", {"q": "清洗"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="hits"')
    whole = sit().get("/desk/search/", {"q": "没有这个"}, headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "可以少输几个词" in whole


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/desk/search/", "/desk/palette/"])
def test_what_is_found_while_the_index_is_made_or_behind_is_said_to_be_a_part(
    sit: Sit, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked("怎么清洗")
    catch_up()
    agent = sit()

    def told(text: str, **headers: str) -> list[bool]:
        shown = agent.get(address, {"q": text}, headers=headers).content.decode()
        return [words in shown for words in ("is being made anew", "Very much has changed")]

    assert told("清洗") == [False, False] == told("没有这个")
    Rebuild.objects.create(kind="ticket", anew=True)
    (late,) = asked("怎么清洗")
    found = agent.get(address, {"q": "清洗"}).content.decode()
    assert found.count("/desk/tickets/T-") == 1
    assert late.ref in found
    for headers in ({}, {"HX-Request": "true"}):
        assert told("清洗", **headers) == [True, False] == told("没有这个", **headers)
    Rebuild.objects.all().delete()
    monkeypatch.setattr("aftersales.search.pending._MOST", 1)
    for headers in ({}, {"HX-Request": "true"}):
        assert told("清洗", **headers) == [False, True] == told("没有这个", **headers)


@pytest.fixture
def visit(db: None) -> Visit:
    """A call that is due, of a customer who has orders, a request and its ticket as well; all of it indexed."""
    with clock.fixed(clock.now() - dt.timedelta(days=4)):
        person = a_person(name="欧阳晓")
        due = a_visit(an_appliance(person=person))
    stages.submitted(an_order(person=person))
    while catch_up():
        pass
    return due


@pytest.mark.postgres  # SQLite asks kind by kind
def test_all_kinds_cost_a_fixed_number_of_queries(
    sit: Sit, visit: Visit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    agent = sit()
    page(agent)
    with django_assert_max_num_queries(8):
        found = page(agent, q="欧阳")
    assert places(found) == {"orders", "people", "tickets", "returns", "visits"}
    with django_assert_max_num_queries(8):
        assert visit.ref in page(agent, q="欧阳", kind="visit")


@pytest.mark.postgres
def test_a_word_that_only_old_things_of_very_many_hold_costs_two_more(
    sit: Sit, visit: Visit, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.fixed(clock.now() - dt.timedelta(days=3)):
        a_person(name="欧阳明", phone="+8613655554444", email="ming@example.org")
    for number in range(20):  # as many as are looked at one by one for one hit
        a_person(name="顾北辰", phone=f"+86136555500{number:02d}", email=f"{number}@example.org")
    while catch_up():
        pass
    monkeypatch.setattr(lookup, "LIMITS", Limits(cap=1, window=1))
    agent = sit()
    page(agent)
    with django_assert_max_num_queries(10):
        found = page(agent, q="欧阳")
    assert "欧阳</mark>明" in found, "the newest of them"


@pytest.mark.postgres
def test_what_is_found_at_the_second_look_or_nowhere_costs_no_more_than_two_more(
    sit: Sit, visit: Visit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    agent = sit()
    page(agent)
    with django_assert_max_num_queries(10):
        assert visit.ref in page(agent, q=visit.ref[2:])
    for nowhere in (new_ref("V")[2:], "009876 5432 10"):
        with django_assert_max_num_queries(9):
            assert "Try fewer words" in page(agent, q=nowhere)
