"""A day's visits worked through in Chromium, by keyboard, and a customer's own answer on her phone."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from aftersales.kernel import clock
from tests.browser.people import Person
from tests.tickets.visits import a_visit
from tests.world import an_order, member, staff
from tickets.actions.visits.due import come_due
from tickets.actions.visits.giving import give_visit
from tickets.actions.visits.inviting import token_of
from tickets.actions.visits.planning import plan_after_signing
from tickets.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_day_s_list_is_worked_through(browser: Browser, live_server: LiveServer) -> None:
    with clock.fixed(clock.now() - dt.timedelta(days=4)):
        visits = [a_visit(), a_visit()]
    for visit in visits:
        give_visit(visit.pk, user_id=member("agent").pk, actor=staff("lead"))
    agent = Person(browser, live_server.url, width=1280, language="en-GB", name="agent")
    agent.enter("agent")
    agent.go("/desk/visits/").picture("visits-list")
    expect(agent.page.locator(".work__subject")).to_have_count(2)

    agent.page.keyboard.press("j")
    agent.page.keyboard.press("Enter")
    agent.see("What it is for").choose("result", "content").fill(suggestion="盖子太紧")
    agent.page.locator("input[name='satisfaction'][value='4']").check()
    agent.picture("visit").on()
    agent.page.get_by_text("Recorded:").first.wait_for()  # said outside of the main part
    expect(agent.page.locator(".work__subject")).to_have_count(1)

    agent.page.keyboard.press("j")
    agent.page.keyboard.press("Enter")
    agent.see("What it is for").choose("result", "missed").fill(remark="无人接").on()
    agent.see("No visit is due").picture("visits-done")
    assert sorted(Visit.objects.values_list("outcome", "tries").filter(pk__in=[each.pk for each in visits])) == [
        ("", 1), ("content", 0),
    ]  # fmt: skip


def test_she_answers_on_her_phone(browser: Browser, live_server: LiveServer) -> None:
    noon = dt.datetime.combine(clock.shop_date(clock.now()), dt.time(12), clock.shop_zone())
    with clock.fixed(noon - dt.timedelta(days=4)):
        plan_after_signing(an_order(days_ago=0).pk, at=clock.now())
    visit = Visit.objects.get()
    come_due(visit.pk, at=noon - dt.timedelta(days=1))
    mei = Person(browser, live_server.url, width=360, language="zh-CN", name="mei")
    mei.go(f"/v/{token_of(visit)}/").choose("score", "5").fill(suggestion="袋子太难拆").picture("visit-answer")
    mei.on().see("谢谢您").picture("visit-thanks")
    assert Visit.objects.filter(pk=visit.pk, outcome="content", satisfaction=5, suggestion="袋子太难拆").exists()
