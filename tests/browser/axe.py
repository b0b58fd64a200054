"""What axe finds on a page; asked wherever Chromium looks at one."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What axe itself calls moderate or minor, so that nobody here would hear of it: a fifth of the time of a page went there.
_NEVER_SERIOUS = (
    "region", "aria-allowed-role", "empty-heading", "empty-table-header", "heading-order", "image-redundant-alt",
    "landmark-banner-is-top-level", "landmark-complementary-is-top-level", "landmark-contentinfo-is-top-level",
    "landmark-main-is-top-level", "landmark-no-duplicate-banner", "landmark-no-duplicate-contentinfo",
    "landmark-no-duplicate-main", "landmark-one-main", "landmark-unique", "meta-viewport-large", "page-has-heading-one",
    "presentation-role-conflict", "skip-link",
)  # fmt: skip
_OPTIONS = {
    "preload": False, "resultTypes": ["violations"], "rules": {name: {"enabled": False} for name in _NEVER_SERIOUS},
}  # fmt: skip

# A loop of the template draws one row of a table as the other; of the largest tables that was half of the time.
_FEW_ROWS = {"exclude": [["tbody tr:nth-child(n+13)"]]}


def serious_findings(page: Page) -> list[tuple[str, str]]:
    """Rule and first element of each serious or critical finding.

    Without its preload axe fetches no style sheet and sets none of its own, so the console and the server's log speak
    of our page only. What is sound is not listed element by element: writing that down took longer than looking.
    """
    violations = Axe().run(page, context=_FEW_ROWS, options=_OPTIONS).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in violations if each["impact"] in ("serious", "critical")]
