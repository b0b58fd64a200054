"""An agent's hour by keyboard alone, in Chinese and in English: from the list to a complaint that is closed with its root cause.

No mouse, no script that presses for the agent: keys, and what has the focus.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation
from playwright.sync_api import Page, expect

from aftersales.desk.deeds import complaints, complaints_after, ticket_relations, tickets
from aftersales.desk.deeds.promises import PromiseKept
from aftersales.kernel import clock
from aftersales.ledger.models import Event
from aftersales.ledger.sweep import sweep
from tests.browser.people import Person
from tests.browser.test_desk import desk  # noqa: F401  the fixture of somebody at a desk
from tests.world import an_order, customer, member, staff
from tickets.actions.complaints.classes import seed_classes
from tickets.actions.complaints.opening import open_complaint
from tickets.actions.phrases import save_phrase
from tickets.actions.questions import ask_question
from tickets.models import Complaint, Message, Phrase, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

Desk = Callable[..., Person]
SORRY = {"zh-CN": "非常抱歉给您添了麻烦，我们马上核实。", "en-GB": "We are very sorry about this. We look into it now."}


class Keys:
    """Hands on a keyboard: what is typed goes where the focus is."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, "zh-hans" if language == "zh-CN" else "en"

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def leave(self) -> None:
        """Out of the text, so that single keys work again."""
        self.press("Escape")
        expect(self.page.locator("textarea:focus")).to_have_count(0)

    def write(self, key: str, text: str) -> None:
        """Open the reply (`r`) or the note (`n`) and type."""
        self.press(key)
        expect(self.page.locator(f"textarea[data-key='{key}']")).to_be_focused()
        self.page.keyboard.type(text)

    def say(self, words: object) -> str:
        with translation.override(self.language):
            return str(words)

    def do(self, deed: Any) -> None:
        """A deed by its name in the palette; a dialog has opened then, or the deed is done."""
        self.press("Control+k")
        expect(self.page.locator("#palette [role=combobox]")).to_be_focused()
        words = self.say(deed.label)
        self.page.keyboard.type(words.rstrip("…"))
        chosen = self.page.locator("#palette [role=option][aria-selected=true]")
        expect(chosen).to_contain_text(re.compile(re.escape(words.rstrip("…"))))
        with self.page.expect_response(lambda answer: f"/{deed.noun}/" in answer.url):
            self.press("Enter")
        if deed.asks():
            self.page.locator("dialog[open] #deed form").wait_for()

    def fill(self, *texts: str) -> None:
        """The fields of the open dialog, one after the other; "" goes on to the next, `<Key>` is pressed. Ctrl Enter sends."""
        field = self.page.locator("dialog[open] form").locator("input:not([type=hidden]), select, textarea").first
        expect(field).to_be_focused()
        for number, text in enumerate(texts):
            if number:
                self.press("Tab")
            if text.startswith("<"):
                self.press(*text.strip("<>").split())
            elif text:
                self.page.keyboard.type(text)
        with self.page.expect_response(lambda answer: answer.request.method == "POST" and "/draft/" not in answer.url):
            self.press("Control+Enter")
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def sent(self, text: str) -> Message:
        """Ctrl Enter, the undo window, and the worker that sends when it is over."""
        with self.page.expect_response(lambda answer: re.search(r"/(reply|note)/", answer.url) is not None):
            self.press("Control+Enter")
        message = Message.objects.latest("pk")
        expect(self.page.locator(f"#message-{message.pk}")).to_be_visible()
        self.page.locator("body:not(:has(.htmx-request, .htmx-swapping, .htmx-settling))").wait_for()
        assert text in message.text
        if message.send_at is not None:
            with clock.fixed(message.send_at):
                sweep("test", budget_seconds=20)
        return message


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_an_hour_by_keyboard(desk: Desk, language: str) -> None:  # noqa: F811
    cache.clear()
    seed_classes()
    colleague = member("agent", "Wang")
    order = an_order()
    question = ask_question(order.pk, text="什么时候发货？", actor=customer(order))
    again = ask_question(order.pk, text="在吗？", actor=customer(order))
    Phrase.objects.all().delete()
    save_phrase(
        None, actor=staff("lead"), key="hello", title_zh="问候 hello", title_en="Greeting hello", text_zh="{customer}，您好！",
        text_en="Dear {customer},", steps=[],
    )  # fmt: skip
    agent = desk("agent", language=language).go("/desk/")
    page, keys = agent.page, Keys(agent.page, language)

    # Pick up: to the list, to the row, and it is mine.
    with page.expect_navigation():
        keys.press("g", "q")
    while not page.evaluate("ref => document.activeElement?.closest('[data-ref]')?.dataset.ref === ref", question.ref):
        keys.press("j")
    with page.expect_navigation():
        keys.press("Enter")
    keys.do(tickets.Taking)
    question.refresh_from_db()
    assert question.assignee == member("agent")

    # Reply with a phrase.
    keys.write("r", "/hello")
    expect(page.locator(".offers [role=option]")).to_have_count(1)
    keys.press("Enter")
    page.keyboard.type("今天发出。")
    reply = keys.sent("今天发出。")
    assert reply.text == "林梅，您好！今天发出。", "in the customer's language, whatever the agent's"

    # A note of a call, with a mention, and the colleague hears of it.
    keys.leave()
    keys.write("n", "请 @Wa")
    page.locator(".offers [role=option]").first.wait_for()
    keys.press("Enter")
    page.keyboard.type("跟进")
    keys.press("Tab", "Space")  # "I spoke with the customer"
    noted = keys.sent("@Wang 跟进")
    assert (noted.internal, noted.contact) == (True, True)
    assert Event.objects.get(name="ticket.mentioned").data["users"] == [colleague.pk]

    # Hand over.
    keys.leave()
    keys.press("a")
    page.locator("dialog[open] #deed form").wait_for()
    keys.fill("Wang")
    question.refresh_from_db()
    assert question.assignee == colleague

    # Merge the second question into the first.
    agent.go(f"/desk/tickets/{again.ref}/")
    keys.do(ticket_relations.Merging)
    keys.fill(question.ref)
    again.refresh_from_db()
    assert (again.status, again.merged_into) == ("closed", question)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_a_complaint_by_keyboard_from_the_apology_to_its_root_cause(desk: Desk, language: str) -> None:  # noqa: F811
    cache.clear()
    seed_classes()
    member("lead")
    order = an_order()
    ref = open_complaint(
        code="quality", statement="用了两次就不热了", order_id=order.pk, actor=customer(order)
    ).ticket.ref
    agent = desk("agent", language=language).go(f"/desk/tickets/{ref}/")
    keys = Keys(agent.page, language)

    keys.write("r", SORRY[language])
    keys.sent(SORRY[language])
    keys.leave()
    keys.do(complaints.Hearing)
    keys.fill("，客服让我找厂家")
    keys.do(complaints.Aim)
    keys.fill("两周没有热水", "换一台")
    keys.do(complaints.Fault)
    keys.fill("<Space>", "照片上是焊点")
    keys.do(complaints.Plan)
    keys.fill("换新", "明天换新的给您")
    complaint = Complaint.objects.get()
    assert complaint.answered_at is not None
    assert complaint.apologies.count() == 1
    assert (complaint.statement, complaint.fault) == ("用了两次就不热了，客服让我找厂家", "shop")
    keys.do(PromiseKept)
    keys.do(complaints_after.Rating)
    keys.fill("", "<ArrowDown ArrowDown ArrowDown ArrowDown>")
    keys.do(complaints_after.Cause)
    keys.fill("没有抽检", "每批抽检三台")
    agent.picture(f"desk-hour-{language[:2]}")
    keys.press("e")
    expect(agent.page.locator("#ticket-head")).to_contain_text(keys.say(Ticket.Status.CLOSED.label))
    complaint.refresh_from_db()
    assert complaint.prevented_at is not None
    assert complaint.improvements.get().text == "每批抽检三台"
    assert Ticket.objects.get(ref=ref).status == "closed"
    assert agent.complaints == []
