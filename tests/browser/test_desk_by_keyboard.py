"""An agent's hour by keyboard alone, in Chinese and in English: the list, the palette, many at once, and what colleagues do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.people import Person, signed_in
from tests.browser.test_desk import desk, now  # noqa: F401  the fixture of somebody at a desk
from tests.faces.desk import stages
from tests.faces.desk.test_queue import question
from tests.world import a_person, member, staff
from tickets.actions.assignment import assign
from tickets.actions.opening import open_ticket
from tickets.models import SavedView, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

Desk = Callable[..., Person]
WORDS = {
    "en-GB": {"assign": "assign to me", "keep": "Keep as a view…", "name": "Name of the view", "overdue": "overdue"},
    "zh-CN": {"assign": "由我处理", "keep": "保存为视图…", "name": "视图名称", "overdue": "逾期"},
}


def palette(page: Page, text: str) -> None:
    """Open the palette, type, wait for a line that holds it, and carry the first one out."""
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=combobox]")).to_be_focused()
    page.keyboard.type(text)
    line = page.locator("#palette [role=option][aria-selected=true]")
    expect(line).to_contain_text(re.compile(re.escape(text), re.IGNORECASE))
    page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_palette_takes_a_ticket_and_goes_to_a_view(desk: Desk, language: str) -> None:  # noqa: F811
    late = question("Where is my shirt?", hours=-2)
    words = WORDS[language]
    agent = desk("agent", language=language).go("/desk/tickets/")
    page = agent.page
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_response(lambda answer: "/taking/" in answer.url):
        palette(page, words["assign"])
    expect(page.locator("dialog[open]")).to_have_count(0)
    late.refresh_from_db()
    assert late.assignee == member("agent")
    page.keyboard.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()
    agent.picture(f"desk-palette-{language[:2]}")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        palette(page, words["overdue"])
    expect(page).to_have_url(re.compile("view=overdue"))
    expect(page.locator("[data-work] a.work__subject")).to_have_count(1)


def held(page: Page) -> list[Route]:
    """From now on no question of the palette is answered before its route here is told to go on."""
    routes: list[Route] = []
    page.route("**/desk/palette/**", lambda route: routes.append(route))
    return routes


def asked(page: Page, text: str) -> None:
    """Type into the palette and wait until the server is asked for it."""
    with page.expect_request("**/desk/palette/**"):
        page.keyboard.type(text)


@pytest.mark.parametrize("again", [False, True], ids=["first opened", "opened again"])
def test_enter_carries_out_only_what_answers_the_words_in_the_field(desk: Desk, again: bool) -> None:  # noqa: F811
    ret = stages.submitted()
    question("Where is my shirt?", hours=-2)
    page = desk("agent").go(f"/desk/tickets/{ret.ticket.ref}/").page
    line = page.locator("#palette [role=option][aria-selected=true]")
    page.keyboard.press("Control+k")
    expect(line).to_have_text("Approve")
    questions = held(page)
    if again:
        page.keyboard.press("Escape")
        with page.expect_request("**/desk/palette/**"):
            page.keyboard.press("Control+k")
        page.keyboard.press("Enter")  # nothing was typed: nobody can mean a line that is not there yet
    page.keyboard.type("overdue")
    with page.expect_request("**/desk/palette/?q=overdue*"):
        page.keyboard.press("Enter")
    expect(line).to_have_count(0)
    expect(page.locator("#palette")).to_be_visible()
    with page.expect_navigation():
        for route in questions:
            route.continue_()
    expect(page).to_have_url(re.compile("view=overdue"))
    assert now(ret) == "submitted"


def test_arrows_pressed_before_the_lines_are_there_count_from_the_first_of_them(desk: Desk) -> None:  # noqa: F811
    ret = stages.submitted()
    page = desk("agent").go(f"/desk/tickets/{ret.ticket.ref}/").page
    page.keyboard.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()
    questions = held(page)
    asked(page, "assign")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    with page.expect_response("**/assignee/**"):  # “Assign to somebody…” is the second line, “Assign to me” the first
        questions[-1].continue_()
    page.locator("#deed").get_by_label("Who takes it").wait_for()
    assert not Ticket.objects.filter(assignee__isnull=False).exists()
    assert now(ret) == "submitted"


def test_a_late_answer_replaces_no_newer_one_and_does_nothing_in_a_closed_palette(desk: Desk) -> None:  # noqa: F811
    ret = stages.submitted()
    page = desk("agent").go(f"/desk/tickets/{ret.ticket.ref}/").page
    line = page.locator("#palette [role=option][aria-selected=true]")
    page.keyboard.press("Control+k")
    expect(line).to_have_text("Approve")
    questions = held(page)
    asked(page, "approve")
    with page.expect_response("**/desk/palette/?q=approve&*"):
        page.keyboard.type(" overdue")  # before these words are asked for the first are answered
        questions[0].continue_()
    page.wait_for_timeout(300)  # the time in which it would be shown
    expect(line).to_have_count(0)
    page.keyboard.press("Control+a")
    asked(page, "approve")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    with page.expect_response("**/desk/palette/?q=approve&*"):
        questions[-1].continue_()
    page.wait_for_timeout(300)  # the time a deed would need to be begun
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert now(ret) == "submitted"


def test_many_tickets_are_handed_over_by_keyboard_and_taken_back(desk: Desk) -> None:  # noqa: F811
    for hours in (1, 2, 3):
        question(f"in {hours} h", hours=hours)
    lead = member("lead")
    agent = desk("agent").go("/desk/tickets/")
    page = agent.page
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_contain_text("2 chosen")
    agent.picture("desk-bulk")
    page.locator("#bulk-kind").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    box = page.locator("dialog[open] form")
    box.wait_for()
    box.get_by_label("Who takes it").select_option(str(lead.pk))
    agent.picture("desk-bulk-dialog")
    with page.expect_navigation():
        box.get_by_role("button", name="Assign").press("Enter")
    expect(page.locator("main")).to_contain_text("done")
    assert Ticket.objects.filter(assignee=lead).count() == 2
    agent.picture("desk-bulk-report")
    with page.expect_navigation():
        page.get_by_role("button", name="Take it back").press("Enter")
    assert Ticket.objects.filter(assignee=lead).count() == 0


def test_an_open_list_shows_what_colleagues_do_and_keeps_the_place(desk: Desk) -> None:  # noqa: F811
    first, second = question("first", hours=1), question("second", hours=2)
    agent = desk("agent").go("/desk/tickets/?view=unassigned")
    page = agent.page
    rows = page.locator("[data-work] a.work__subject")
    expect(rows).to_have_count(2)
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(rows.last).to_be_focused()
    assign(first.pk, user_id=staff("lead").id, actor=staff("lead"))
    expect(rows).to_have_count(1, timeout=8_000)
    expect(rows.first).to_be_focused()
    expect(page.locator(f"tr[data-ref='{second.ref}'] input[type=checkbox]")).to_be_checked()
    expect(page.locator("#list-count")).to_contain_text("1 ticket")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_a_list_is_kept_as_a_view(desk: Desk, language: str) -> None:  # noqa: F811
    question("late", hours=-2)
    words = WORDS[language]
    agent = desk("agent", language=language).go("/desk/tickets/?due=overdue&kind=question")
    page = agent.page
    page.get_by_role("link", name=words["keep"]).press("Enter")
    page.get_by_label(words["name"]).fill("Late 逾期")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert SavedView.objects.get().query == "due=overdue&kind=question"
    expect(page.locator("#views [aria-current]")).to_contain_text("Late 逾期")
    agent.picture(f"desk-view-{language[:2]}")


@pytest.mark.parametrize(("width", "dark"), [(360, True), (800, False), (1280, True), (1600, False)])
def test_lists_fit_every_width_in_both_themes(desk: Desk, width: int, dark: bool) -> None:  # noqa: F811
    person = a_person("欧阳娜娜")
    for each in range(3):
        open_ticket(kind="question", title=f"很长的问题标题 {each} " * 5, person=person, order=None, actor=staff())
    ret = stages.submitted()
    agent = desk("lead", width=width, language="zh-CN", dark=dark)
    for name, where in {
        "home": "/desk/", "list": "/desk/tickets/?cols=kind&cols=queue&cols=opened", "views": "/desk/views/",
        "person": f"/desk/people/{ret.person.ref}/", "palette": "/desk/palette/",
        "bulk": f"/desk/bulk/new/?kind=wait&ticket={ret.ticket.ref}",
    }.items():  # fmt: skip
        agent.go(where).picture(f"desk-zh-{width}{'-dark' if dark else ''}-{name}")


def test_lists_work_without_javascript(browser: Browser, live_server: LiveServer, transactional_db: None) -> None:
    ticket = question("late", hours=-2)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False)
    context.add_cookies([{"name": "desk_session", "value": signed_in("agent"), "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/tickets/?view=overdue")
    page.locator(f"tr[data-ref='{ticket.ref}'] input[type=checkbox]").check()
    page.locator("#bulk-kind").select_option("close")
    page.get_by_role("button", name="Go on…").click()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("main")).to_contain_text("done")
    ticket.refresh_from_db()
    assert ticket.status == "closed"
