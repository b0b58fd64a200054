"""The whole story in Chromium: Lin Mei on a 360 px phone in Chinese, and on a desktop in English as the shop is."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from aftersales.accounts.models import User
from aftersales.kernel.actor import SYSTEM
from aftersales.ledger.sweep import sweep
from customers.actions.proof import give_claim_codes
from customers.models import Order, Sku
from returns.models import Return
from tests.browser.people import Person
from tests.world import a_shop, a_sku, an_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]
PASSWORD = "a-long-test-password"
# What the verdict speaks of, in the customer's language.
FREIGHT = {"zh-CN": "运费", "en-GB": "Sending back"}
on_a_phone_in_chinese = pytest.mark.parametrize("shop", [("zh-CN", 360)], indirect=True, ids=["zh-360"])
on_a_desktop_in_english = pytest.mark.parametrize("shop", [("en-GB", 1280)], indirect=True, ids=["en-1280"])


@dataclass
class Shop:
    """The cast: one customer, three at the shop, and what is on the shelf."""

    order: Order
    card: str
    larger: Sku
    freight: str
    customer: Person
    agent: Person
    warehouse: Person


@pytest.fixture
def shop(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Shop:
    language, width = request.param
    shop = a_shop(refund_provider="sandbox")
    shirt, larger = a_sku(variant="白 M"), a_sku(variant="白 L", price=13_800)
    order = an_order(shop=shop, skus=[(shirt, 1), (a_sku(title="陶瓷马克杯", variant="青", price=4_900), 2)])
    ((_, card),) = give_claim_codes([order.number], platform=order.platform, actor=SYSTEM)
    for role in ("agent", "warehouse"):
        User.objects.create_user(f"{role}@shop.example", PASSWORD, name=role.title(), role=role, locale="en")
    # axe is asked about these pages where each is looked at for itself: test_portal, test_desk, test_office.
    customer = Person(browser, live_server.url, width=width, language=language, name="lin-mei", asks_axe=False)
    return Shop(
        order,
        card,
        larger,
        FREIGHT[language],
        customer,
        at_desk(browser, live_server, "agent"),
        at_desk(browser, live_server, "warehouse"),
    )


def at_desk(browser: Browser, live_server: LiveServer, role: str) -> Person:
    """Signed in, in English, at a desktop."""
    person = Person(browser, live_server.url, width=1280, language="en-GB", name=role, asks_axe=False)
    person.go("/account/login/").fill(login=f"{role}@shop.example", password=PASSWORD)
    person.page.locator("main button[type=submit]").first.click()
    person.page.wait_for_url("**/desk/**")
    return person


def ask(shop: Shop, *, group: str, reason: str, kind: str, pictures: str) -> Return:
    """Lin Mei proves her order with the card from the parcel and sends a request, reloading once on the way."""
    her, line = shop.customer, shop.order.lines.order_by("id").first()
    assert line is not None
    her.go("/").picture(f"{pictures}-1-start")
    her.go("/proof/card/").fill(number=shop.order.number, claim_code=shop.card.lower()).on()
    her.see("亚麻衬衫").picture(f"{pictures}-2-order")
    submit(her, f"/orders/{shop.order.pk}/request/")
    her.fill(**{f"quantity-{line.pk}": "1"}).picture(f"{pictures}-3-items").on()
    her.choose("group", group).picture(f"{pictures}-4-reason").on()
    her.choose("reason", reason).on()
    her.fill(**{f"story-{line.pk}": "领口的缝线开了，请看照片。"})
    her.page.wait_for_timeout(1_500)  # saved by itself while she types
    her.page.reload()
    assert her.page.locator(f"[name='story-{line.pk}']").input_value() == "领口的缝线开了，请看照片。"
    her.on().choose("kind", kind).picture(f"{pictures}-5-wish").on()
    if kind == "exchange":
        her.choose(f"wanted-{line.pk}", str(shop.larger.pk)).on()
    her.see(shop.freight).picture(f"{pictures}-6-verdict").on()
    her.picture(f"{pictures}-7-check")
    her.page.locator("main form button[type=submit]").last.dblclick()
    her.page.wait_for_url("**/done/")
    her.picture(f"{pictures}-8-done")
    return Return.objects.get()


def send_back(shop: Shop, ret: Return, pictures: str) -> None:
    """The agent approves, Lin Mei enters her tracking number, the warehouse counts and inspects."""
    shop.agent.go("/desk/tickets/").see(ret.ticket.person.name).picture(f"{pictures}-desk-queue")
    shop.agent.go(f"/desk/tickets/{ret.ticket.ref}/").picture(f"{pictures}-desk-ticket")
    submit(shop.agent, f"/desk/returns/{ret.ref}/approval/")
    shop.customer.go(f"/returns/{ret.ref}/").see("浙江省杭州市").picture(f"{pictures}-9-status")
    shop.customer.go(f"/returns/{ret.ref}/parcels/").fill(courier="SF", number="SF1234567890123", freight="12")
    shop.customer.on()
    line = ret.lines.get()
    them = shop.warehouse
    them.go("/desk/").picture(f"{pictures}-desk-warehouse")
    them.go(f"/desk/returns/{ret.ref}/goods/").fill(**{f"count-{line.pk}": "1"}).picture(f"{pictures}-desk-count")
    them.on()
    # Where a fault was claimed nothing is chosen beforehand.
    found = {f"grade-{line.pk}": "opened", f"goes-{line.pk}": "refurbish"}
    them.go(f"/desk/returns/{ret.ref}/goods/").fill(**found).picture(f"{pictures}-desk-inspect")
    them.on()


def submit(person: Person, address: str) -> None:
    """Send the form that goes to an address, and wait until it was taken; the desk stays on its page."""
    form = person.page.locator(f"main form[action*='{address}']").first
    with person.page.expect_response(lambda answer: address in answer.url and answer.request.method == "POST"):
        form.evaluate("form => form.requestSubmit()")


@on_a_phone_in_chinese
def test_a_return_from_the_parcel_card_to_the_money(shop: Shop) -> None:
    ret = ask(shop, group="quality", reason="flaw", kind="return", pictures="return")
    send_back(shop, ret, "return")
    for purpose in ("goods", "freight"):
        refund = ret.refunds.get(purpose=purpose)
        shop.agent.go(f"/desk/tickets/{ret.ticket.ref}/")
        submit(shop.agent, f"/desk/refunds/{refund.ref}/release/")
    sweep("test", budget_seconds=60)
    freight = ret.refunds.get(purpose="freight")
    shop.agent.go(f"/desk/refunds/{freight.ref}/payment/").fill(payment_ref="2026112300042")
    shop.agent.on()
    sweep("test", budget_seconds=60)
    ret.refresh_from_db()
    assert ret.status == "closed"
    shop.customer.go(f"/returns/{ret.ref}/").see("128.00").picture("return-10-closed")
    assert Return.objects.count() == 1


@on_a_desktop_in_english
def test_an_exchange_with_a_difference_to_the_second_parcel(shop: Shop) -> None:
    ret = ask(shop, group="no_reason", reason="wrong_choice.size", kind="exchange", pictures="exchange")
    send_back(shop, ret, "exchange")
    assert ret.exchange.difference_minor == 1_000
    shop.agent.go(f"/desk/returns/{ret.ref}/difference/").fill(payment_ref="2026112300043")
    shop.agent.on()
    shop.warehouse.go(f"/desk/returns/{ret.ref}/reshipment/").picture("exchange-desk-reshipment")
    shop.warehouse.fill(carrier="SF", number="SF9876543210123")
    shop.warehouse.on()
    shop.agent.go(f"/desk/tickets/{ret.ticket.ref}/")
    submit(shop.agent, f"/desk/returns/{ret.ref}/delivery/")
    ret.refresh_from_db()
    assert ret.status == "closed"
    shop.customer.go(f"/returns/{ret.ref}/").see("SF9876543210123").picture("exchange-10-closed")
