"""A back-test in Chromium: begun, waited for, read; on a phone and on a desktop, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from returns.actions.rulebook.backtesting import start_backtest
from tests.browser.people import Person
from tests.returns.rulebook.test_backtest_run import a_draft
from tests.world import a_return, an_order, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_its_pages_are_sound(
    browser: Browser, live_server: Any, drain: Callable[[], int], language: str, width: int
) -> None:
    """axe finds nothing serious, nothing scrolls sideways and the console is silent; a page that waits looks again."""
    for reason in ("wrong_choice.size", "flaw", "preference", "wrong_choice.size"):
        a_return(an_order(), reason=reason)
    run = start_backtest(a_draft().pk, actor=staff("manager"))
    person = Person(browser, live_server.url, width=width, language=language, name="manager").enter("manager")
    name = f"{language[:2]}-{width}"

    person.go("/office/backtests/").picture(f"backtests-{name}")
    person.go(f"/office/backtests/{run.pk}/")
    person.page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")  # who reads is not led on
    person.picture(f"backtest-waits-{name}")
    person.page.evaluate("getSelection().removeAllRanges()")
    drain()
    person.page.locator(".backtest-change").first.wait_for(timeout=15_000)
    person.picture(f"backtest-{name}")
    person.page.emulate_media(color_scheme="dark")
    person.go(f"/office/backtests/{run.pk}/")  # colours that are still changing have no contrast to speak of
    person.picture(f"backtest-dark-{name}")
