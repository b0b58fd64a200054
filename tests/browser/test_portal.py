"""The customer's half in Chromium: a 360 px phone in Chinese, a desktop in English, no JavaScript, no connection.

`DESK_SCREENSHOTS=docs/screenshots` writes the pictures of the portal that the documentation shows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from aftersales.kernel.actor import SYSTEM
from customers.actions.proof import give_claim_codes, make_link
from customers.models import Order
from returns.actions.decision import approve_return, reject_return
from returns.actions.info import ask_info
from returns.models import Return, ReturnDraft
from tests.browser.axe import serious_findings
from tests.world import a_return, a_sku, an_order, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN", "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}


@pytest.fixture
def order(transactional_db: None) -> Order:
    """Two shirts and a cup; the shirt also in other sizes."""
    shirt = a_sku(variant="白 M", on_hand=5)
    a_sku(variant="白 S", on_hand=3)
    a_sku(variant="麻灰 M", price=13_900, on_hand=2)
    a_sku(variant="白 L", on_hand=0)
    return an_order(skus=[(shirt, 2), (a_sku(title="手作陶杯 300 ml", variant="青", price=5_900), 1)])


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "sleeve.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path)
    return str(path)


class Customer:
    """One person at one browser: looks at each page as it comes, and says what was wrong with it."""

    def __init__(self, context: BrowserContext, base: str, *, script: bool, name: str) -> None:
        self.page: Page = context.new_page()
        self.base, self.script, self.name = base, script, name
        self.seen = 0
        self.asked: list[str] = []  # addresses
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: pytest.fail(f"{self.page.url}: {error}"))

    def look(self, what: str) -> None:
        """No page is wider than the screen; axe finds nothing serious; a picture is kept where one is wanted."""
        self.seen += 1
        if folder := os.environ.get("DESK_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/portal-{self.name}-{self.seen:02d}-{what}.png", full_page=True)
        if not self.script:
            return
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{what}: {wide} px too wide"
        serious = serious_findings(self.page)
        assert serious == [], (what, serious)

    def go(self, words: str) -> None:
        """Press the button and wait for the page it leads to, so that nothing looks at the one that is leaving."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str, *, exact: bool = True) -> None:
        """The same for a link."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words, exact=exact).click()

    def choose(self, value: str) -> None:
        self.page.locator(f'input[value="{value}"]').check()


@pytest.fixture
def at(browser: Browser, live_server: LiveServer, order: Order) -> Iterator[Any]:
    """A customer at a phone or desktop: `at(PHONE)`."""
    contexts: list[BrowserContext] = []

    def sit_down(device: dict[str, Any], *, script: bool = True, name: str = "test", **more: Any) -> Customer:
        context = browser.new_context(**device, **more, java_script_enabled=script)
        contexts.append(context)
        return Customer(context, live_server.url, script=script, name=name)

    yield sit_down
    for context in contexts:
        context.close()


def prove_by_card(customer: Customer, order: Order, words: dict[str, str]) -> None:
    page = customer.page
    page.goto(customer.base, wait_until="networkidle")
    assert len(customer.asked) < 9, "a phone that comes for the first time asks for little besides the page"
    customer.look("start")
    customer.follow(words["card"], exact=False)
    page.locator("[name=number]").fill(order.number)
    page.locator("[name=claim_code]").fill("0000-0000")
    customer.go(words["open"])
    expect(page.locator(".error-summary")).to_be_visible()
    customer.look("wrong-code")
    page.locator("[name=claim_code]").fill(
        give_claim_codes([order.number], platform=order.platform, actor=SYSTEM)[0][1]
    )
    customer.go(words["open"])
    expect(page.get_by_text(order.number).first).to_be_visible()
    customer.look("order")


ZH = {
    "card": "包裹里的卡片",
    "open": "打开订单",
    "begin": "退换货或维修",
    "on": "继续",
    "send": "提交申请",
    "upload": "先上传文件",
}
EN = {
    "card": "With the card from the parcel", "open": "Open the order", "begin": "Return, exchange or repair", "on": "Continue",
    "send": "Send request", "upload": "Upload the files and stay here",
}  # fmt: skip


def ask(customer: Customer, order: Order, words: dict[str, str], *, kind: str, photo: str) -> Return:
    """Every step, each looked at, with a wrong count, a reload half-way, words, a photo and the verdict."""
    page = customer.page
    shirt = order.lines.order_by("id")[0]
    customer.go(words["begin"])
    customer.look("items")
    page.locator(f"[name=quantity-{shirt.pk}]").fill("1")
    customer.go(words["on"])
    customer.look("why")
    customer.go(words["on"])
    expect(page.locator(".error-summary")).to_be_visible()
    customer.choose("no_reason")
    customer.go(words["on"])
    customer.choose("wrong_choice.size")
    customer.look("reason")
    customer.go(words["on"])
    page.locator("textarea").fill("袖子有点短，<b>很</b>可惜。")
    page.locator("input[type=file]").set_input_files(photo)
    customer.look("story")
    customer.go(words["upload"])
    expect(page.locator(".photo-strip img")).to_have_count(1)
    page.reload()
    expect(page.locator("textarea")).to_have_value("袖子有点短，<b>很</b>可惜。")
    customer.look("photos")
    customer.go(words["on"])
    customer.choose(kind)
    customer.look("wish")
    customer.go(words["on"])
    if kind == "exchange":
        page.locator(".choice", has_text="麻灰 M").locator("input").check()
        customer.look("replacement")
        customer.go(words["on"])
    expect(page.locator(".verdict")).to_be_visible()
    customer.look("verdict")
    customer.follow(words["on"])
    customer.look("check")
    customer.go(words["send"])
    page.wait_for_url("**/done/")
    customer.look("done")
    return Return.objects.get()


def send_back(customer: Customer, ret: Return, words: dict[str, str]) -> None:
    """From the approval to the tracking number, with the label."""
    page = customer.page
    approve_return(ret.pk, actor=staff())
    page.goto(f"{customer.base}/returns/{ret.ref}/")
    expect(page.locator("address").first).to_contain_text("浙江省杭州市余杭区仓前路 1 号")
    customer.look("approved")
    customer.follow(words["label"], exact=False)
    expect(page.locator(".label svg").first).to_be_visible()
    customer.look("label")
    page.goto(f"{customer.base}/returns/{ret.ref}/parcels/")
    customer.look("parcel")
    page.locator("[name=courier]").select_option("SF")
    page.locator("[name=number]").fill("SF1385628716739")
    customer.go(words["save"])
    expect(page.get_by_text("SF1385628716739").first).to_be_visible()
    customer.look("under-way")


@pytest.mark.parametrize("kind", ["return", "exchange"])
def test_the_whole_customer_half_on_a_phone_in_chinese(at: Any, order: Order, photo: str, kind: str) -> None:
    customer: Customer = at(PHONE, name=f"zh-360-{kind}")
    prove_by_card(customer, order, ZH)
    ret = ask(customer, order, ZH, kind=kind, photo=photo)
    assert (ret.kind, ret.lines.get().story) == (kind, "袖子有点短，<b>很</b>可惜。")
    send_back(customer, ret, {"label": "打印寄件标签", "save": "保存"})
    page = customer.page
    page.locator("[name=text]").fill("什么时候能收到？")
    customer.go("发送")
    expect(page.locator(".conversation")).to_contain_text("什么时候能收到？")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Messages")).to_be_visible()


def test_the_same_on_a_desktop_in_english_in_the_dark(at: Any, order: Order, photo: str) -> None:
    customer: Customer = at(DESKTOP, name="en-1280-dark", color_scheme="dark")
    prove_by_card(customer, order, EN)
    ret = ask(customer, order, EN, kind="return", photo=photo)
    ask_info(ret.pk, question="Which size do you usually wear?", actor=staff())
    page = customer.page
    page.goto(f"{customer.base}/returns/{ret.ref}/")
    expect(page.get_by_text("Which size do you usually wear?")).to_be_visible()
    customer.follow("Answer")
    customer.look("answer")
    page.locator("[name=answer]").fill("M.")
    customer.go("Send")
    customer.follow("Withdraw the request")
    customer.look("withdrawal")
    customer.go("Yes, withdraw it")
    expect(page.get_by_text("You withdrew this request")).to_be_visible()
    customer.look("withdrawn")


@pytest.mark.parametrize("kind", ["return", "exchange"])
def test_the_whole_customer_half_without_javascript(at: Any, order: Order, photo: str, kind: str) -> None:
    customer: Customer = at(PHONE, script=False)
    prove_by_card(customer, order, ZH)
    ret = ask(customer, order, ZH, kind=kind, photo=photo)
    send_back(customer, ret, {"label": "打印寄件标签", "save": "保存"})
    assert ret.kind == kind


def test_words_typed_without_a_connection_are_saved_when_it_is_back(at: Any, order: Order) -> None:
    customer: Customer = at(PHONE)
    page = customer.page
    prove_by_card(customer, order, ZH)
    customer.go("退换货或维修")
    page.locator("[name^=quantity-]").first.fill("1")
    expect(page.locator("[data-keep-said]")).to_have_text("已保存")
    customer.go("继续")
    customer.choose("no_reason")
    customer.go("继续")
    customer.choose("preference")
    customer.go("继续")
    page.context.set_offline(True)
    page.locator("textarea").fill("地铁里写的")
    expect(page.locator("[data-keep-said]")).to_have_text("网络不通，还没有保存")
    page.context.set_offline(False)
    expect(page.locator("[data-keep-said]")).to_have_text("已保存")
    page.reload()
    expect(page.locator("textarea")).to_have_value("地铁里写的")
    assert "地铁里写的" in str(ReturnDraft.objects.get().data)


def test_a_double_press_on_the_last_button_is_one_request(at: Any, order: Order, photo: str) -> None:
    customer: Customer = at(PHONE, script=False)
    page = customer.page
    prove_by_card(customer, order, ZH)
    shirt = order.lines.order_by("id")[0]
    customer.go("退换货或维修")
    page.locator(f"[name=quantity-{shirt.pk}]").fill("1")
    customer.go("继续")
    customer.choose("no_reason")
    customer.go("继续")
    customer.choose("preference")
    customer.go("继续")
    customer.go("继续")
    customer.choose("return")
    customer.go("继续")
    customer.follow("继续")
    page.get_by_role("button", name="提交申请").dblclick()
    page.wait_for_url("**/done/")
    page.go_back()
    page.wait_for_url("**/done/")
    assert Return.objects.count() == 1


def test_the_pages_beside_the_road_are_sound_too(at: Any, order: Order) -> None:
    """Code by message, links, questions, objection, and every page that says no."""
    customer: Customer = at(PHONE)
    page, base = customer.page, customer.base
    link = f"{base}/l/{make_link(order.pk, actor=staff())}/"
    page.goto(f"{base}/proof/message/")
    customer.look("message")
    page.locator("[name=number]").fill(order.number)
    page.locator("[name=contact]").fill("lin.mei@example.org")
    customer.go("发送验证码")
    customer.look("code")
    page.locator("[name=code]").fill("000000")
    customer.go("打开订单")
    customer.look("wrong-message-code")
    page.goto(link)
    customer.look("link")
    customer.go("打开订单")
    expect(page.get_by_text(order.number).first).to_be_visible()
    page.goto(link)
    customer.go("打开订单")
    customer.look("link-spent")
    page.goto(f"{base}/orders/{order.pk}/questions/")
    page.locator("[name=text]").fill("会缩水吗？")
    customer.look("question-new")
    customer.go("发送")
    customer.look("question")
    ret = a_return(order)
    reject_return(
        ret.pk, reason="已穿过。", clause="消费者权益保护法 第25条", alternative="可提供优惠券", actor=staff()
    )
    page.goto(f"{base}/returns/{ret.ref}/")
    customer.look("refused")
    page.goto(f"{base}/returns/{ret.ref}/objection/")
    customer.look("objection")
    agreed = a_return(order)
    approve_return(agreed.pk, actor=staff())
    page.add_init_script("window.print = () => { document.title = 'printed' }")
    page.goto(f"{base}/returns/{agreed.ref}/label/")
    customer.look("label")
    page.get_by_role("button", name="打印").click()
    expect(page).to_have_title("printed")
    page.goto(f"{base}/returns/R-000000000/")
    customer.look("missing")
    page.goto(f"{base}/returns/{ret.ref}/parcels/")  # not now: leads to the status page
    expect(page).to_have_url(f"{base}/returns/{ret.ref}/")
