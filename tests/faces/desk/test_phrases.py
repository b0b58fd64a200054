"""Phrases, the check of words, signatures and mentions, as the desk's pages have them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftersales.accounts.models import Team
from aftersales.kernel import clock
from tests.faces.desk import stages
from tests.faces.desk.conftest import key
from tests.faces.desk.test_open_page import in_place, where
from tests.world import member, staff
from tickets.actions.phrases import save_phrase
from tickets.models import Draft, Message, Phrase, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]
CALLED = {"phrase": "apology", "step": ["priority: high", "close"]}


def ticked(page: str) -> tuple[str, list[str]]:
    """The phrase and the steps of the reply as it is drawn."""
    form = page.split('id="reply-form"')[1].split("</form>")[0]
    phrase = re.findall(r'name="phrase" value="([^"]*)"', form)
    return phrase[0], re.findall(r'name="step" value="([^"]*)" checked', form)


@pytest.fixture
def ticket() -> Ticket:
    return stages.question()


def test_the_list_is_filled_in_for_the_ticket_and_costs_a_fixed_number_of_queries(
    sit: Sit, ticket: Ticket, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    agent = sit("agent")
    agent.get("/desk/profile/")
    with django_assert_max_num_queries(11):
        page = agent.get(where(ticket, "phrases/"), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in page
    assert f"您关于订单 {ticket.order.number if ticket.order else ''} 的反映" in page
    assert 'value="assign: me"' in page
    assert "<html" in agent.get(where(ticket, "phrases/")).content.decode()


def test_a_phrase_for_returns_is_not_offered_on_a_question(sit: Sit, ticket: Ticket) -> None:
    page = sit("agent").get(where(ticket, "phrases/"), headers={"hx-request": "true"}).content.decode()
    assert 'id="phrase-quality"' not in page
    ret = stages.submitted().ticket
    page = sit("agent").get(where(ret, "phrases/"), headers={"hx-request": "true"}).content.decode()
    assert 'id="phrase-quality"' in page


def test_words_to_think_over_come_back_marked_and_pass_when_they_are_sent_again(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    sent = {"text": "这不是我们的责任。", "key": key(), "step": ["assign: me"], "phrase": "apology"}
    refused = agent.post(where(ticket, "reply/"), sent, headers=in_place(ticket))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "<mark>不是我们的责任</mark>" in page
    assert 'name="step" value="assign: me" checked' in page
    assert Draft.objects.get().text == "这不是我们的责任。"
    shown = page.split('name="looked_over" value="')[1].split('"')[0]
    assert (
        agent.post(where(ticket, "reply/"), {**sent, "looked_over": shown}, headers=in_place(ticket)).status_code == 200
    )
    assert Message.objects.filter(by="staff").count() == 1


def test_while_one_types_the_check_comes_with_the_kept_draft(sit: Sit, ticket: Ticket) -> None:
    sent = {"text": "请您自行联系快递", "internal": "no"}
    page = sit("agent").post(where(ticket, "draft/"), sent, headers={"hx-request": "true"}).content.decode()
    assert "<mark>自行联系快递</mark>" in page
    note = sit("agent").post(where(ticket, "draft/"), {**sent, "internal": "yes"}, headers={"hx-request": "true"})
    assert "<mark>" not in note.content.decode()


def test_a_reply_that_is_refused_keeps_its_phrase_and_its_ticks(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    agent.post(where(ticket, "reply/"), {"text": "这不是我们的责任。", "key": key(), **CALLED})
    assert (Draft.objects.get().phrase, Draft.objects.get().steps) == ("apology", [["priority", "high"], ["close", ""]])
    assert ticked(agent.get(where(ticket)).content.decode()) == ("apology", ["priority: high", "close"])


def test_what_is_kept_while_one_types_is_ticked_again_after_a_reload(sit: Sit, ticket: Ticket) -> None:
    agent, drafted = sit("agent"), {"text": "It is sol", "internal": "no", **CALLED}
    page = agent.get(where(ticket)).content.decode()
    assert ticked(page) == ("", [])
    assert 'hx-params="text,internal,phrase,step' in page
    assert "input from:#reply-steps" in page
    for step in (["explode", "priority: high"], ["close"]):
        agent.post(where(ticket, "draft/"), {**drafted, "step": step}, headers=in_place(ticket))
    assert ticked(agent.get(where(ticket)).content.decode()) == ("apology", ["close"])
    agent.post(where(ticket, "draft/"), {**drafted, "step": []}, headers=in_place(ticket))
    assert ticked(agent.get(where(ticket)).content.decode()) == ("apology", [])


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_after_an_undo_the_steps_are_ticked_and_done_when_it_is_sent_again(
    sit: Sit, ticket: Ticket, headers: dict[str, str], drain: Callable[[], int]
) -> None:
    agent, uses = sit("agent"), Phrase.objects.get(key="apology").uses
    agent.post(where(ticket, "reply/"), {"text": "It is solvd.", "key": key(), **CALLED}, headers=headers)
    undo = where(ticket, f"messages/{Message.objects.get(by='staff').pk}/undo/")
    page = agent.post(undo, headers=headers, follow=True).content.decode()
    assert ticked(page) == ("apology", ["priority: high", "close"])
    agent.post(where(ticket, "reply/"), {"text": "It is solved.", "key": key(), **CALLED}, headers=headers)
    with clock.fixed(clock.now() + dt.timedelta(seconds=11)):
        drain()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority) == ("closed", Ticket.Priority.HIGH)
    assert Phrase.objects.get(key="apology").uses == uses + 1


def test_without_script_a_phrase_brings_its_steps_to_the_draft(sit: Sit, ticket: Ticket) -> None:
    page = sit("agent").get(where(ticket, "phrases/")).content.decode()
    form = next(each for each in page.split("<form") if 'value="assign: me"' in each)
    fields = re.findall(r'name="(text|internal|phrase|step)" value="([^"]*)"', form)
    sit("agent").post(
        where(ticket, "draft/"), {name: [value for each, value in fields if each == name] for name, _ in fields}
    )
    assert Draft.objects.get().steps
    name, steps = ticked(sit("agent").get(where(ticket)).content.decode())
    assert name
    assert "assign: me" in steps


@pytest.mark.parametrize("noun", ["reply/", "note/", "draft/"])
def test_a_nul_in_a_step_is_left_out(sit: Sit, ticket: Ticket, noun: str) -> None:
    sent = {"text": "Hello", "key": key(), "phrase": "", "step": ["note: rang\x00 her", "clo\x00se"]}
    assert sit("agent").post(where(ticket, noun), sent).status_code == 302
    kept = Draft.objects.get().steps if noun == "draft/" else []
    assert kept in ([], [["note", "rang her"], ["close", ""]])


def test_words_that_are_refused_keep_their_steps_ticked(sit: Sit, ticket: Ticket) -> None:
    sent = {"text": "x" * 20_000, "key": key(), **CALLED}
    refused = sit("agent").post(where(ticket, "reply/"), sent)
    assert refused.status_code == 422
    assert ticked(refused.content.decode()) == ("apology", ["priority: high", "close"])


def test_a_step_nobody_knows_sends_nothing(sit: Sit, ticket: Ticket) -> None:
    sent = {"text": "Hello", "key": key(), "step": ["explode"]}
    refused = sit("agent").post(where(ticket, "reply/"), sent)
    assert refused.status_code == 400
    assert "explode" in refused.content.decode()
    assert not Message.objects.filter(by="staff").exists()


def test_replies_are_signed_once(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    agent.post("/desk/profile/signature/", {"signature": "小林 · 售后组"})
    assert "小林 · 售后组" in agent.get("/desk/profile/").content.decode()
    agent.post(where(ticket, "reply/"), {"text": "您好", "key": key()})
    agent.post(where(ticket, "reply/"), {"text": "您好\n\n小林 · 售后组", "key": key()})
    assert [message.text for message in Message.objects.filter(by="staff")] == ["您好\n\n小林 · 售后组"] * 2
    agent.post("/desk/profile/signature/", {"signature": "x" * 201})
    assert member().signature == "小林 · 售后组"


def test_whoever_may_not_see_a_ticket_is_not_offered_and_the_writer_hears_that_they_were_not_told(
    sit: Sit, ticket: Ticket
) -> None:
    member("agent", "王")
    Ticket.objects.filter(pk=ticket.pk).update(team=Team.objects.create(name="乙组", is_closed=True))
    lead = sit("lead")
    assert "@王 " not in lead.get(where(ticket, "phrases/"), headers={"hx-request": "true"}).content.decode()
    said = lead.post(where(ticket, "note/"), {"text": "@王 请看一下", "key": key()}, follow=True).content.decode()
    assert "Not told, since this ticket is not shown to them: 王." in said
    Ticket.objects.filter(pk=ticket.pk).update(team=None)
    assert "@王 " in lead.get(where(ticket, "phrases/"), headers={"hx-request": "true"}).content.decode()
    said = lead.post(where(ticket, "note/"), {"text": "@王 请看一下", "key": key()}, follow=True).content.decode()
    assert "Not told" not in said


def test_one_keeps_phrases_of_ones_own_and_puts_them_away(sit: Sit) -> None:
    agent = sit("agent")
    wrong = agent.post("/desk/phrases/", {"title_zh": "我的", "text_zh": "您好 {nobody}"})
    assert wrong.status_code == 422
    assert "{nobody}" in wrong.content.decode()
    agent.post("/desk/phrases/", {"title_zh": "我的", "text_zh": "您好 {customer}", "step_lines": "备注：已问候"})
    assert "{promise_due} by when that was promised" in agent.get("/desk/phrases/").content.decode()
    mine = Phrase.objects.get(owner=staff().id or 0)
    assert mine.steps == [["note", "已问候"]]
    assert "我的" in agent.get("/desk/phrases/").content.decode()
    assert sit("agent", "other").post(f"/desk/phrases/{mine.pk}/retirement/").status_code == 404
    agent.post(f"/desk/phrases/{mine.pk}/retirement/")
    assert "您好 {customer}" not in agent.get("/desk/phrases/").content.decode()


def test_ones_own_phrase_is_changed_in_both_languages_and_offered_again(sit: Sit) -> None:
    agent, other = sit("agent"), sit("agent", "other")
    agent.post("/desk/phrases/", {"title_zh": "我的", "text_zh": "您好", "step_lines": "close"})
    mine = Phrase.objects.get(owner=staff().id or 0)
    where = f"/desk/phrases/{mine.pk}/"
    assert where in agent.get("/desk/phrases/").content.decode()
    page = agent.get(where).content.decode()
    assert 'value="我的"' in page
    assert ">\nclose</textarea>" in page
    words = {"title_zh": "问候", "text_zh": "您好 {customer}", "title_en": "Greeting", "text_en": "Hello {custmer}"}
    wrong = agent.post(where, words)
    assert wrong.status_code == 422
    assert "{custmer}" in wrong.content.decode()
    assert agent.post(where, {**words, "text_en": "Hello {customer}"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.title_zh, mine.text_zh, mine.text_en) == ("问候", "您好 {customer}", "Hello {customer}")
    assert (mine.steps, mine.owner_id) == ([], staff().id)
    assert "Hello {customer}" in agent.get("/desk/phrases/").content.decode()
    for method in (other.get, other.post):
        assert method(where).status_code == 404
    agent.post(f"{where}retirement/")
    assert agent.get(where).status_code == 404
    assert "Offer again" in agent.get("/desk/phrases/").content.decode()
    agent.post(f"{where}retirement/", {"back": "yes"})
    assert agent.get(where).status_code == 200


def test_a_lead_writes_phrases_in_the_office(sit: Sit) -> None:
    lead = sit("lead")
    given = {
        "key": "thanks",
        "title_zh": "感谢",
        "text_zh": "谢谢 {customr}",
        "kinds": ["question"],
        "step_lines": "关闭\nfly: away",
    }
    wrong = lead.post("/office/tickets/phrase/add/", given)
    assert "{customr}" in wrong.content.decode()
    assert "fly: away" in wrong.content.decode()
    lead.post("/office/tickets/phrase/add/", {**given, "text_zh": "谢谢 {customer}", "step_lines": "关闭"})
    phrase = Phrase.objects.get(key="thanks")
    assert (phrase.steps, phrase.kinds) == ([["close", ""]], ["question"])
    assert "close" in lead.get(f"/office/tickets/phrase/{phrase.pk}/change/").content.decode()
    assert lead.get("/office/tickets/phrase/").status_code == 200
    lead.post("/office/tickets/phrase/", {"action": "retire", "_selected_action": [phrase.pk]})
    assert Phrase.objects.get(key="thanks").retired_at
    assert sit("manager").get("/office/tickets/wordingterm/?fault__exact=blame").status_code == 200


def test_a_private_phrase_is_not_shown_in_the_office(sit: Sit) -> None:
    save_phrase(None, actor=staff(), title_zh="悄悄话", text_zh="您好", mine=True)
    assert "悄悄话" not in sit("manager").get("/office/tickets/phrase/").content.decode()
