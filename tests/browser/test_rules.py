"""The rules are changed in Chromium: a manager drafts, a lead approves, the manager publishes, the next case follows."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from returns.actions import rulebook
from returns.models import RuleVersion, Verdict
from tests.browser.people import Person
from tests.world import a_return, an_order, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_office(browser: Browser, base: str, role: str, *, width: int, language: str, dark: bool = False) -> Person:
    person = Person(browser, base, width=width, language=language, name=role).enter(role)
    if dark:
        person.page.emulate_media(color_scheme="dark")
    return person


def press(person: Person, name: str, *, inside: str = "") -> None:
    """Open the fold a button is in, as with the keyboard, and press it."""
    page = person.page
    if inside:
        summary = page.locator("summary", has_text=inside).first
        summary.focus()
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def test_a_change_goes_from_draft_to_the_next_case_and_the_old_case_stays(browser: Browser, live_server: Any) -> None:
    old = a_return(an_order())
    manager = at_office(browser, live_server.url, "manager", width=1280, language="en-GB")
    manager.go("/office/rules/cn/versions/").picture("rules-versions-en-1280")
    press(manager, "Begin from cn@1")
    draft = RuleVersion.objects.get(rule_set="cn", number=2)
    words = {**draft.files, "pack.toml": draft.files["pack.toml"].replace('title_en = "', 'title_en = "Our ', 1)}
    rulebook.save_draft(draft.pk, words, revision=1, actor=staff("manager"))
    manager.go(f"/office/rules/versions/{draft.pk}/").picture("rules-draft-en-1280")
    press(manager, "Prove and submit")
    manager.see("waiting for approval").see("somebody else approves it").picture("rules-submitted-en-1280")

    lead = at_office(browser, live_server.url, "lead", width=360, language="zh-CN", dark=True)
    lead.go(f"/office/rules/versions/{draft.pk}/").picture("rules-approve-zh-360")
    lead.page.locator("summary", has_text="批准").first.click()
    lead.page.fill("#approve-comment", "看过了")
    lead.picture("rules-approving-zh-360")
    with lead.page.expect_navigation():
        lead.page.get_by_role("button", name="批准这份文本").click()
    lead.see("已批准").go("/office/rules/cn/versions/").picture("rules-versions-zh-360")

    manager.go(f"/office/rules/versions/{draft.pk}/")
    press(manager, "Publish these rules", inside="Publish")
    manager.see("in force").picture("rules-published-en-1280")
    manager.go(f"/office/rules/compare/{draft.base_id}/{draft.pk}/").picture("rules-compare-en-1280")

    draft.refresh_from_db()
    assert draft.effective_from is not None
    order = an_order()
    type(order).objects.filter(pk=order.pk).update(placed_at=draft.effective_from)
    order.refresh_from_db()
    new = Verdict.objects.get(line__of=a_return(order))
    assert (new.version_id, new.pack_sha256) == (draft.pk, draft.sha256)
    assert Verdict.objects.get(line__of=old).version_id == draft.base_id
