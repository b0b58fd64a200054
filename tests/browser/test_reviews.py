"""A bad review answered at the desk in Chromium: the guard stops a phone number as it is typed, and when it is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.test_desk import desk  # noqa: F401  the fixture: somebody at a desk
from tests.world import a_review, an_order
from tickets.actions.phrases.seeding import seed_phrases

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_bad_review_is_answered_and_a_phone_number_is_stopped(desk: Callable[..., Person]) -> None:  # noqa: F811
    seed_phrases()
    review = a_review(an_order())
    agent = desk("agent")
    page = agent.go("/desk/reviews/").page
    page.get_by_role("link", name="用了两次就坏了").click()
    box = page.get_by_label("Public reply")
    expect(box).to_have_value(page.locator("textarea").input_value())
    draft = box.input_value()
    assert "质量问题" in draft

    box.fill("非常抱歉，请拨打 １３８ ００１３ ８０００，由我们处理。")
    guard = page.locator("#review-guard")
    expect(guard.locator("mark")).to_have_text("１３８ ００１３ ８０００")
    expect(guard).to_contain_text("a phone number")
    page.get_by_role("button", name="Check and keep the reply").click()
    expect(page.get_by_text("it holds a phone number").first).to_be_visible()
    expect(box).to_have_value("非常抱歉，请拨打 １３８ ００１３ ８０００，由我们处理。")
    assert review.replies.count() == 0

    box.fill("非常抱歉，请在订单页申请售后，运费由我们承担。")
    expect(guard.locator("mark")).to_have_count(0)
    page.get_by_role("button", name="Check and keep the reply").click()
    expect(page.get_by_role("button", name="Copy the reply")).to_be_visible()
    page.get_by_role("button", name="It stands on the platform").click()
    expect(page.get_by_text("on the platform since")).to_be_visible()
    review.refresh_from_db()
    assert review.state == "answered"
    assert [each for each in agent.complaints if "422" not in each] == []
