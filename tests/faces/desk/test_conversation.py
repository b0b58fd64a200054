"""Writing on a ticket: replies, notes, drafts and photos; the same page sent twice is one message."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from aftersales.files.models import Attachment
from aftersales.kernel import clock
from tests.faces.desk import stages
from tests.faces.desk.conftest import key
from tests.world import an_order, customer, staff
from tickets.actions.conversation import receive_message
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.models import Clock, Draft, Message, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


@pytest.fixture
def ticket() -> Ticket:
    return stages.submitted().ticket


def a_photo() -> SimpleUploadedFile:
    body = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(body, "JPEG")
    return SimpleUploadedFile("cup.jpg", body.getvalue(), "image/jpeg")


def test_a_reply_and_a_note(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    agent.post(f"/desk/tickets/{ticket.ref}/reply/", {"text": "We look into it.", "key": key()})
    page = agent.post(f"/desk/tickets/{ticket.ref}/note/", {"text": "Good customer.", "key": key()}, follow=True)
    assert list(ticket.messages.values_list("internal", flat=True)) == [False, True]
    assert "We look into it." in page.content.decode()


def test_the_same_page_sent_twice_is_one_message(sit: Sit, ticket: Ticket) -> None:
    agent, sent = sit("agent"), {"text": "Once", "key": key()}
    for _ in range(2):
        assert agent.post(f"/desk/tickets/{ticket.ref}/reply/", sent).status_code == 302
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("changed", [{"text": "Twice"}, {"attachments": [a_photo()]}])
def test_other_words_or_files_from_the_same_page_are_another_message(
    sit: Sit, ticket: Ticket, changed: dict[str, object]
) -> None:
    agent, sent = sit("agent"), {"text": "Once", "key": key()}
    for given in (sent, {**sent, **changed}):
        assert agent.post(f"/desk/tickets/{ticket.ref}/reply/", given).status_code == 302
    assert ticket.messages.count() == 2


def test_a_note_that_becomes_a_talk_is_another_note(sit: Sit, ticket: Ticket) -> None:
    agent, sent = sit("agent"), {"text": "Rang her", "key": key()}
    for given in (sent, {**sent, "contact": "yes"}):
        assert agent.post(f"/desk/tickets/{ticket.ref}/note/", given).status_code == 302
    assert list(ticket.messages.values_list("contact", flat=True)) == [False, True]


def test_sent_again_from_the_page_it_was_on_before_it_was_undone_it_is_a_message_again(
    sit: Sit, ticket: Ticket
) -> None:
    agent, sent = sit("agent"), {"text": "On its way", "key": key()}
    for _ in range(2):
        for _twice in range(2):
            page = agent.post(f"/desk/tickets/{ticket.ref}/reply/", sent, follow=True).content.decode()
            assert "Sent in 10 seconds." in page
        message = ticket.messages.get()
        agent.post(f"/desk/tickets/{ticket.ref}/messages/{message.pk}/undo/")
    assert Draft.objects.get().text == "On its way"


def test_what_comes_back_has_a_key_of_its_own(sit: Sit, ticket: Ticket) -> None:
    page = sit("agent").post(f"/desk/tickets/{ticket.ref}/reply/", {"text": "Dear Ms Lin", "key": "too short"})
    assert page.status_code == 422
    again = re.findall(r'name="key" value="([0-9a-f]{32})" id="reply-key"', page.content.decode())
    sent = sit("agent").post(f"/desk/tickets/{ticket.ref}/reply/", {"text": "Dear Ms Lin", "key": again[0]})
    assert sent.status_code == 302


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 5001, "nul \x00 byte"])
def test_what_cannot_be_sent_comes_back_with_a_sentence(sit: Sit, ticket: Ticket, text: str) -> None:
    answer = sit("agent").post(f"/desk/tickets/{ticket.ref}/reply/", {"text": text, "key": key()})
    assert answer.status_code in (400, 422)
    assert 'role="alert"' in answer.content.decode()
    assert not ticket.messages.exists()


def test_markup_is_shown_as_it_was_typed(sit: Sit, ticket: Ticket) -> None:
    sent = {"text": "<script>alert(1)</script>", "key": key()}
    page = sit("agent").post(f"/desk/tickets/{ticket.ref}/reply/", sent, follow=True).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_photos_go_with_the_message(sit: Sit, ticket: Ticket) -> None:
    sent = {"text": "See here", "key": key(), "attachments": [a_photo()]}
    page = sit("agent").post(f"/desk/tickets/{ticket.ref}/reply/", sent, follow=True)
    assert Attachment.objects.of(Message.objects.get()).count() == 1
    assert page.content.decode().count("/thumb/") == 1


def test_photos_of_a_reply_are_the_customers_too_and_those_of_a_note_are_not(
    sit: Sit, visitor: Callable[..., Client], ticket: Ticket, drain: Callable[[], int]
) -> None:
    agent = sit("agent")
    for noun in ("reply", "note"):
        agent.post(f"/desk/tickets/{ticket.ref}/{noun}/", {"text": noun, "key": key(), "attachments": [a_photo()]})
    of_reply, of_note = (Attachment.objects.of(message).get() for message in Message.objects.order_by("pk"))
    assert agent.get(of_note.thumb).status_code == 200
    assert visitor(ticket.order).get(of_reply.thumb).status_code == 404  # it can still be undone
    with clock.fixed(clock.now() + dt.timedelta(seconds=11)):
        drain()
    assert visitor(ticket.order).get(of_reply.thumb).status_code == 200
    assert visitor(ticket.order).get(of_note.thumb).status_code == 404
    assert visitor().get(of_reply.thumb).status_code == 404


def test_a_file_that_is_no_photo_sends_nothing_and_loses_nothing(sit: Sit, ticket: Ticket) -> None:
    wrong = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
    answer = sit("agent").post(
        f"/desk/tickets/{ticket.ref}/reply/", {"text": "See", "key": key(), "attachments": [wrong]}
    )
    assert answer.status_code == 422
    assert "SVG" in answer.content.decode()
    assert ">See</textarea>" in answer.content.decode()
    assert not Message.objects.exists()


def test_a_draft_is_kept_while_one_types_and_gone_when_it_is_sent(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    kept = agent.post(
        f"/desk/tickets/{ticket.ref}/draft/", {"text": "Half a sen", "internal": "no"}, headers={"hx-request": "true"}
    )
    assert "Draft saved" in kept.content.decode()
    assert 'id="draft-reply"' in kept.content.decode()
    assert "Half a sen</textarea>" in agent.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert "Half a sen" not in sit("agent", "other").get(f"/desk/tickets/{ticket.ref}/").content.decode()
    agent.post(f"/desk/tickets/{ticket.ref}/reply/", {"text": "Half a sentence", "key": key()})
    assert not Draft.objects.exists()


def test_a_draft_with_a_nul_is_kept_without_it(sit: Sit, ticket: Ticket) -> None:
    sit("agent").post(f"/desk/tickets/{ticket.ref}/draft/", {"text": "Half\x00way", "internal": "no"})
    assert Draft.objects.get().text == "Halfway"


def test_a_draft_without_script_leads_back(sit: Sit, ticket: Ticket) -> None:
    answer = sit("warehouse").post(f"/desk/tickets/{ticket.ref}/draft/", {"text": "Box 7", "internal": "yes"})
    assert answer["Location"] == f"/desk/tickets/{ticket.ref}/"
    assert Draft.objects.get().internal


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_a_reply_to_a_merged_ticket_says_why_it_is_refused_and_waits_in_the_other(
    sit: Sit, headers: dict[str, str]
) -> None:
    order, agent = an_order(), sit("agent")
    source, into = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("Where?", "And when?"))
    agent.post(f"/desk/tickets/{source.ref}/draft/", {"text": "Dear Ms", "internal": "no"})
    merge_tickets(source.pk, into.pk, actor=staff("lead"))
    assert 'id="composer"' not in agent.get(f"/desk/tickets/{source.ref}/").content.decode()
    assert "Dear Ms</textarea>" in agent.get(f"/desk/tickets/{into.ref}/").content.decode()
    sent = {"text": "Dear Ms Lin", "key": key(), "attachments": [a_photo()]}
    for _time in range(2):
        refused = agent.post(f"/desk/tickets/{source.ref}/reply/", sent, headers=headers)
        page = refused.content.decode()
        assert refused.status_code == 409
        assert "Dear Ms Lin</textarea>" in page
        assert f"This ticket was merged. Go on in {into.ref}." in page
        sent["attachments"] = []
    draft = Draft.objects.get()
    assert (draft.ticket, draft.text) == (into, "Dear Ms Lin")
    assert Attachment.objects.of(draft).count() == 1


def test_what_is_typed_on_a_page_from_before_the_merge_is_seen_there(sit: Sit) -> None:
    order, agent = an_order(), sit("agent")
    source, into = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("Where?", "And when?"))
    merge_tickets(source.pk, into.pk, actor=staff("lead"))
    agent.post(f"/desk/tickets/{source.ref}/draft/", {"text": "Box 7", "internal": "yes"})
    page = agent.get(f"/desk/tickets/{source.ref}/").content.decode()
    assert "Box 7</textarea>" in page
    assert 'id="reply-form"' not in page


def test_each_role_writes_where_it_may(sit: Sit, ticket: Ticket) -> None:
    sent = {"text": "Hello", "key": key()}
    assert sit("warehouse").post(f"/desk/tickets/{ticket.ref}/reply/", sent).status_code == 403
    assert sit("auditor").post(f"/desk/tickets/{ticket.ref}/note/", sent).status_code == 403
    assert 'id="composer"' not in sit("auditor").get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert sit("warehouse").post(f"/desk/tickets/{ticket.ref}/note/", sent).status_code == 302
    assert sit("agent").get(f"/desk/tickets/{ticket.ref}/reply/").status_code == 405


@pytest.mark.parametrize(("ticked", "state"), [({"contact": "yes"}, "met"), ({}, "running")])
def test_a_talk_ticked_in_the_note_is_a_first_response(sit: Sit, ticked: dict[str, str], state: str) -> None:
    order = an_order()
    ticket, agent = ask_question(order.pk, text="Where is it?", actor=customer(order)), sit("agent")
    where, sent = f"/desk/tickets/{ticket.ref}/", {"text": "Rang her, she is content.", "key": key(), **ticked}
    assert "I spoke with the customer" in agent.get(where).content.decode()
    for _ in range(2):
        page = agent.post(f"{where}note/", sent, follow=True).content.decode()
    note = ticket.messages.get(internal=True)
    assert note.contact is bool(ticked)
    assert ("Talk with the customer" in page) is bool(ticked)
    assert Clock.objects.get(ticket=ticket, metric="first_response").state == state


def test_the_tick_comes_back_with_a_note_that_was_refused(sit: Sit, ticket: Ticket) -> None:
    sent = {"text": "x" * 5001, "key": key(), "contact": "yes"}
    answer = sit("agent").post(f"/desk/tickets/{ticket.ref}/note/", sent)
    assert answer.status_code == 422
    box = re.search(r'<input type="checkbox" name="contact"[^>]*>', answer.content.decode())
    assert box
    assert box[0].endswith(" checked>")
    assert (
        'name="contact"'
        not in sit("agent").get(f"/desk/tickets/{ticket.ref}/").content.decode().split('id="note-form"')[0]
    )


def test_a_talk_noted_over_new_words_is_refused_with_them_and_kept_when_they_were_read(
    sit: Sit, ticket: Ticket
) -> None:
    agent, where = sit("agent"), f"/desk/tickets/{ticket.ref}/note/"

    def form(page: str) -> str:
        return page.partition('id="note-form"')[2].partition("</form>")[0]

    def seen(page: str) -> str:
        return re.search(r'name="seen"[^>]*value="([^"]*)"', form(page))[1]  # type: ignore[index]

    page = agent.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert ticket.order is not None
    receive_message(ticket.pk, text="It has come!", actor=customer(ticket.order))
    sent = {"text": "She called", "contact": "yes"}
    refused = agent.post(where, {**sent, "key": key(), "seen": seen(page)})
    again = refused.content.decode()
    assert (refused.status_code, Message.objects.filter(internal=True).exists()) == (409, False)
    assert "It has come!" in form(again)
    assert "She called</textarea>" in form(again)
    assert agent.post(where, {**sent, "key": key(), "seen": seen(again)}).status_code == 302
    assert Message.objects.get(internal=True).text == "She called"


def a_long_talk(ticket: Ticket, number: int) -> None:
    """So many messages, two at each moment, so that moments alone do not tell them apart."""
    begun = clock.now() - dt.timedelta(days=2)
    Message.objects.bulk_create(
        Message(ticket=ticket, by="customer", text=f"word-{each:03}-", at=begun + dt.timedelta(seconds=each // 2))
        for each in range(number)
    )


def words_in(page: str) -> list[str]:
    return re.findall(r"word-\d{3}-", page)


def test_older_messages_are_reached_by_links_until_the_beginning(sit: Sit, ticket: Ticket) -> None:
    a_long_talk(ticket, 450)
    agent, where = sit("agent"), f"/desk/tickets/{ticket.ref}/"
    told: list[str] = []
    page = agent.get(where).content.decode()
    for _ in range(2):
        told = words_in(page) + told
        link = re.search(r'href="([^"]+\?before=\d+)"', page)
        assert link
        part = agent.get(link[1], headers={"hx-request": "true"}).content.decode()
        page = agent.get(link[1]).content.decode()
        assert "<html" in page
        assert "<html" not in part
        assert words_in(part) == words_in(page)
        assert f'href="{where}"' in page
    told = words_in(page) + told
    assert 'id="older-messages"' not in page
    assert told == [f"word-{each:03}-" for each in range(450)]


def test_an_open_page_goes_on_beginning_with_its_first_message(sit: Sit, ticket: Ticket) -> None:
    a_long_talk(ticket, 230)
    agent, where = sit("agent"), f"/desk/tickets/{ticket.ref}/"
    first = re.search(r'data-message="(\d+)"', agent.get(where).content.decode())
    assert first
    assert ticket.order is not None
    receive_message(ticket.pk, text="word-999-", actor=customer(ticket.order))
    begins = {"hx-request": "true", "x-shown-from": first[1]}
    assert words_in(agent.get(f"{where}renewal/", headers=begins).content.decode())[0] == "word-030-"
    for odd in ("", "x", "-1", "9" * 30, "0"):
        again = agent.get(f"{where}renewal/", headers={**begins, "x-shown-from": odd}).content.decode()
        assert words_in(again)[0] == "word-031-"
        assert 'id="older-messages"' not in again  # what stands above the piece is not put there twice


@pytest.mark.parametrize(
    "asked", ["", "?before=", "?before=x", "?before=99999999999999999999", "?before=-4", "?before=0"]
)
def test_no_such_message_has_none_before_it(sit: Sit, ticket: Ticket, asked: str) -> None:
    page = sit("agent").get(f"/desk/tickets/{ticket.ref}/messages/{asked}")
    assert page.status_code == 200
    assert "Nobody wrote before that." in page.content.decode()
