"""The page of operations in Chromium: it renews itself, and a stop is made and ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from aftersales.ledger import outbox
from aftersales.ledger.models import Due, Outbound
from aftersales.ledger.sweep import sweep
from tests.browser.people import Person
from tests.browser.test_desk import desk  # noqa: F401  the fixture of somebody at a desk
from tests.ledger.post import Post
from tests.world import a_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_lead_repairs_and_stops_and_the_page_renews_itself(desk: Callable[..., Person]) -> None:  # noqa: F811
    sweep("beat")
    item = outbox.put(channel=Post().name, key="post:F-1", on=a_shop(), payload={"a": 1})
    Outbound.objects.filter(pk=item.pk).update(status=Due.Status.QUARANTINED, last_error="The provider is away.")
    lead = desk("lead").go("/office/operations/")
    page = lead.page
    expect(page.get_by_text("post:F-1")).to_be_visible()
    lead.picture("office-operations")
    with page.expect_navigation():
        page.get_by_role("link", name="It was done").click()
    page.locator("main [name=reason], [name=reason]").first.fill("found in the provider's list")
    with page.expect_navigation():
        page.get_by_role("button", name="It was done").click()
    expect(page.get_by_text("Nothing is set aside.")).to_be_visible()
    Outbound.objects.filter(pk=item.pk).update(status=Due.Status.QUARANTINED)
    expect(page.get_by_text("post:F-1")).to_be_visible(timeout=9_000)  # by itself
    assert lead.complaints == []
