"""Files of a mail: what we take is on the message, the rest is remarked; a reply's files leave under their names."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail

from aftersales.desk.mailroom import remarks_of
from aftersales.files import store
from aftersales.files.actions.attaching import attach_all, read_file
from aftersales.files.models import Attachment
from aftersales.ledger.models import Outbound
from tests.faces.portal.test_attachments import a_file
from tests.files.hostile import HTML, PDF, TAKEN, packed
from tests.mail.conftest import SERVICE
from tests.mail.imap_double import Box
from tests.world import a_person, staff
from tickets.actions.conversation import reply
from tickets.models import Arrival, Message

Step = Callable[[], int]


@pytest.fixture(autouse=True)
def no_mailbox_page(settings: Any) -> None:
    settings.MAILBOX = False


def arrived(box: Box, collect: Step, *files: tuple[str, bytes]) -> Message:
    a_person()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "林梅 <lin.mei@example.org>", SERVICE, "检测报告"
    letter["Message-ID"] = "<report@q.example>"
    letter.set_content("见附件")
    for name, body in files:
        letter.add_attachment(body, maintype="application", subtype="octet-stream", filename=name)
    box.put(letter.as_bytes(policy=letter.policy.clone(linesep="\r\n")))
    collect()
    return Message.objects.get(by="customer")


def test_documents_and_clips_are_on_the_message(box: Box, collect: Step) -> None:
    sent = [(name, TAKEN[name][0]) for name in ("发票.pdf", "检测报告.docx", "语音.amr")]
    message = arrived(box, collect, *sent)
    assert [each.name for each in Attachment.objects.of(message)] == [name for name, _body in sent]
    assert Arrival.objects.get().remarks == []


def test_what_is_not_taken_is_remarked_and_the_mail_arrives(box: Box, collect: Step) -> None:
    message = arrived(box, collect, ("a.zip", packed()), ("发票.pdf", HTML), ("..", PDF), ("empty.csv", b""))
    assert [each.name for each in Attachment.objects.of(message)] == ["file.pdf"]
    arrival = Arrival.objects.get()
    told = {params["name"]: params["why"] for _code, params in arrival.remarks}
    assert told == {"a.zip": "file_archive", "发票.pdf": "file_not_taken", "empty.csv": "file_empty"}
    assert not [words for words in remarks_of(arrival) if "file_" in words]


def test_a_replys_document_leaves_under_its_name_with_its_bytes(box: Box, collect: Step, drain: Step) -> None:
    message = arrived(box, collect)
    answer = reply(message.ticket_id, text="请查收发票", actor=staff())
    body, _kind = TAKEN["发票.pdf"]
    table, _kind = TAKEN["订单.csv"]
    attach_all([read_file(a_file("发票.pdf", body)), read_file(a_file("订单.csv", table))], on=answer, actor=staff())
    drain()
    pdf, csv = mail.outbox[0].attachments
    assert tuple(pdf) == ("发票.pdf", body, "application/pdf")
    assert csv[0] == "订单.csv"
    assert csv[1] in (table, table.decode())


def test_a_lost_file_keeps_no_reply_back_and_the_outbox_names_it(box: Box, collect: Step, drain: Step) -> None:
    answer = reply(arrived(box, collect).ticket_id, text="请查收发票", actor=staff())
    body, _kind = TAKEN["发票.pdf"]
    attach_all([read_file(a_file("发票.pdf", body))], on=answer, actor=staff())
    file = Attachment.objects.of(answer).get()
    store.remove(file.stored_name)
    drain()
    assert mail.outbox[0].attachments == []
    named = Outbound.objects.filter(channel="email", provider_ref__endswith=f", without the lost {file.ref}")
    assert named.get().status == "done"
