"""What every browser test begins and ends with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser


@pytest.fixture(autouse=True)
def windows(browser: Browser, transactional_db: None) -> Iterator[None]:
    """Close what a test opened before its rows go: an open page asks for news of them for ever."""
    yield
    for context in browser.contexts:
        context.close()
