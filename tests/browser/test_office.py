"""The office in Chromium: a manager looks at every kind of page, on a phone and on a desktop, in both languages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from aftersales.accounts.models import ApiKey, Team, User
from aftersales.kernel import clock
from returns.actions.decision import approve_return
from tests.browser.people import Person
from tests.world import a_return, an_order, customer, staff
from tickets.actions.calendars import save_calendar
from tickets.actions.conversation import reply
from tickets.actions.questions import ask_question
from tickets.actions.sla_policies import create_policy
from tickets.models import Ticket, WorkCalendar

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long and quiet password"


@pytest.fixture
def manager(browser: Browser, live_server: Any) -> Any:
    """A manager who has signed in through the page, in a window of that width."""

    def enter(*, width: int, language: str) -> Person:
        user = User.objects.get(pk=staff("manager").id or 0)
        user.set_password(PASSWORD)
        user.save()
        person = Person(browser, live_server.url, width=width, language=language, name="manager")
        person.go("/account/login/").fill(login=user.email, password=PASSWORD).on()
        return person

    return enter


def promises_of_two_policies_and_two_calendars() -> None:
    """One late, one answered, by older hours than those that hold; and a policy beside the shop's own."""
    manager, hour = staff("manager"), dt.timedelta(hours=1)
    team, now = Team.objects.create(name="夜班客服"), clock.now()
    for begun in (now - 30 * 24 * hour, now - 5 * hour):
        order = an_order()
        with clock.fixed(begun):
            ticket = ask_question(order.pk, text="包裹到哪儿了？", actor=customer(order))
        Ticket.objects.filter(pk=ticket.pk).update(team=team)
    reply(ticket.pk, text="明天送达。", actor=staff())
    calendar = WorkCalendar.objects.get(key="shop")
    settings = calendar.current().settings
    save_calendar(calendar.pk, settings | {"own": {"2020-01-02": {"hours": []}}}, actor=manager)
    create_policy("night", name_zh="夜间时效", name_en="Service levels of the night", actor=manager)


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_every_page_is_sound(manager: Any, language: str, width: int) -> None:
    """axe finds nothing serious, nothing scrolls sideways and the console, which hears of the content policy, is silent."""
    ret = a_return(an_order())
    approve_return(a_return(an_order()).pk, actor=staff("agent"))
    person = manager(width=width, language=language)
    promises_of_two_policies_and_two_calendars()
    pages = {
        "overview": "/office/", "returns": "/office/returns/return/",
        "return": f"/office/returns/return/{ret.pk}/change/", "order": f"/office/customers/order/{ret.order_id}/change/",
        "shop": f"/office/customers/shop/{ret.order.shop_id}/change/", "sku": "/office/customers/sku/add/",
        "people": "/office/accounts/user/", "events": "/office/ledger/event/", "timers": "/office/ledger/timer/",
        "rules": "/office/rules/", "pack": "/office/rules/cn/", "table": "/office/rules/cn/remedies/",
        "sources": "/office/rules/cn/sources/", "import": "/office/imports/new/",
        "notices": "/office/notices/notice/", "webhooks": "/office/notices/webhook/", "photos": "/office/files/attachment/",
        "policies": "/office/service-levels/", "policy": "/office/service-levels/default/",
        "policy move": "/office/service-levels/default/move/", "calendar move": "/office/calendars/shop/move/",
        "service report": "/office/service-report/", "clocks": "/office/service-report/clocks/",
        "visits": "/office/visits/", "absences": "/office/absences/", "notice texts": "/office/templates/",
        "calendars": "/office/calendars/", "calendar": "/office/calendars/shop/",
        "calendar days": "/office/calendars/shop/days/?month=2026-10&day=2026-10-01",
        "working days": "/office/working-days/?month=2027-02", "kept": "/office/returns/keptpack/", "two steps": "/account/2fa/",
    }  # fmt: skip
    for name, where in pages.items():
        person.go(where).picture(f"office-{language[:2]}-{width}-{name}")


def test_a_bar_leads_to_the_rows_behind_it(manager: Any) -> None:
    a_return(an_order(), reason="flaw")
    person = manager(width=1280, language="en-GB")
    person.go("/office/").page.get_by_role("link", name="Something is wrong with it").first.click()
    person.page.get_by_text("1 return", exact=True).first.wait_for()
    assert "reason_group=quality" in person.page.url


def test_a_key_is_made_after_the_password_and_shown_once(manager: Any) -> None:
    person = manager(width=1280, language="en-GB")
    page = person.go("/office/accounts/apikey/add/").page
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.fill("[name=name]", "ERP")
    page.locator("input[name=_save]").click()
    page.get_by_text("Copy the key now.").wait_for()
    assert page.locator(".office-secret").inner_text().startswith("ask_")
    page.reload()
    page.get_by_text("This key is not shown again").wait_for()
    assert page.locator(".office-secret").count() == 0
    assert ApiKey.objects.count() == 1


def test_the_reference_of_the_api_is_drawn_under_the_policy_of_every_page(manager: Any) -> None:
    """Swagger UI draws itself, the console hears no refusal, axe finds nothing serious, nothing can be sent from it."""
    person = manager(width=360, language="zh-CN")
    page = person.go("/api/v1/docs/").page
    page.get_by_text("/api/v1/returns/{ref}/approval/").first.wait_for(timeout=30_000)
    assert page.get_by_role("button", name="Try it out").count() == 0
    person.picture("api-docs")


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_a_refused_policy_begins_with_what_must_be_mended(manager: Any, language: str, width: int) -> None:
    person = manager(width=width, language=language).go("/office/service-levels/default/")
    cell = person.page.locator("#id_targets-0-target")
    cell.fill("0")
    with person.page.expect_navigation():
        person.page.locator("button[name=try]").click()
    person.complaints.clear()  # the browser's own line about the 400
    summary = person.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport(ratio=1)
    person.picture(f"office-{language[:2]}-{width}-policy-refused")
    summary.get_by_role("link").click()
    expect(cell).to_be_focused()
    expect(cell).to_be_in_viewport()


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_a_refused_form_begins_with_what_is_wrong_and_the_menu_fits(manager: Any, language: str, width: int) -> None:
    person = manager(width=width, language=language)
    page = person.page
    for name, address, sent in (
        ("absence", "/office/absences/", {"since": "2026-12-08", "until": "2026-12-01"}),
        ("calendar", "/office/calendars/shop/", {"follows": "XX"}),
    ):
        person.go(address).fill(**sent)
        with page.expect_navigation():
            page.locator("main form .button--primary, #content-main form .button--primary").last.click()
        assert page.evaluate("document.activeElement.matches('.error-summary')")
        person.complaints.clear()  # the browser tells of the refusal
        person.picture(f"office-{language[:2]}-{width}-{name}-refused")
        page.locator(".error-summary a").first.click()
        assert page.evaluate("document.activeElement.name") in sent
    page.emulate_media(color_scheme="dark")
    page.locator(".office-tools details.menu > summary").click()
    person.picture(f"office-{language[:2]}-{width}-menu-dark")
