"""What axe finds on a page; asked wherever Chromium looks at one."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def serious_findings(page: Page) -> list[tuple[str, str]]:
    """Rule and first element of each serious or critical finding.

    Without its preload axe fetches no style sheet and sets none of its own, so the console and the server's log speak
    of our page only. What is sound is not listed element by element: writing that down took longer than looking.
    """
    violations = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in violations if each["impact"] in ("serious", "critical")]
