"""A customer kept right, in Chromium: two entries merged with what goes over read first, and a file of a conversation hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from customers.actions.consents import give_consent, withdraw_consent
from customers.models import Person as Customer
from tests.browser.people import Person
from tests.browser.test_desk import desk, open_deed, press  # noqa: F401  the fixture of somebody at a desk
from tests.faces.desk import stages
from tests.world import a_person, an_order, staff
from tickets.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_lead_reads_what_goes_over_and_merges(desk: Callable[..., Person]) -> None:  # noqa: F811
    source = an_order().person
    into = a_person("林小姐", "+8613800000001", "lin@work.example")
    give_consent(source.pk, purpose="news", proof="chat", actor=staff())
    give_consent(into.pk, purpose="goods", proof="chat", actor=staff())
    withdraw_consent(into.pk, purpose="goods", proof="call", actor=staff())
    for width, language, dark in ((360, "zh-CN", True), (360, "en-GB", False), (1280, "zh-CN", False)):
        seen = desk("lead", width=width, language=language, dark=dark).go(f"/desk/people/{source.ref}/")
        seen.see("林小姐").picture(f"customer-{width}-{language}")
        seen.page.locator(".desk__actions details.menu summary").click()  # in whatever language
        open_deed(seen.page, "merging")
        seen.picture(f"customer-merging-{width}-{language}")
    lead = desk("lead", dark=True).go(f"/desk/people/{source.ref}/")
    open_deed(lead.page, "merging")
    lead.page.locator("dialog[open] [name=into]").fill(into.ref)
    lead.page.locator("dialog[open] form button[type=submit]").click()
    expect(lead.page.locator("dialog[open]")).to_contain_text("Read what goes over")
    expect(lead.page.locator("dialog[open]")).to_contain_text("orders: 1")
    lead.complaints.clear()  # the console tells of the answer that asks to read first
    lead.picture("customer-merging-preview")
    lead.page.locator("dialog[open] [name=sure]").check()
    with lead.page.expect_navigation(url=f"**/desk/people/{into.ref}/"):
        lead.page.locator("dialog[open] form button[type=submit]").click()
    expect(lead.page.get_by_text("Everything is with this customer now")).to_be_visible()
    lead.see(source.ref).picture("customer-merged")
    assert Customer.objects.get(pk=source.pk).merged_into == into


def test_a_file_is_hidden_and_shown_again(desk: Callable[..., Person]) -> None:  # noqa: F811
    file = stages.a_photo_of_a_message()
    ticket = Message.objects.get(pk=file.subject_id).ticket
    for width, language, dark in ((360, "zh-CN", False), (1280, "en-GB", True)):
        agent = desk("agent", width=width, language=language, dark=dark).go(f"/desk/tickets/{ticket.ref}/")
        agent.page.locator("#conversation details summary").click()
        agent.picture(f"ticket-files-{width}-{language}")
    agent.page.locator("a[data-deed=hiding]").click()
    agent.page.locator("dialog[open] [name=why]").fill("Shows another customer")
    agent.page.locator("dialog[open] form button[type=submit]").click()
    agent.see("1 hidden")
    expect(agent.page.locator("#conversation .photos")).to_have_count(0)
    agent.page.locator("#conversation details summary").click()
    agent.picture("ticket-file-hidden")
    press(agent.page, "Show again")
    expect(agent.page.locator("#conversation .photos")).to_have_count(1)
    assert agent.complaints == []
