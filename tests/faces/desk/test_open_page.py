"""A ticket page that stands open: what it asks and is told, who is here, undo, and an answer to a thread that moved on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from aftersales.desk import presence
from aftersales.files.models import Attachment
from aftersales.ledger import outbox
from aftersales.ledger.deliveries import deliver
from aftersales.ledger.models import Delivery, Outbound
from aftersales.ledger.sending import dispatch
from tests.faces.desk import stages
from tests.faces.desk.conftest import key
from tests.faces.desk.test_conversation import a_photo
from tests.world import an_order, customer, staff
from tickets.actions.conversation import newest_message, receive_message, reply
from tickets.actions.merging import merge_tickets
from tickets.actions.questions import ask_question
from tickets.models import Draft, Message, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


@pytest.fixture
def ticket() -> Ticket:
    cache.clear()
    return stages.submitted().ticket


def where(ticket: Ticket, noun: str = "") -> str:
    return f"/desk/tickets/{ticket.ref}/{noun}"


def in_place(ticket: Ticket) -> dict[str, str]:
    return {"hx-request": "true", "hx-current-url": f"http://testserver{where(ticket)}"}


def etag_of(page: str) -> str:
    found = re.search(r"data-etag=\"&quot;([^&]+)&quot;\"", page)
    assert found
    return f'"{found[1]}"'


class Open:
    """The page of the ticket, standing open; what has come last is `shown`."""

    def __init__(self, client: Client, ticket: Ticket) -> None:
        self.client, self.ticket = client, ticket
        self.shown = client.get(where(ticket)).content.decode()
        self.etag = etag_of(self.shown)

    def renewed(self) -> str:
        """What comes with the next asking; "" while nothing is new, which is said in one query."""
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.get(
                where(self.ticket, "renewal/"), headers={"if-none-match": self.etag, **in_place(self.ticket)}
            )
        self.etag, self.shown = answer["ETag"], answer.content.decode()
        assert answer.status_code == 200 or len(asked) <= 3  # the session, its person, and the one about the ticket
        return self.shown


def test_while_nothing_is_new_the_page_is_told_so_in_one_query(
    sit: Sit, ticket: Ticket, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    agent = sit("agent")
    etag = etag_of(agent.get(where(ticket)).content.decode())
    with django_assert_max_num_queries(3):  # the session, its person, and the one about the ticket
        answer = agent.get(where(ticket, "renewal/"), headers={"if-none-match": etag, "x-background": "1"})
    assert answer.status_code == 304
    assert answer.content == b""


@pytest.mark.parametrize("lost", [False, True], ids=["sent", "in doubt"])
def test_a_page_follows_a_reply_on_its_way(sit: Sit, ticket: Ticket, lost: bool) -> None:
    reply(ticket.pk, text="It is on its way", actor=staff())
    page = Open(sit("agent"), ticket)
    assert "queued" in page.shown
    deliver(Delivery.objects.get(listener="tickets.reply", status="pending"))
    assert "being sent" in page.renewed()
    assert page.renewed() == ""
    mail = Outbound.objects.get(channel="email")
    if lost:  # by mail it is tried twice before a person is asked
        Outbound.objects.update(sending_since=mail.due_at, first_tried_at=mail.due_at, repeats=1)
        mail.refresh_from_db()
    dispatch(mail)
    assert ("possibly sent" if lost else "told of it by e-mail") in page.renewed()
    assert page.renewed() == ""


def test_an_earlier_reply_that_leaves_after_a_later_one_is_followed_too(sit: Sit, ticket: Ticket) -> None:
    for text in ("First", "Second"):
        reply(ticket.pk, text=text, actor=staff())
    first, second = Delivery.objects.filter(listener="tickets.reply").order_by("pk")
    deliver(second)
    dispatch(Outbound.objects.get(channel="email"))
    page = Open(sit("agent"), ticket)
    deliver(first)
    assert "being sent" in page.renewed()
    dispatch(Outbound.objects.get(channel="email", status="pending"))
    assert "being sent" not in (page.renewed() or "nothing new, so still being sent")
    assert page.renewed() == ""


@pytest.mark.parametrize(
    ("status", "words"), [("done", "sent by chat"), ("unknown", "possibly sent"), ("failed", "not sent")]
)
def test_a_page_follows_a_reply_through_a_chat_tool(sit: Sit, ticket: Ticket, status: str, words: str) -> None:
    message = reply(ticket.pk, text="It is on its way", actor=staff())
    row = outbox.put(channel="chat", key=f"chat:reply:{message.pk}", on=ticket, payload={})
    Delivery.objects.filter(listener="tickets.reply").update(status="done")
    page = Open(sit("agent"), ticket)
    assert "being sent" in page.shown
    Outbound.objects.filter(pk=row.pk).update(status=status)
    assert words in page.renewed()
    assert page.renewed() == ""


def test_a_new_message_renews_the_page_and_is_said_aloud(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    etag = etag_of(agent.get(where(ticket)).content.decode())
    assert ticket.order is not None
    message = receive_message(ticket.pk, text="It broke again", actor=customer(ticket.order))
    asked = where(ticket, "renewal/?after=0")
    answer = agent.get(asked, headers={"if-none-match": etag, **in_place(ticket)})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "It broke again" in page
    assert f"New message from {ticket.person}" in page
    assert f'data-message="{message.pk}"' in page
    assert "<textarea" not in page  # what somebody types is never touched
    assert 'hx-swap-oob="true"' in page
    again = agent.get(asked, headers={"if-none-match": answer["ETag"], **in_place(ticket)})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "asked",
    ["?after=x&was=%00&due=soon&doing=dancing", "?after=-1", "?after=99999999999999999999", "?after=%C2%B2"],
)
def test_whatever_is_asked_is_answered(sit: Sit, ticket: Ticket, asked: str) -> None:
    assert sit("agent").get(where(ticket, "renewal/" + asked)).status_code == 200


def test_another_is_seen_at_once_and_gone_when_the_page_is_closed(
    sit: Sit, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, other = sit("agent"), sit("agent", "other")
    etag = etag_of(agent.get(where(ticket)).content.decode())
    other.get(where(ticket))
    seen = agent.get(where(ticket, "renewal/"), headers={"if-none-match": etag})
    assert "other is here too" in seen.content.decode()
    assert 'id="conversation"' not in seen.content.decode()  # only who is here has changed
    other.get(where(ticket, "renewal/?doing=reply"))
    writes = agent.get(where(ticket, "renewal/"), headers={"if-none-match": seen["ETag"]})
    assert "other is writing to the customer" in writes.content.decode()
    later = time.time() + presence.FRESH_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    gone = agent.get(where(ticket, "renewal/"), headers={"if-none-match": writes["ETag"]})
    assert "other" not in gone.content.decode()


def test_two_in_one_slot_are_both_seen() -> None:
    cache.clear()
    first, second, third = staff("agent", "a"), staff("agent", "b"), staff("agent", "c")
    presence.here(1, first)
    object.__setattr__(second, "id", (first.id or 0) + 16)
    presence.here(1, second)
    assert [other.name for other in presence.here(1, third)] == ["a", "b"]


def test_an_answer_from_a_page_of_before_a_merge_shows_what_came_by_it(sit: Sit) -> None:
    agent, order = sit("agent"), an_order()
    other, into = (ask_question(order.pk, text=text, actor=customer(order)) for text in ("It smokes!", "Hello?"))
    shown = re.search(r'name="seen" value="([^"]*)" id="reply-seen"', agent.get(where(into)).content.decode())
    assert shown
    merge_tickets(other.pk, into.pk, actor=staff("agent", "other"))
    sent = {"text": "Yes, we are", "key": key(), "seen": shown[1]}
    refused = agent.post(where(into, "reply/"), sent, headers=in_place(into))
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "It smokes!" in page
    assert f'name="seen" value="{shown[1]},{other.pk}"' in page
    again = agent.post(where(into, "reply/"), {**sent, "seen": f"{shown[1]},{other.pk}"}, headers=in_place(into))
    assert again.status_code == 200
    assert f'name="seen" value="{into.messages.latest("pk").pk},{other.pk}"' in again.content.decode()


def test_an_answer_to_a_thread_that_moved_on_shows_what_is_new_and_keeps_text_and_photos(
    sit: Sit, ticket: Ticket
) -> None:
    agent, seen = sit("agent"), newest_message(ticket)
    assert ticket.order is not None
    late = receive_message(ticket.pk, text="Never mind, it works", actor=customer(ticket.order))
    sent = {"text": "Please send photos", "key": key(), "seen": seen, "attachments": [a_photo()]}
    refused = agent.post(where(ticket, "reply/"), sent, headers=in_place(ticket))
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Never mind, it works" in page
    assert "Please send photos</textarea>" in page
    assert f'name="seen" value="{late.pk}"' in page
    assert "Send anyway" in page
    draft = Draft.objects.get()
    assert draft.text == "Please send photos"
    assert Attachment.objects.of(draft).count() == 1
    again = agent.post(where(ticket, "reply/"), {**sent, "seen": late.pk, "attachments": []}, headers=in_place(ticket))
    assert again.status_code == 200
    message = Message.objects.get(by="staff")
    assert Attachment.objects.of(message).count() == 1
    assert not Draft.objects.exists()


def test_without_script_the_refusal_is_a_whole_page(sit: Sit, ticket: Ticket) -> None:
    assert ticket.order is not None
    receive_message(ticket.pk, text="Never mind", actor=customer(ticket.order))
    page = sit("agent").post(where(ticket, "reply/"), {"text": "Photos please", "key": key(), "seen": 0})
    assert page.status_code == 409
    assert "<html" in page.content.decode()
    assert "Photos please</textarea>" in page.content.decode()


def test_a_photo_of_a_draft_can_be_left_out(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    agent.post(where(ticket, "note/"), {"text": "", "key": key(), "attachments": [a_photo()]})
    photo = Attachment.objects.of(Draft.objects.get()).get()
    agent.post(where(ticket, "note/"), {"text": "Short", "key": key(), "leave_out": photo.ref})
    assert Attachment.objects.count() == 0


def test_a_reply_sent_in_place_waits_and_is_undone_in_place(sit: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    sent = agent.post(
        where(ticket, "reply/"), {"text": "On its way", "key": key(), "seen": 0}, headers=in_place(ticket)
    )
    page = sent.content.decode()
    message = Message.objects.get()
    assert "Sent in 10 seconds." in page
    assert f'id="undo-{message.pk}"' in page
    assert sent["HX-Reswap"] == "none"
    assert f'id="undo-{message.pk}"' not in sit("agent", "other").get(where(ticket)).content.decode()
    undone = agent.post(where(ticket, f"messages/{message.pk}/undo/"), headers=in_place(ticket)).content.decode()
    assert "On its way</textarea>" in undone
    assert "it is a draft again" in undone
    assert agent.post(where(ticket, f"messages/{message.pk}/undo/")).status_code == 302
    assert sit("agent", "other").post(where(ticket, f"messages/{message.pk}/undo/")).status_code == 302


def test_a_deed_is_done_on_the_open_page(sit: Sit, ticket: Ticket) -> None:
    done = sit("agent").post(where(ticket, f"taking/?next={where(ticket)}"), headers=in_place(ticket))
    page = done.content.decode()
    assert "HX-Redirect" not in done
    assert "It is yours." in page
    assert 'id="ticket-deeds"' in page
    elsewhere = {"hx-request": "true", "hx-current-url": "http://testserver/desk/"}
    away = sit("agent", "other").post(where(ticket, "taking/"), headers=elsewhere)
    assert away["HX-Redirect"] == where(ticket)


def test_signed_out_the_page_leads_back_to_itself(ticket: Ticket) -> None:
    answer = Client().post(where(ticket, "reply/"), {"text": "Hello", "key": key()}, headers=in_place(ticket))
    assert answer["HX-Redirect"].endswith(f"next={where(ticket)}")
