"""What is said on a ticket: the undo window, the guard against a thread that has moved on, drafts, texts nobody can keep."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftersales.files.models import Attachment
from aftersales.kernel import clock
from aftersales.kernel.errors import BadInput, NotFound, NotPermitted
from aftersales.ledger.models import Event, Timer
from aftersales.portal.conversation import shown
from tests.world import an_order, attach, customer, staff
from tickets.actions.conversation import (
    StaleThread,
    clean_text,
    newest_message,
    note,
    receive_message,
    reply,
    save_draft,
    send_held,
    undo,
)
from tickets.actions.conversation.holding import AlreadySent, window_of
from tickets.actions.phrases.following import WroteMeanwhile
from tickets.actions.questions import ask_question
from tickets.models import Clock, Draft, Message, Ticket

pytestmark = pytest.mark.django_db

TEN = dt.timedelta(seconds=10)


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="Where is my parcel?", actor=customer(order))


def names(ticket: Ticket) -> list[str]:
    about = Event.objects.filter(subject_type="tickets.ticket", subject_id=ticket.pk)
    return list(about.order_by("id").values_list("name", flat=True))


def a_photo() -> SimpleUploadedFile:
    body = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(body, "JPEG")
    return SimpleUploadedFile("cup.jpg", body.getvalue(), "image/jpeg")


def test_a_reply_in_its_window_is_seen_by_nobody_but_staff(ticket: Ticket) -> None:
    message = reply(ticket.pk, text="On its way.", actor=staff(), hold=TEN)
    assert not message.sent
    assert [turn["text"] for turn in shown(ticket)] == ["Where is my parcel?"]
    assert ticket.order is not None
    assert not Message.objects.visible_to(customer(ticket.order)).filter(pk=message.pk).exists()
    assert Message.objects.visible_to(staff()).filter(pk=message.pk).exists()
    assert "ticket.replied" not in names(ticket)


def test_a_timer_sends_it_when_the_window_is_over(ticket: Ticket, drain: Callable[[], int]) -> None:
    message = reply(ticket.pk, text="On its way.", actor=staff(), hold=TEN)
    drain()
    assert not Message.objects.get(pk=message.pk).sent
    with clock.fixed(clock.now() + TEN):
        drain()
        drain()
    message.refresh_from_db()
    assert message.sent
    assert [turn["text"] for turn in shown(ticket)][-1] == "On its way."
    assert names(ticket).count("ticket.replied") == 1
    event = Event.objects.get(name="ticket.replied")
    assert event.actor_id == staff().id
    assert message.at == event.at


def test_sent_twice_is_sent_once(ticket: Ticket) -> None:
    message = reply(ticket.pk, text="On its way.", actor=staff(), hold=TEN)
    for _ in range(2):
        send_held(message.pk, at=clock.now())
    assert names(ticket).count("ticket.replied") == 1


def written_in_the_window(ticket: Ticket, drain: Callable[[], int], **of_reply: Any) -> Ticket:
    """A reply, after five seconds the customer's next words, after ten the reply goes out."""
    assert ticket.order is not None
    now = clock.now()
    with clock.fixed(now):
        reply(ticket.pk, text="Which one?", actor=staff(), hold=TEN, seen=newest_message(ticket), **of_reply)
    receive_message(ticket.pk, text="It burns!", actor=customer(ticket.order), at=now + TEN / 2)
    with clock.fixed(now + TEN):
        drain()
    ticket.refresh_from_db()
    return ticket


def test_words_that_came_in_the_window_wait_for_an_answer_of_their_own(
    ticket: Ticket, drain: Callable[[], int]
) -> None:
    ticket = written_in_the_window(ticket, drain)
    first, following = Clock.objects.filter(ticket=ticket, metric__endswith="response").order_by("pk")
    came, went = ticket.messages.get(text="It burns!"), ticket.messages.get(by="staff")
    assert (first.metric, first.state, first.stopped_at) == ("first_response", "met", went.at)
    assert (following.metric, following.state, following.started_at) == ("next_response", "running", came.at)
    assert (ticket.status, ticket.waiting_on) == ("open", "")
    assert ticket.due_at == following.due_at


def test_the_reply_that_had_read_them_answers_them_too(ticket: Ticket, drain: Callable[[], int]) -> None:
    assert ticket.order is not None
    now = clock.now()
    with clock.fixed(now):
        reply(ticket.pk, text="Which one?", actor=staff(), hold=TEN)
    receive_message(ticket.pk, text="It burns!", actor=customer(ticket.order), at=now + TEN / 2)
    with clock.fixed(now + TEN / 2):
        reply(ticket.pk, text="Pull the plug!", actor=staff("agent", "other"), seen=newest_message(ticket))
    with clock.fixed(now + TEN):
        drain()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_on) == ("waiting", "customer")
    assert not Clock.objects.open().filter(ticket=ticket, metric="next_response").exists()


@pytest.mark.parametrize("step", [["close", ""], ["wait", "carrier"]], ids=str)
def test_no_step_puts_away_what_came_in_the_window(ticket: Ticket, drain: Callable[[], int], step: list[str]) -> None:
    ticket = written_in_the_window(ticket, drain, steps=[step, ["note", "Rang them"]])
    assert (ticket.status, ticket.waiting_on) == ("open", "")
    assert Event.objects.get(name="ticket.step_refused").data["why"] == str(WroteMeanwhile())
    assert ticket.messages.filter(internal=True, text="Rang them").exists()


def test_undone_it_is_a_draft_again_with_its_photos(ticket: Ticket, drain: Callable[[], int]) -> None:
    message = reply(ticket.pk, text="On its way.", actor=staff(), hold=TEN)
    attach(a_photo(), on=message, actor=staff())
    save_draft(ticket.pk, text="and more", internal=False, actor=staff())
    for _ in range(2):
        undo(message.pk, actor=staff())
    draft = Draft.objects.get()
    assert draft.text == "On its way.\n\nand more"
    assert Attachment.objects.of(draft).count() == 1
    assert not Message.objects.filter(by="staff").exists()
    assert names(ticket)[-2:] == ["ticket.reply_written", "ticket.reply_undone"] or "ticket.reply_undone" in names(
        ticket
    )
    assert not Timer.objects.pending().filter(kind="ticket.reply_due").exists()
    with clock.fixed(clock.now() + 2 * TEN):
        drain()
    assert "ticket.replied" not in names(ticket)
    again = reply(ticket.pk, text=draft.text, actor=staff(), from_draft=True)
    assert Attachment.objects.of(again).count() == 1


def test_what_is_sent_cannot_be_undone_and_nobody_undoes_for_others(ticket: Ticket) -> None:
    message = reply(ticket.pk, text="On its way.", actor=staff(), hold=TEN)
    with pytest.raises(NotFound):
        undo(message.pk, actor=staff("agent", "other"))
    with pytest.raises(NotPermitted):
        undo(message.pk, actor=staff("warehouse"))
    send_held(message.pk, at=clock.now())
    with pytest.raises(AlreadySent):
        undo(message.pk, actor=staff())


def test_the_shop_says_how_long_the_window_is(ticket: Ticket) -> None:
    assert window_of(ticket) == TEN
    assert ticket.order is not None
    ticket.order.shop.undo_seconds = 0
    assert window_of(ticket) == dt.timedelta(0)
    assert reply(ticket.pk, text="At once.", actor=staff(), hold=window_of(ticket)).sent


def test_an_answer_to_a_thread_that_has_moved_on_is_refused_and_sent_when_it_was_read(ticket: Ticket) -> None:
    seen = newest_message(ticket)
    assert ticket.order is not None
    late = receive_message(ticket.pk, text="It has come!", actor=customer(ticket.order))
    with pytest.raises(StaleThread) as refusal:
        reply(ticket.pk, text="Still looking.", actor=staff(), seen=seen)
    assert refusal.value.params["newer"] == [late.pk]
    assert refusal.value.status == 409
    assert not Message.objects.filter(by="staff").exists()
    reply(ticket.pk, text="Glad to hear.", actor=staff(), seen=late.pk)


@pytest.mark.parametrize("more", [{"contact": True}, {"steps": [("close", "")]}])
def test_a_note_that_does_more_than_note_needs_its_author_to_have_read(ticket: Ticket, more: dict[str, Any]) -> None:
    seen = newest_message(ticket)
    assert ticket.order is not None
    late = receive_message(ticket.pk, text="It has come!", actor=customer(ticket.order))
    note(ticket.pk, text="For us.", actor=staff(), seen=seen)
    with pytest.raises(StaleThread) as refusal:
        note(ticket.pk, text="Done.", actor=staff(), seen=seen, **more)
    assert refusal.value.params["newer"] == [late.pk]
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert Message.objects.filter(internal=True).count() == 1
    note(ticket.pk, text="Done.", actor=staff(), seen=late.pk, **more)


def test_a_note_of_a_colleague_and_a_reply_in_its_window_count_as_new_and_ones_own_do_not(ticket: Ticket) -> None:
    seen = newest_message(ticket)
    note(ticket.pk, text="My own note", actor=staff())
    reply(ticket.pk, text="First", actor=staff(), seen=seen)
    written = reply(ticket.pk, text="A colleague's", actor=staff("agent", "other"), hold=TEN)
    with pytest.raises(StaleThread):
        reply(ticket.pk, text="Second", actor=staff(), seen=seen)
    undo(written.pk, actor=staff("agent", "other"))
    reply(ticket.pk, text="Second", actor=staff(), seen=seen)


def test_the_customer_writes_on_their_page_and_a_program_says_where(ticket: Ticket) -> None:
    assert ticket.order is not None
    assert ticket.messages.get().channel == "portal"
    mail = receive_message(ticket.pk, text="By mail", actor=customer(ticket.order), channel="email")
    assert mail.channel == "email"
    call = note(ticket.pk, text="Rang her.", actor=staff(), channel="phone", contact=True)
    assert (call.channel, call.contact, call.internal) == ("phone", True, True)


@pytest.mark.parametrize("text", ["\ud800half", "bell \x07", "", " \n ", "x" * 5001, "y" * 5_000_000])
def test_what_cannot_be_kept_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        clean_text(text)
    assert str(refusal.value).endswith("。")


def test_a_draft_keeps_what_no_message_could_hold(ticket: Ticket) -> None:
    save_draft(ticket.pk, text="half\ud800 and \x00" + "z" * 20_000, internal=True, actor=staff())
    assert Draft.objects.get().text == "half and " + "z" * 20_000
    save_draft(ticket.pk, text="  ", internal=True, actor=staff())
    assert not Draft.objects.exists()
