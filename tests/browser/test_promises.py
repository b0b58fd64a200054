"""A promise broken and recovered, in Chromium: made on a ticket, forgotten, found again by keyboard, made anew and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from aftersales.kernel import clock
from aftersales.ledger.sweep import sweep
from customers.models import Promise
from tests.browser.people import Person
from tests.browser.test_desk import desk, open_deed, press  # noqa: F401  the fixture of somebody at a desk
from tests.faces.desk.test_queue import question
from tests.world import staff
from tickets.actions.closing import close_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_promise_is_broken_found_and_made_good(desk: Callable[..., Person]) -> None:  # noqa: F811
    ticket, me = question("The lid of my kettle", hours=48), staff("agent")
    staff("lead")
    agent = desk("agent").go(f"/desk/tickets/{ticket.ref}/")
    page = agent.page
    tomorrow = clock.shop_date(clock.now()) + dt.timedelta(days=1)

    def say(text: str) -> None:
        open_deed(page, "promise")
        page.locator("dialog[open] [name=text]").fill(text)
        page.locator("dialog[open] [name=due_on]").fill(str(tomorrow))
        page.locator("dialog[open] form button[type=submit]").click()
        agent.see(text)

    say("The lid leaves today")
    close_ticket(ticket.pk, actor=me, why="the warehouse sends it")
    with clock.fixed(clock.now() + dt.timedelta(days=3)):
        sweep("test", budget_seconds=30)
    ticket.refresh_from_db()
    assert ticket.status == "open"

    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("p")
    agent.see("Broken, to be made good").picture("desk-promises")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(f"{agent.base}/desk/tickets/{ticket.ref}/")
    say("A new lid by courier, and the freight is ours")
    agent.go("/desk/promises/")
    press(page, "Kept")
    kept = Promise.objects.get(text__startswith="A new lid")
    assert kept.kept_at is not None
    agent.go(f"/desk/tickets/{ticket.ref}/")
    page.keyboard.press("e")
    expect(page.get_by_text("Closed. It opens again")).to_be_visible()
    agent.go("/desk/promises/").see("Nothing is promised and open")
    lead = desk("lead").go("/desk/notices/")
    lead.see("The lid leaves today")
    for person in (agent, lead):
        assert person.complaints == []
