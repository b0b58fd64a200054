"""Two people on one ticket in Chromium: presence, a thread that moved on, undo, and words that are never lost."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from aftersales.kernel import clock
from aftersales.ledger.models import Timer
from returns.models import Return
from tests.browser.people import Person, signed_in
from tests.browser.test_desk import Desk
from tests.browser.test_desk import desk as desk_of_its_tests
from tests.browser.test_desk_by_keyboard import palette
from tests.faces.desk import stages
from tests.faces.desk.test_queue import question
from tests.world import customer, staff
from tickets.actions.conversation import note, receive_message, send_held
from tickets.actions.phrases import save_phrase
from tickets.models import Arrival, Cc, Draft, Message, Phrase, Ticket

desk = desk_of_its_tests  # the fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def case(transactional_db: None) -> Return:
    cache.clear()
    return stages.submitted()


def colleague(browser: Browser, base: str) -> Person:
    """Somebody else at another desk."""
    return Person(browser, base, width=1280, language="en-GB", name="Wang").enter("agent", "Wang")


def test_two_on_one_ticket_see_each_other_and_neither_answers_blindly(
    desk: Desk,
    browser: Browser,
    live_server: LiveServer,
    case: Return,
) -> None:
    where = f"/desk/tickets/{case.ticket.ref}/"
    agent, other = desk("agent").go(where), colleague(browser, live_server.url).go(where)
    agent.page.locator("#ticket-presence").get_by_text("Wang is here too").wait_for(timeout=3_500)
    other.page.keyboard.press("r")
    other.page.keyboard.type("We have asked the warehouse.")
    agent.page.locator("#ticket-presence").get_by_text("Wang is writing to the customer").wait_for(timeout=4_000)
    agent.picture("desk-presence")

    agent.page.keyboard.press("r")
    agent.page.keyboard.type("Please send a photo.")
    agent.page.evaluate(
        "document.querySelector('[data-live]').dataset.seconds = '3600'"
    )  # the news comes with the refusal
    agent.page.wait_for_timeout(2_600)
    receive_message(case.ticket_id, text="It is the blue one.", actor=customer(case.order))
    agent.page.locator("#reply-send").click()
    agent.page.locator(".newer").get_by_text("It is the blue one.").wait_for()
    assert agent.page.locator("#reply-text").input_value() == "Please send a photo."
    assert not Message.objects.filter(by="staff").exists()
    agent.complaints.clear()  # the browser's own line about the 409
    agent.picture("desk-stale")
    agent.page.get_by_role("button", name="Send anyway").click()
    agent.page.locator("#conversation [data-undo]").wait_for()
    assert Message.objects.get(by="staff").text == "Please send a photo."


@pytest.mark.parametrize("how", ["its button", "the palette"])
def test_no_deed_closes_over_words_that_were_not_in_sight(desk: Desk, how: str) -> None:
    """They have come with a renewal, below the fold: the page holds them, and nobody has read them."""
    ticket = question("Where is my shirt?", hours=3)
    assert ticket.order is not None
    theirs = customer(ticket.order)
    for number in range(25):
        receive_message(ticket.pk, text=f"Line {number}", actor=theirs)
    agent = desk("agent").go(f"/desk/tickets/{ticket.ref}/")
    page = agent.page
    receive_message(ticket.pk, text="It is torn, too.", actor=theirs)
    page.locator("#conversation").get_by_text("It is torn, too.").wait_for(state="attached", timeout=6_000)
    page.evaluate("scrollTo(0, 0)")
    if how == "its button":
        page.evaluate("document.querySelector('[data-deed=closing]').requestSubmit()")
    else:
        palette(page, "Close the ticket")
    page.locator("#deed").get_by_text("It is torn, too.").wait_for()
    agent.complaints.clear()  # the browser's own line about the 409
    agent.picture("desk-closing-unread")
    assert Ticket.objects.get().status == "open"
    page.locator("#deed button[type=submit]").click()
    page.locator("#ticket-deeds").get_by_text("Reopen the ticket").first.wait_for(state="attached")
    assert Ticket.objects.get().status == "closed"


def test_a_new_message_is_shown_without_a_reload_and_what_is_typed_stays(desk: Desk, case: Return) -> None:
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    agent.page.keyboard.press("n")
    agent.page.keyboard.type("Half a not")
    message = receive_message(case.ticket_id, text="Are you there?", actor=customer(case.order))
    agent.page.locator(f"#message-{message.pk}").wait_for(timeout=5_000)
    expect(agent.page.locator("#ticket-news")).to_contain_text("New message from")
    agent.page.keyboard.type("e")
    assert agent.page.locator("#note-text").input_value() == "Half a note"


def test_the_answer_to_a_deed_is_shown_though_a_renewal_comes_before_it(desk: Desk, case: Return) -> None:
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    page = agent.page

    held: list[Route] = []
    page.route("**/approval/**", lambda route: held.append(route))
    with page.expect_request("**/approval/**"):
        page.get_by_role("button", name="Approve").locator("visible=true").first.click()
    answer = held[0].fetch()
    with page.expect_response(lambda each: "/renewal/" in each.url and each.status == 200):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    held[0].fulfill(response=answer)
    page.locator("#ticket-head").get_by_text("approved, waiting for the parcel").wait_for()
    page.locator("#flash").get_by_text("Approved").first.wait_for()
    assert agent.complaints == []


def test_undo_brings_the_words_back_and_a_timer_sends_what_is_not_undone(desk: Desk, case: Return) -> None:
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    agent.page.keyboard.press("r")
    agent.page.keyboard.type("Dear Ms Li")
    agent.page.locator("#reply-send").click()
    agent.page.locator("[data-undo]").wait_for()
    agent.see(re.compile("not sent yet|sent in"))  # the words before and after the first tick of the countdown
    agent.picture("desk-undo")
    expect(agent.page.locator("#flash .notice")).to_contain_text("Until then you can undo it.")
    agent.page.locator("[data-undo]").click()
    expect(agent.page.locator("#reply-text")).to_have_value("Dear Ms Li")
    expect(agent.page.locator("#flash .notice")).to_have_count(1)
    expect(agent.page.locator("#flash .notice")).to_contain_text("Taken back.")
    expect(agent.page.locator("#reply-text")).to_be_focused()
    assert not Message.objects.exists()
    agent.page.locator("#reply-text").fill("Dear Ms Lin")
    agent.page.locator("#reply-send").click()
    agent.page.locator("[data-undo]").wait_for()
    message = Message.objects.get()
    assert message.send_at is not None
    send_held(message.pk, at=message.send_at)  # what the sweep does when the time has come
    agent.page.locator("[data-undo]").wait_for(state="detached", timeout=5_000)
    assert agent.complaints == []


def test_never_more_than_four_sentences_stand_at_once_and_one_answers_stay_together(desk: Desk, case: Return) -> None:
    page = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/").page
    bring = """answers => answers.forEach(([tone, words]) => {
        const notice = document.getElementById("flash-pattern").content.firstElementChild.cloneNode(true);
        notice.classList.add(`notice--${tone}`);
        notice.querySelector(".notice__body").textContent = words;
        const box = Object.assign(document.createElement("div"), { id: "flash" });
        box.append(notice);
        htmx.swap(document.body, box.outerHTML.replace("<div", "<div hx-swap-oob=beforeend"), { swapStyle: "none" });
    })"""
    standing = page.locator("#flash .notice__body")
    page.evaluate(bring, [["success", "Sent."], ["success", "Waits."]])
    expect(standing).to_have_text(["Sent.", "Waits."])
    page.wait_for_timeout(100)
    page.evaluate(bring, [["danger", str(number)] for number in range(4)])
    expect(standing).to_have_text(["0", "1", "2", "3"])
    page.wait_for_timeout(100)
    page.evaluate(bring, [["success", "Closed."]])
    expect(standing).to_have_text(["1", "2", "3", "Closed."])


def test_words_survive_a_reload_a_lost_connection_and_a_sign_out(desk: Desk, case: Return) -> None:
    where = f"/desk/tickets/{case.ticket.ref}/"
    agent = desk("agent").go(where)
    page = agent.page
    page.locator("#reply-text").fill("Kept on the server")
    page.locator("#draft-reply").get_by_text("Draft saved").wait_for()
    page.reload()
    assert page.locator("#reply-text").input_value() == "Kept on the server"
    page.context.set_offline(True)
    page.locator("#reply-text").press("End")
    page.locator("#reply-text").press_sequentially(", and here")
    page.locator("#draft-reply").get_by_text("kept in this window").wait_for()
    page.context.set_offline(False)
    page.reload()
    assert page.locator("#reply-text").input_value() == "Kept on the server, and here"
    page.locator("#draft-reply").get_by_text("Draft saved").wait_for()
    page.context.clear_cookies(name="desk_session")
    page.locator("#reply-text").press("End")
    page.locator("#reply-text").press_sequentially("!")
    with page.expect_navigation():
        page.locator("#reply-send").click()
    page.context.add_cookies([{"name": "desk_session", "value": signed_in("agent"), "url": agent.base}])
    page.goto(agent.base + where)
    assert page.locator("#reply-text").input_value() == "Kept on the server, and here!"
    page.locator("#draft-reply").get_by_text("Draft saved").wait_for()
    assert Draft.objects.get().text == "Kept on the server, and here!"


def test_what_is_typed_while_a_draft_is_on_its_way_is_not_forgotten_with_it(desk: Desk, case: Return) -> None:
    page = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/").page
    held: list[Route] = []
    page.route("**/draft/", lambda route: route.abort() if held else held.append(route))
    with page.expect_request("**/draft/"):
        page.locator("#reply-text").fill("Kept")
    page.locator("#reply-text").press("End")
    page.locator("#reply-text").press_sequentially("!")
    with page.expect_response("**/draft/"):
        held[0].continue_()
    page.locator("#draft-reply").get_by_text("Draft saved").or_(
        page.locator("#draft-reply").get_by_text("kept in this window")
    ).wait_for()
    assert Draft.objects.get().text == "Kept"
    page.unroute("**/draft/")
    page.reload()
    assert page.locator("#reply-text").input_value() == "Kept!"


def test_who_is_left_out_of_cc_and_who_is_typed_is_kept_without_a_key_in_the_text(desk: Desk, case: Return) -> None:
    ticket, now = case.ticket, clock.now()
    asked = receive_message(ticket.pk, text="And a copy", actor=customer(case.order), channel="email")
    Cc.objects.create(message=asked, address="zhou@family.example")
    Arrival.objects.create(
        ref="M-2K7MQX94D", state="placed", ticket=ticket, message=asked, received_at=now, kept_at=now,
        sender=ticket.person.contact_points.get(kind="email").value,
    )  # fmt: skip
    page = desk("agent").go(f"/desk/tickets/{ticket.ref}/").page
    page.locator("#reply-text").fill("Kept")
    page.locator("#draft-reply").get_by_text("Draft saved").wait_for()
    for change in (
        lambda: page.locator("#reply-copies input[name=copied]").uncheck(),
        lambda: page.get_by_label("More addresses").fill("wang@repair.example"),
    ):
        with page.expect_response("**/draft/"):
            change()
    page.reload()
    assert not page.locator("#reply-copies input[name=copied]").is_checked()
    assert page.locator("#reply-copies input[name=cc]").input_value() == "wang@repair.example"
    assert Draft.objects.get().cc == {"ticked": [], "typed": "wang@repair.example"}


def test_that_one_begins_to_write_is_said_at_once(desk: Desk, case: Return) -> None:
    page = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/").page
    page.locator("#reply-text").focus()
    with page.expect_request(lambda asked: "doing=reply" in asked.url, timeout=1_000):
        page.keyboard.type("D")


def test_five_megabytes_are_told_in_a_sentence_and_stay(desk: Desk, case: Return) -> None:
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    page = agent.page
    page.locator("#reply-text").evaluate(
        "field => { field.value = 'x'.repeat(5 << 20); field.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    page.locator("#draft-reply").get_by_text("5,242,880 characters; 5,000 are the most.").wait_for()
    page.locator("#reply-send").click()
    assert page.locator("#reply-text").evaluate("field => field.value.length") == 5 << 20
    assert not Message.objects.exists()
    assert agent.complaints == []


def test_a_deed_is_done_without_a_reload_and_the_focus_is_kept(desk: Desk, case: Return) -> None:
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    page = agent.page
    page.evaluate("window.same = true")
    page.locator("#reply-text").fill("Something begun")
    page.get_by_role("button", name="Approve").first.click()
    page.locator("#ticket-head").get_by_text("approved, waiting for the parcel").wait_for()
    assert page.evaluate("window.same && document.activeElement !== document.body")
    assert page.locator("#reply-text").input_value() == "Something begun"
    page.locator("a[data-deed='tracking']").first.click()
    page.locator("dialog[open] #deed form").wait_for()
    page.get_by_label("Courier", exact=True).select_option("SF")
    page.get_by_label("Tracking number", exact=True).fill("SF1234567890")
    page.locator("dialog[open] button[type=submit]").click()
    page.locator("dialog[open]").wait_for(state="detached")
    page.locator("#ticket-side").get_by_text("SF1234567890").first.wait_for()
    assert page.evaluate("window.same")
    assert agent.complaints == []


def test_the_focus_is_on_the_menu_again_when_a_deed_chosen_in_it_is_given_up(desk: Desk, case: Return) -> None:
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    page = agent.page
    more = page.get_by_label("More actions").first
    for renewed in (False, True):
        more.focus()
        page.keyboard.press("Enter")
        page.locator("details.menu[open] a[data-deed=rejection]").focus()
        page.keyboard.press("Enter")
        page.locator("dialog[open] #deed form").wait_for()
        if renewed:
            more.evaluate(
                "summary => summary.closest('details').replaceWith(summary.closest('details').cloneNode(true))"
            )
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(more).to_be_focused()
        expect(page.locator("details.menu[open]")).to_have_count(0)
    page.get_by_label("Your account").focus()
    page.keyboard.press("Enter")
    for noun in ("data-palette-opens", "data-opens='keys'"):
        page.locator(f".desk__top [{noun}]").focus()
        page.keyboard.press("Enter")
        page.locator("dialog[open]").wait_for()
        page.keyboard.press("Escape")
        expect(page.get_by_label("Your account")).to_be_focused()
        page.keyboard.press("Enter")
    assert agent.complaints == []


def test_a_phrase_by_keyboard_is_filled_in_and_brings_its_steps(desk: Desk, case: Return) -> None:
    Phrase.objects.all().delete()
    save_phrase(
        None, actor=staff("lead"), key="hello", title_zh="问候", title_en="Greeting", text_zh="{customer}，您好！",
        text_en="Dear {customer},", steps=[["assign", "me"]],
    )  # fmt: skip
    save_phrase(
        None, actor=staff("lead"), key="bye", title_zh="再见", title_en="Goodbye", text_zh="再见", text_en="Bye"
    )
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    page = agent.page
    page.keyboard.press("r")
    page.keyboard.type("/")
    page.locator(".offers [role=option]").nth(1).wait_for()
    agent.picture("desk-phrases")
    page.keyboard.type("gree")
    expect(page.locator(".offers [role=option]")).to_have_count(1)
    expect(page.locator(".offers__preview")).to_contain_text("林梅，您好！")
    page.keyboard.press("Enter")
    assert page.locator("#reply-text").input_value() == "林梅，您好！"
    expect(page.locator("#reply-form [data-steps]")).to_contain_text("Assign to: me")
    page.locator("#reply-send").click()
    page.locator("[data-undo]").wait_for()
    message = Message.objects.get()
    assert message.text == "林梅，您好！"
    timer = Timer.objects.get(kind="ticket.reply_due")
    assert timer.data == {"phrase": "hello", "steps": [["assign", "me"]]}
    page.locator("[data-undo]").click()
    tick = page.locator("#reply-form [name=step]")
    expect(tick).to_be_checked()
    with page.expect_response("**/draft/"):
        tick.uncheck()
    page.reload()
    expect(page.locator("#reply-text")).to_have_value("林梅，您好！")
    expect(tick).to_have_count(0)
    expect(page.locator("#reply-phrase")).to_have_value("hello")
    assert agent.complaints == []


def test_words_that_blame_are_marked_before_they_are_sent(desk: Desk, case: Return) -> None:
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    page = agent.page
    page.locator("#reply-text").fill("这是您自己的问题，请联系快递。")
    page.locator("#reply-send").click()
    page.locator("#findings-reply mark").nth(1).wait_for()
    agent.complaints.clear()  # the browser's own line about the 422
    agent.picture("desk-wording")
    assert not Message.objects.exists()
    page.locator("#reply-send").click()
    page.locator("[data-undo]").wait_for()
    assert Message.objects.get().text == "这是您自己的问题，请联系快递。"


def test_a_colleague_is_named_with_an_at(desk: Desk, case: Return) -> None:
    staff("agent", "王丽")
    agent = desk("agent").go(f"/desk/tickets/{case.ticket.ref}/")
    agent.page.keyboard.press("n")
    agent.page.keyboard.type("请 @王")
    agent.page.locator(".offers [role=option]").first.wait_for()
    agent.page.keyboard.press("Enter")
    assert agent.page.locator("#note-text").input_value() == "请 @王丽 "


@pytest.mark.parametrize(("width", "dark"), [(360, True), (360, False), (1280, True)])
def test_in_chinese_on_a_phone_and_in_the_dark(desk: Desk, case: Return, width: int, dark: bool) -> None:
    name = f"desk-talk-{width}-{'dark' if dark else 'light'}"
    agent = desk("agent", width=width, language="zh-CN", dark=dark)
    receive_message(case.ticket_id, text="东西坏了，你们怎么处理？", actor=customer(case.order))
    note(case.ticket_id, text="@agent 同批次第二例", actor=staff("lead"))
    agent.go(f"/desk/tickets/{case.ticket.ref}/")
    page = agent.page
    page.locator("#reply-text").press_sequentially("您好，请您自行联系快递 ")
    page.locator("#findings-reply mark").wait_for()
    page.locator("#reply-text").press_sequentially("/")
    page.locator(".offers [role=option]").nth(2).wait_for()
    box, bar = page.locator(".offers:visible").bounding_box(), page.locator(".desk__nav").bounding_box()
    assert box
    assert bar
    assert width > 500 or box["y"] + box["height"] < bar["y"], "the preview stands above the bar of a phone"
    agent.picture(f"{name}-phrases")
    page.keyboard.press("Enter")
    page.locator("#draft-reply").get_by_text("草稿已保存").wait_for()
    page.locator("#reply-send").scroll_into_view_if_needed()
    agent.picture(f"{name}-composer")
    page.locator("#reply-send").click()
    page.locator("[data-undo]").wait_for()
    agent.picture(f"{name}-undo")
