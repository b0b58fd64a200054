"""What every browser test begins and ends with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Empty what the migrations wrote: a serialized rollback puts it back by saving, and an event that is there refuses."""
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def windows(browser: Browser, transactional_db: None) -> Iterator[None]:
    """Close what a test opened before its rows go: an open page asks for news of them for ever."""
    yield
    for context in browser.contexts:
        context.close()
