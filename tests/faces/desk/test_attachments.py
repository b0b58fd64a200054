"""Documents in the desk's conversation: with a reply or a note, and closed to who may not see the ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aftersales.accounts.models import Team, User
from aftersales.files.models import Attachment
from tests.faces.desk.conftest import key
from tests.files.hostile import PDF, packed
from tests.world import an_order, customer
from tickets.actions.questions import ask_question
from tickets.models import Draft, Message, Ticket

pytestmark = pytest.mark.django_db

Sit = Callable[..., Client]


@pytest.fixture
def ticket() -> Ticket:
    order = an_order()
    return ask_question(order.pk, text="发票开好了吗？", actor=customer(order))


def invoice(body: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("发票.pdf", body, "application/pdf")


def written(ticket: Ticket, by: Client, noun: str = "reply", *files: SimpleUploadedFile) -> Any:
    sent = {"text": "Here it is.", "key": key(), "attachments": list(files or [invoice()])}
    return by.post(f"/desk/tickets/{ticket.ref}/{noun}/", sent, follow=True)


def test_a_document_goes_with_a_reply_and_with_a_note(sit: Sit, visitor: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    for noun in ("reply", "note"):
        assert "发票.pdf" in written(ticket, agent, noun).content.decode()
    Message.objects.update(sent=True)
    of_reply, of_note = (
        Attachment.objects.of(message).get() for message in ticket.messages.filter(by="staff").order_by("pk")
    )
    assert agent.get(of_note.full).status_code == 200
    assert ticket.order is not None
    assert visitor(ticket.order).get(of_reply.full)["Content-Type"] == "application/pdf"
    assert visitor(ticket.order).get(of_note.full).status_code == 404
    assert visitor().get(of_reply.full).status_code == 404


def test_an_archive_sends_nothing_and_says_why(sit: Sit, ticket: Ticket) -> None:
    answer = written(ticket, sit("agent"), "reply", SimpleUploadedFile("all.zip", packed()))
    assert answer.status_code == 422
    assert "one by one" in answer.content.decode()
    assert not ticket.messages.filter(by="staff").exists()


def test_what_no_mail_carries_waits_in_the_draft_until_something_is_left_out(
    sit: Sit, ticket: Ticket, settings: Any
) -> None:
    settings.UPLOAD_MAX_MAILED_BYTES = len(PDF) + 10
    agent = sit("agent")
    answer = written(ticket, agent, "reply", invoice(), invoice(PDF + b"\n"))
    assert answer.status_code == 400
    assert "an e-mail takes" in answer.content.decode()
    waiting = Attachment.objects.of(Draft.objects.get())
    first, _second = waiting
    again = {"text": "Here it is.", "key": key(), "leave_out": first.ref}
    assert agent.post(f"/desk/tickets/{ticket.ref}/reply/", again).status_code == 302
    assert Attachment.objects.of(ticket.messages.get(by="staff")).count() == 1
    assert written(ticket, agent, "note", invoice(), invoice(PDF + b"\n")).status_code == 200  # leaves by no mail


def test_what_is_too_much_in_all_keeps_the_words_of_a_note_and_says_why(
    sit: Sit, ticket: Ticket, settings: Any
) -> None:
    settings.UPLOAD_MAX_TICKET_BYTES = len(PDF)
    answer = written(ticket, sit("agent"), "note", invoice(), invoice(PDF + b"\n"))
    assert answer.status_code == 400
    assert "With these files there would be more than" in answer.content.decode()
    assert "Here it is." in answer.content.decode()
    assert Draft.objects.get().text == "Here it is."
    assert not Attachment.objects.exists()
    assert not ticket.messages.filter(by="staff").exists()


def test_files_of_a_closed_team_are_not_there_for_others(sit: Sit, ticket: Ticket) -> None:
    inside, outside, lead = sit("agent"), sit("agent", "other"), sit("lead")
    written(ticket, inside, "note")
    file = Attachment.objects.get()
    assert outside.get(file.full).status_code == 200
    team = Team.objects.create(name="甲组", is_closed=True)
    User.objects.filter(email="agent@shop.example").update(team=team)
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    assert [who.get(file.full).status_code for who in (inside, lead, outside)] == [200, 200, 404]


def test_a_hidden_file_is_named_to_staff_and_not_there_for_the_customer(sit: Sit, visitor: Sit, ticket: Ticket) -> None:
    agent = sit("agent")
    written(ticket, agent)
    Message.objects.update(sent=True)
    file = Attachment.objects.get()
    assert ticket.order is not None
    customers = visitor(ticket.order)
    assert customers.get(file.full).status_code == 200
    agent.post(f"/desk/files/{file.ref}/hiding/", {"why": "Shows another customer"})
    assert customers.get(file.full).status_code == 404
    assert "发票.pdf" not in customers.get(f"/questions/{ticket.ref}/").content.decode()
    page = agent.get(f"/desk/tickets/{ticket.ref}/").content.decode()
    assert "1 hidden" in page
    assert "Shows another customer" in page, "the history says why"
    assert f"/desk/files/{file.ref}/showing/" in page
    assert "photos__file" not in page
    assert agent.get(file.full).status_code == 200, "staff look when they ask"
    agent.post(f"/desk/files/{file.ref}/showing/")
    assert customers.get(file.full).status_code == 200


def test_a_file_of_no_conversation_has_no_such_door(sit: Sit, ticket: Ticket) -> None:
    written(ticket, sit("agent"))
    file = Attachment.objects.get()
    file.subject_type = "tickets.draft"
    file.save(update_fields=["subject_type"])
    assert sit("agent").get(f"/desk/files/{file.ref}/hiding/").status_code == 404
