"""A customer sends documents and clips with a message: kept once, shown to both sides, refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aftersales.files.actions.attaching import attach_all, read_file
from aftersales.files.models import Attachment
from returns.models import Return
from tests.files.hostile import PDF, clip, packed
from tests.world import a_return, an_order, customer, staff
from tickets.actions.conversation import note, reply
from tickets.actions.questions import ask_question
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db

Opened = Callable[..., Client]


def a_file(name: str, body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, "application/octet-stream")


def test_a_question_with_a_report_and_a_clip_sent_twice_is_one(opened: Opened) -> None:
    order = an_order()
    client = opened(order)
    page = f"/orders/{order.pk}/questions/"
    once = client.get(page).context["form"]["once"].value()
    for _ in range(2):
        files = [a_file("检测报告.pdf", PDF), a_file("开箱.mp4", clip(b"mp42"))]
        shown = client.post(page, {"text": "It broke.", "once": once, "attachments": files}, follow=True)
    message = Ticket.objects.get().messages.get()
    assert [each.name for each in Attachment.objects.of(message)] == ["检测报告.pdf", "开箱.mp4"]
    assert "检测报告.pdf" in shown.content.decode()
    report = Attachment.objects.get(name="检测报告.pdf")
    assert client.get(report.full)["Content-Disposition"].startswith("attachment")
    assert opened().get(report.full).status_code == 404


@pytest.mark.parametrize("place", ["questions", "returns"])
def test_a_message_takes_files_and_an_archive_is_refused_with_the_words_kept(opened: Opened, place: str) -> None:
    order = an_order()
    if place == "questions":
        page = f"/questions/{ask_question(order.pk, text='Hello', actor=customer(order)).ref}/"
    else:
        page = f"/returns/{a_return(order).ref}/messages/"
    client = opened(order)
    wrong = client.post(page, {"text": "See here", "once": "k", "attachments": [a_file("a.zip", packed())]})
    assert wrong.status_code == 422
    assert "one by one" in wrong.content.decode()
    assert "See here" in wrong.content.decode()
    assert (
        client.post(page, {"text": "See here", "once": "k", "attachments": [a_file("a.pdf", PDF)]}).status_code == 302
    )
    assert Attachment.objects.of(Message.objects.get(text="See here")).count() == 1


def test_the_shops_files_are_shown_and_those_of_notes_are_not(opened: Opened) -> None:
    order = an_order()
    ticket = ask_question(order.pk, text="Hello", actor=customer(order))
    answer, private = reply(ticket.pk, text="Sure", actor=staff()), note(ticket.pk, text="Hm", actor=staff())
    for message, name in ((answer, "invoice.pdf"), (private, "private.pdf")):
        attach_all([read_file(a_file(name, PDF))], on=message, actor=staff())
    page = opened(order).get(f"/questions/{ticket.ref}/").content.decode()
    assert "invoice.pdf" in page
    assert "private.pdf" not in page


def test_a_request_takes_documents_and_clips_which_are_taken_off_one_by_one(opened: Opened) -> None:
    order = an_order()
    client, base = opened(order), f"/orders/{order.pk}/request/"
    line = order.lines.get()
    client.post(base)
    client.post(f"{base}items/", {f"quantity-{line.pk}": 1})
    client.post(f"{base}reasons/{line.pk}/quality/", {"reason": "flaw"})
    files = [a_file("检测报告.pdf", PDF), a_file("开箱.mp4", clip(b"mp42"))]
    page = client.post(f"{base}story/", {"attachments": files, "add": "1"}, follow=True).content.decode()
    report, film = Attachment.objects.order_by("id")
    for name in ("检测报告.pdf", "开箱.mp4"):
        assert f"Remove “{name}”" in page
    assert f'href="{report.full}" download' in page
    assert "PDF, DOCX" in page
    for _ in range(2):
        client.post(f"{base}photos/{film.ref}/removal/")
    assert list(Attachment.objects.all()) == [report]
    wrong = client.post(f"{base}story/", {f"story-{line.pk}": "Torn", "attachments": [a_file("a.zip", packed())]})
    assert (wrong.status_code, "one by one" in wrong.content.decode()) == (422, True)
    assert "Torn" in wrong.content.decode()
    client.post(f"{base}wish/", {"kind": "return"})
    check = client.get(f"{base}check/")
    assert "检测报告.pdf" in check.content.decode()
    form = check.context["form"]
    client.post(f"{base}check/", {"key": form["key"].value(), "seen": form["seen"].value()})
    ret = Return.objects.get()
    assert list(Attachment.objects.of(ret)) == [report]
    assert ret.lines.get().verdicts.get().facts["proof_given"] is True
    assert "检测报告.pdf" in client.get(f"/returns/{ret.ref}/").content.decode()
