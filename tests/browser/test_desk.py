"""The staff's half in Chromium: a desktop in English, the warehouse on a phone, the keyboard, and no JavaScript at all.

`DESK_SCREENSHOTS=docs/screenshots` keeps the pictures of the desk that the documentation shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from returns.models import Return
from tests.browser.people import Person, signed_in
from tests.faces.desk import stages
from tests.faces.desk.test_claims import claimed_for
from tests.faces.desk.test_queue import question
from tests.world import a_complaint, member, staff
from tickets.actions.conversation import note
from tickets.models import Draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

Desk = Callable[..., Person]


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, transactional_db: None) -> Desk:
    """Somebody at a desk: `desk("agent")`, on a phone with `width=360`, in Chinese with `language="zh-CN"`."""

    def sit_down(role: str, *, width: int = 1280, language: str = "en-GB", dark: bool = False) -> Person:
        person = Person(browser, live_server.url, width=width, language=language, name=role).enter(role)
        person.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        return person

    return sit_down


def now(ret: Return) -> str:
    return str(Return.objects.get(pk=ret.pk).status)


def press(page: Page, words: str, *, plain: bool = False) -> None:
    """A button of the page or of the open dialog, and wait for what it does: here, or on the page it leads to.

    `plain` is for a browser without JavaScript, where every button leads to a page.
    """
    button = page.get_by_role("button", name=words).locator("visible=true").first
    form = button.locator("xpath=ancestor::form[1]")
    if plain or not form.get_attribute("hx-post"):
        with page.expect_navigation():
            button.click()
        return
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        button.click()
    if "hx-redirect" in answered.value.headers:
        page.wait_for_timeout(500)  # the browser is on its way
        page.wait_for_load_state()
    page.locator("body:not(:has(.htmx-request, .htmx-settling))").wait_for()


def open_deed(page: Page, noun: str) -> None:
    """Open the dialog of a deed, out of the menu where it is there."""
    link = page.locator(f"a[data-deed='{noun}']").first
    if not link.is_visible():
        page.get_by_label("More actions").click()
    link.click()
    page.locator("dialog[open] #deed form").wait_for()


def test_approve_receive_inspect_refund(desk: Desk, tmp_path: Path) -> None:
    ret = stages.submitted()
    agent, warehouse = desk("agent"), desk("warehouse", width=360)
    agent.go("/desk/tickets/").picture("desk-queue")
    agent.page.keyboard.press("j")
    with agent.page.expect_navigation():
        agent.page.keyboard.press("Enter")
    agent.see("I do not want it any more").picture("desk-ticket")
    press(agent.page, "Approve")
    agent.see("approved, waiting for the parcel")
    open_deed(agent.page, "tracking")
    agent.page.get_by_label("Courier", exact=True).select_option("SF")
    agent.page.get_by_label("Tracking number", exact=True).fill("sf 1234 5678 90")
    press(agent.page, "Enter the tracking number")
    assert now(ret) == "in_transit"

    warehouse.go("/desk/").picture("desk-warehouse-phone")
    warehouse.page.get_by_label("Scan a label or type a number").fill("SF1234567890")
    warehouse.page.keyboard.press("Enter")
    warehouse.see("Enter what is really in the parcel").picture("desk-count-phone")
    press(warehouse.page, "Counted")
    warehouse.see("The customer said:").picture("desk-inspect-phone")
    photo = tmp_path / "seam.jpg"
    Image.effect_noise((640, 480), 50).convert("RGB").save(photo)
    warehouse.page.locator("input[type=file]").set_input_files(str(photo))
    press(warehouse.page, "Inspected")
    warehouse.see("A refund follows").picture("desk-outcome-phone")
    assert now(ret) == "refund_due"

    agent.go(f"/desk/tickets/{ret.ticket.ref}/").see("To be paid back").picture("desk-refund")
    press(agent.page, "Release ¥128.00")
    open_deed(agent.page, "payment")
    agent.picture("desk-payment-dialog")
    agent.page.get_by_label("Number of the payment", exact=True).fill("ALI-20261123-7")
    press(agent.page, "Record the payment")
    agent.see("ALI-20261123-7").picture("desk-closed")
    assert now(ret) == "closed"


def test_an_exchange_to_the_replacement(desk: Desk) -> None:
    ret = stages.in_transit(stages.exchange())
    warehouse, agent = desk("warehouse"), desk("agent")
    warehouse.go(f"/desk/returns/{ret.ref}/goods/")
    press(warehouse.page, "Counted")
    press(warehouse.page, "Inspected")
    warehouse.see("Send the replacement").picture("desk-outcome")
    open_deed(warehouse.page, "reshipment")
    warehouse.page.get_by_label("Courier", exact=True).select_option("ZTO")
    warehouse.page.get_by_label("Tracking number", exact=True).fill("ZT999900001111")
    press(warehouse.page, "Send the replacement")
    assert now(ret) == "reshipped"
    agent.go(f"/desk/tickets/{ret.ticket.ref}/").picture("desk-exchange")
    press(agent.page, "Replacement delivered")
    assert now(ret) == "closed"


def test_a_dialog_keeps_what_was_typed_when_it_is_refused(desk: Desk) -> None:
    ret = stages.submitted()
    agent = desk("agent").go(f"/desk/tickets/{ret.ticket.ref}/")
    open_deed(agent.page, "rejection")
    box = agent.page.locator("dialog[open]")
    agent.picture("desk-refuse-dialog")
    box.get_by_label("Why").fill("Worn for a week")
    box.locator("[name=clause]").evaluate("field => field.removeAttribute('required')")
    box.get_by_role("button", name="Refuse").click()
    box.locator(".error-summary").wait_for()
    expect(box.get_by_label("Why")).to_have_value("Worn for a week")
    agent.complaints.clear()  # the console names the 422 itself
    agent.page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    open_deed(agent.page, "rejection")
    box.get_by_label("Why").fill("Worn for a week")
    box.locator("[name=clause]").fill("Seven-day measures, art. 9")
    press(agent.page, "Refuse")
    agent.see("Worn for a week")
    assert now(ret) == "rejected"


def test_the_queue_answers_as_one_chooses_and_the_way_back_works(desk: Desk) -> None:
    stages.submitted()
    swap = stages.exchange()
    agent = desk("agent").go("/desk/tickets/")
    rows = agent.page.locator("#list a.work__subject")
    expect(rows).to_have_count(2)
    agent.page.get_by_text("More filters").click()
    agent.page.locator("#filter-kind").select_option("exchange")
    expect(rows).to_have_count(1)
    expect(agent.page).to_have_url(re.compile("kind=exchange"))
    rows.first.click()
    expect(agent.page).to_have_url(re.compile(f"/desk/tickets/{swap.ticket.ref}/.*kind=exchange"))
    expect(agent.page.locator(".desk__list a.work__subject")).to_have_count(1)
    agent.page.go_back()
    expect(rows).to_have_count(1)
    agent.page.go_back()
    expect(rows).to_have_count(2)


def test_the_keyboard_works_and_can_be_switched_off(desk: Desk) -> None:
    ret = stages.submitted()
    agent = desk("agent").go("/desk/")
    page = agent.page
    page.keyboard.press("/")
    expect(page.get_by_label("Search orders, phones, names and numbers")).to_be_focused()
    page.keyboard.type("j?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    agent.go(f"/desk/tickets/{ret.ticket.ref}/")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.locator("#content").focus()
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    page.locator("#content").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    agent.picture("desk-keys")
    page.get_by_label("Single keys work on this device").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_what_one_types_is_kept(desk: Desk) -> None:
    ret = stages.submitted()
    agent = desk("agent").go(f"/desk/tickets/{ret.ticket.ref}/")
    agent.page.locator("#reply-text").type("We look into it")
    agent.page.locator("#draft-reply").get_by_text("Draft saved").wait_for()
    assert Draft.objects.get().text == "We look into it"
    agent.page.reload()
    expect(agent.page.locator("#reply-text")).to_have_value("We look into it")


@pytest.mark.parametrize("role", ["agent", "manager"])
def test_a_phone_has_every_area_in_its_bar_or_behind_more(desk: Desk, role: str, drain: Callable[[], int]) -> None:
    ticket = question("Where is my shirt?", hours=3)
    note(ticket.pk, text=f"@{member(role).name} please look", actor=staff("lead"))
    drain()
    page = desk(role, width=360).go("/desk/").page
    bar = page.get_by_role("navigation", name="Areas")
    more = bar.locator("summary")
    assert bar.get_by_role("link").count() == 4
    expect(more).to_have_text(re.compile("More.*1 unread notice"))
    more.click()
    for link in bar.get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    more.press("Enter")
    with page.expect_navigation(url="**/desk/notices/"):
        bar.get_by_role("link", name="Notices").click()


def test_without_javascript(browser: Browser, live_server: LiveServer, transactional_db: None) -> None:
    ret = stages.submitted()
    stages.exchange()
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False)
    context.add_cookies([{"name": "desk_session", "value": signed_in("agent"), "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/tickets/")
    page.locator("summary:visible", has_text="Filter").first.click()  # folded on a phone
    page.get_by_text("More filters").click()
    page.locator("#filter-kind").select_option("return")
    press(page, "Filter", plain=True)
    expect(page.locator("a.work__subject")).to_have_count(1)
    page.locator("a.work__subject").first.click()
    page.locator("#reply-text").fill("Hello there")
    press(page, "Keep as a draft", plain=True)
    expect(page.locator("#reply-text")).to_have_value("Hello there")
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Refuse…").click()
    page.get_by_label("Why").fill("Worn")
    page.get_by_label("Rule or clause it rests on").fill("art. 9")
    press(page, "Refuse", plain=True)
    assert now(ret) == "rejected"


@pytest.mark.parametrize(("language", "width", "dark"), [("zh-CN", 360, False), ("en-GB", 1280, True)])
def test_every_page_is_sound(desk: Desk, language: str, width: int, dark: bool) -> None:
    """axe finds nothing serious, nothing scrolls sideways and the console is silent, on every page made here."""
    lead = desk("lead", width=width, language=language, dark=dark)
    due, held = stages.refund_due(price=80_000), stages.awaiting_reship(price=15_000)
    case = {
        stage.__name__: stage() for stage in (stages.submitted, stages.contested, stages.unknown, stages.goods_refused)
    }
    arrived, counted = stages.delivered(), stages.received()
    person, order = due.person, due.order
    for days in (-1, 5):
        claimed_for(f"SF9{days + 1}", days)
    a_complaint(order)
    pages = {
        "queue": "/desk/", "filtered": "/desk/tickets/?view=overdue&kind=return", "search": "/desk/search/",
        "found": f"/desk/search/?q={person.name}", "profile": "/desk/profile/", "warehouse": "/desk/warehouse/?scan=NOPE",
        "claims": "/desk/claims/?whose=all", "improvements": "/desk/improvements/?whose=all",
        "count": f"/desk/returns/{arrived.ref}/receipt/", "inspect": f"/desk/returns/{counted.ref}/inspection/",
        "outcome": f"/desk/returns/{due.ref}/outcome/", "order": f"/desk/orders/{order.pk}/",
        "request": f"/desk/orders/{order.pk + 1}/request/", "person": f"/desk/people/{person.ref}/",
        "contact": f"/desk/people/{person.ref}/contacts/{person.contact_points.order_by('pk')[0].pk}/",
        "refuse": f"/desk/returns/{case['submitted'].ref}/rejection/",
        "finding": f"/desk/refunds/{case['unknown'].refunds.get().ref}/finding/",
        "ticket-due": f"/desk/tickets/{due.ticket.ref}/", "ticket-held": f"/desk/tickets/{held.ticket.ref}/",
        **{f"ticket-{name}": f"/desk/tickets/{ret.ticket.ref}/" for name, ret in case.items()},
    }  # fmt: skip
    for name, where in pages.items():
        lead.go(where).picture(f"desk-{language[:2]}-{width}{'-dark' if dark else ''}-{name}")


@pytest.mark.parametrize(("language", "width", "dark"), [("zh-CN", 360, True), ("en-GB", 1280, False)])
def test_whom_a_new_ticket_is_about_is_told_while_it_is_typed(
    desk: Desk, language: str, width: int, dark: bool
) -> None:
    first, second = question("first", hours=3), question("second", hours=5)
    assert first.order
    assert second.order
    agent = desk("agent", width=width, language=language, dark=dark).go("/desk/tickets/new/")
    told, field = agent.page.locator("#about-told"), agent.page.locator("#about")
    field.fill(first.order.number)
    field.press("Tab")
    expect(told).to_contain_text(str(first.person))
    expect(told.get_by_role("link")).to_have_count(3)
    agent.picture(f"desk-new-ticket-{language[:2]}-{width}{'-dark' if dark else ''}")
    field.fill("404404404")
    field.press("Tab")
    expect(told).to_contain_text("404404404")
    agent.go(f"/desk/tickets/new/?about={second.order.number}")
    expect(told).to_contain_text(str(second.person))
