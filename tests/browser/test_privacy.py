"""A manager has a copy made of what is held of a customer, and erases them: the number is typed, the page says what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from customers.actions.notes import note_person
from customers.models import Erasure
from tests.browser.people import Person
from tests.browser.test_desk import desk  # noqa: F401  the fixture: somebody at a desk
from tests.world import an_order, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_copy_is_taken_and_the_customer_erased_by_their_number(
    desk: Callable[..., Person],  # noqa: F811
    drain: Callable[[], int], settings: Any, tmp_path: Path,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    person = an_order().person
    note_person(person.pk, text="Rings twice", actor=staff())
    manager = desk("manager")
    page = manager.go(f"/desk/people/{person.ref}/").page
    page.get_by_role("link", name="Copy of their data…").click()
    page.locator("#deed").get_by_role("button", name="Copy of their data").click()
    expect(page.get_by_text("Copy of their data: being made")).to_be_visible()
    drain()
    manager.go(f"/desk/people/{person.ref}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Copy (ZIP").click()
    assert download.value.suggested_filename == f"{person.ref}.zip"

    page.get_by_role("link", name="Erase the customer…").click()
    dialog = page.locator("#deed")
    dialog.get_by_label("The customer's number").fill("P-000000000")
    dialog.get_by_role("button", name="Erase the customer").click()
    expect(dialog.get_by_text("That is not the number of this customer").first).to_be_visible()
    assert not Erasure.objects.exists()
    dialog.get_by_label("The customer's number").fill(person.ref)
    dialog.get_by_role("button", name="Erase the customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(person.ref, timeout=30_000)
    expect(page.get_by_text("they asked for it")).to_be_visible()
    expect(page.get_by_text("Rings twice")).to_have_count(0)
    expect(page.get_by_role("link", name="Erase the customer…")).to_have_count(0)
    assert [each for each in manager.complaints if "400" not in each] == []  # the wrong number
