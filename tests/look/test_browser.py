"""The parts under Chromium and the real content policy: they work, they work without JavaScript, axe has nothing serious."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.axe import serious_findings

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.look.urls"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page on a small phone that fails the test when the browser complains, e.g. of the content policy."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 360, "height": 740})
    yield page
    assert complaints == []


def _photo(side: int, quality: int = 80) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize("path", ["/gallery/", "/account/login/", "/nowhere/"])
@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing_serious(
    browser: Browser, live_server: LiveServer, path: str, theme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(live_server.url + path)
    assert serious_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    context.close()


def test_every_target_on_the_portal_fits_a_thumb(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, summary, .choice, input[type=number], .portal__foot a')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
            .map(e => `${e.className} ${e.getBoundingClientRect().height}`)"""
    )
    assert [each for each in small if "stepper" not in each and each.split()[0] not in ("", "42")] == []


def test_the_theme_is_remembered(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    switch = page.locator(".switch--theme button")
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    switch.click()
    switch.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_the_language_changes_and_the_page_stays(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/?keep=1")
    before = page.locator("html").get_attribute("lang")
    page.locator(".switch--language button").click()
    expect(page.locator("html")).not_to_have_attribute("lang", before or "")
    assert page.url.endswith("/gallery/?keep=1")


def test_the_stepper_stays_within_its_limits(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    field, less, more = (
        page.locator("#quantity"),
        page.locator(".stepper button").first,
        page.locator(".stepper button").last,
    )
    for _ in range(2):
        more.click()
    expect(field).to_have_value("3")
    expect(more).to_be_disabled()
    less.click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#posted")).to_have_text("2")


def test_photos_are_shown_refused_and_taken_off_before_they_are_sent(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    fine = {"name": "one.jpg", "mimeType": "image/jpeg", "buffer": _photo(60)}
    other = {"name": "two.jpg", "mimeType": "image/jpeg", "buffer": _photo(61)}
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": _photo(400, quality=95)}
    wrong = {"name": "page.html", "mimeType": "text/html", "buffer": b"<b>"}
    page.set_input_files("#photos", [fine, large, wrong])  # type: ignore[arg-type]
    expect(page.locator(".file-drop__item canvas")).to_have_count(1)
    expect(page.locator("[data-said] p")).to_have_count(2)
    page.set_input_files("#photos", [other])  # type: ignore[arg-type]
    expect(page.locator(".file-drop__item")).to_have_count(2)
    assert page.evaluate("document.querySelector('#photos').files.length") == 2
    page.locator(".file-drop__remove").first.click()
    assert page.evaluate("[...document.querySelector('#photos').files].map(f => f.name)") == ["two.jpg"]


def test_a_dialog_holds_the_focus_and_gives_it_back(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    page.get_by_role("button", name="Ask").or_(page.get_by_role("link", name="Ask")).click()
    expect(page.locator("#inside")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#inside")).to_be_hidden()
    expect(page.locator("[data-opens]")).to_be_focused()
    page.locator("[data-opens]").click()
    page.locator(".dialog__actions [data-closes]").click()
    expect(page.locator("#inside")).to_be_hidden()


def test_tabs_move_by_arrow_and_a_menu_closes_by_escape(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    page.get_by_role("tab", name="Reply").click()
    expect(page.locator("#note")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#note")).to_be_visible()
    expect(page.locator("#reply")).to_be_hidden()
    page.locator(".menu summary").click()
    expect(page.locator("#deed")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#deed")).to_be_hidden()


def test_a_double_press_sends_once(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/gallery/")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.locator("#form button[type=submit]").dblclick(no_wait_after=True)
    expect(page.locator("#posted")).to_have_text("1")
    assert len(posts) == 1


def test_all_of_it_works_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(live_server.url + "/gallery/")
    expect(page.locator("#reply")).to_be_visible()
    expect(page.locator("#note")).to_be_visible()
    expect(page.locator("#photos")).to_be_visible()
    expect(page.locator(".stepper button").first).to_be_hidden()
    page.fill("#quantity", "2")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#posted")).to_have_text("2")
    page.get_by_role("link", name="Ask").click()
    expect(page.locator("#inside")).to_be_visible()
    page.locator(".dialog__actions [data-closes]").click()
    expect(page.locator("#inside")).to_be_hidden()
    context.close()
