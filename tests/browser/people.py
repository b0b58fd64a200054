"""Lin Mei at her phone and the people of the shop at their desks, as Chromium shows them the pages."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser.axe import serious_findings
from tests.world import member

# Where pictures are kept when somebody asks for them: DESK_SCREENSHOTS=docs/screenshots make suite
PICTURES = os.environ.get("DESK_SCREENSHOTS")
# htmx calls it an error that a page gives up its own request, as a composer does with a draft that is sent meanwhile. A
# request that fails has a second line: htmx:sendError, htmx:timeout.
GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")


def signed_in(role: str, name: str = "") -> str:
    """A session of somebody with this role; the sign-in page itself has tests of its own."""
    client = Client()
    client.force_login(member(role, name), backend="aftersales.accounts.backend.AccountBackend")
    return client.cookies["desk_session"].value


class Person:
    """One browser with cookies of its own. Complains of what the console complains of and of serious axe findings."""

    def __init__(
        self, browser: Browser, base: str, *, width: int, language: str, name: str, asks_axe: bool = True
    ) -> None:
        height = 780 if width < 500 else 900
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
        )
        self.page: Page = context.new_page()
        self.base, self.name, self.asks_axe, self.complaints = base, name, asks_axe, list[str]()
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(GIVEN_UP):
            self.complaints.append(text)

    def enter(self, role: str, name: str = "") -> Person:
        """Sit down as somebody who has signed in."""
        cookie = {"name": "desk_session", "value": signed_in(role, name), "url": self.base}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        return self

    def go(self, path: str) -> Person:
        self.page.goto(self.base + path)
        return self

    def on(self) -> Person:
        """Press the page's main button, whatever it says, and wait for where it leads."""
        with self.page.expect_navigation():
            self.page.locator("main .button--primary").locator("visible=true").last.click()
        return self

    def fill(self, **fields: str) -> Person:
        """Type into fields by their names, `_` for `-`."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name='{name}'], main [name='{name.replace('_', '-')}']").locator(
                "visible=true"
            )
            if field.first.evaluate("field => field.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.first.fill(value)
        return self

    def choose(self, name: str, value: str) -> Person:
        """Choose a card by pressing where a thumb would."""
        choice = self.page.locator(f"main input[name='{name}'][value='{value}']")
        choice.locator("xpath=ancestor::label[1]").click()
        assert choice.is_checked()
        return self

    def see(self, text: str | re.Pattern[str]) -> Person:
        """Wait for words on the page."""
        self.page.locator("main").get_by_text(text).locator("visible=true").first.wait_for(timeout=10_000)
        return self

    def picture(self, name: str) -> Person:
        """Check the page as it stands, and keep a picture when asked."""
        assert self.complaints == [], (self.page.url, self.complaints)
        serious = serious_findings(self.page) if self.asks_axe else []
        assert serious == [], (self.page.url, serious)
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{self.page.url} scrolls sideways"
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png")
            # Taking it leaves empty style attributes on fields, which htmx would copy and the content policy forbid.
            self.page.evaluate(
                "document.querySelectorAll('[style=\"\"]').forEach(each => each.removeAttribute('style'))"
            )
        return self
