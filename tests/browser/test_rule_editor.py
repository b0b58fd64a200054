"""A manager narrows a rule by keyboard alone, sees the gap, closes it and sees the table proved; on a phone and a desktop.

`DESK_SCREENSHOTS=docs/screenshots` keeps the pictures of the editor that the documentation shows.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from returns.actions import rulebook
from returns.models import RuleVersion
from tests.browser.people import Person
from tests.world import staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(transactional_db: None) -> RuleVersion:
    return rulebook.start_draft("cn", actor=staff("manager"), note="A promise is decided by a row of its own")


@pytest.fixture
def manager(browser: Browser, live_server: Any) -> Any:
    def enter(*, width: int, language: str) -> Person:
        return Person(browser, live_server.url, width=width, language=language, name="manager").enter("manager")

    return enter


def test_a_gap_is_made_and_closed_without_a_mouse(manager: Any, draft: RuleVersion) -> None:
    person = manager(width=1280, language="en-GB")
    page = person.go(f"/office/rules/drafts/{draft.pk}/withdrawal/").page
    page.get_by_text("Proved: every case has exactly one answer.").wait_for()
    person.picture("rules-editor-proved")
    page.locator("#cell-W04-row").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "cell-W04-if-promised_despite_exclusion"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.locator("#rule-dialog[open]").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "cell-W04-if-promised_despite_exclusion"
    page.keyboard.press("Enter")
    page.locator("#rule-dialog[open] input[value='*']:focus").wait_for()
    person.picture("rules-editor-picker")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#rule-verdict.rule-verdict--open").wait_for()
    assert page.evaluate("document.activeElement.id") == "cell-W04-if-promised_despite_exclusion"
    page.locator("#rule-examples").get_by_text("in the whole pack").wait_for()
    person.picture("rules-editor-gap")
    while page.locator("[data-add-gap]").count():
        before = page.locator("[data-focus]").get_attribute("data-focus")
        page.locator("[data-add-gap]").first.focus()
        page.keyboard.press("Enter")
        page.locator(f'[data-rule-grid]:not([data-focus="{before}"])').wait_for()
    assert page.evaluate("document.activeElement.id").startswith("cell-W")
    page.get_by_text("Proved: every case has exactly one answer.").wait_for()
    page.locator("#rule-undo").focus()
    page.keyboard.press("Enter")
    page.locator("[data-add-gap]").wait_for()


def test_on_a_phone_rules_are_cards_in_chinese(manager: Any, draft: RuleVersion) -> None:
    person = manager(width=360, language="zh-CN")
    page = person.go(f"/office/rules/drafts/{draft.pk}/withdrawal/").page
    page.get_by_text("已证明").wait_for()
    person.picture("rules-editor-phone")
    page.locator("#cell-W04-if-exclusion").click()
    page.locator("#rule-dialog[open]").wait_for()
    person.picture("rules-editor-phone-picker")
    page.get_by_label("除这些以外").check()
    page.locator("#rule-dialog button[type=submit]").click()
    page.locator("#rule-verdict.rule-verdict--open").wait_for()
    person.picture("rules-editor-phone-found")


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_every_page_of_the_editor_is_sound(manager: Any, draft: RuleVersion, language: str, width: int) -> None:
    person = manager(width=width, language=language)
    here = f"/office/rules/drafts/{draft.pk}"
    pages = {
        "grid": "remedies/", "words": "return/pick/?row=R10&key=words", "grounds": "return/pick/?row=R10&key=grounds",
        "values": "remedies/pick/?row=D01&key=if-matter", "range": "guarantee/pick/?row=G01&key=if-days_since_receipt",
        "row": "remedies/pick/?row=D01&key=row", "order": "remedies/pick/?row=D01&key=then-remedies",
        "examples": "return/examples/", "try": "return/try/?reason=flaw&days_since_receipt=3", "files": "text/",
    }  # fmt: skip
    for name, where in pages.items():
        person.go(f"{here}/{where}").picture(f"rules-{language[:2]}-{width}-{name}")
