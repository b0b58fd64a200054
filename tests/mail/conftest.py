"""A mailbox on a server double, and ways to write to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from aftersales.kernel import clock
from aftersales.kernel.actor import SYSTEM
from tests.mail.imap_double import Box, ImapDouble
from tickets.actions.mail.accounts import add_account
from tickets.actions.mail.fetching import fetch_due
from tickets.models import MailAccount

SERVICE = "service@shop.example"


@pytest.fixture
def imap(settings: Any) -> Iterator[ImapDouble]:
    with ImapDouble() as double:
        settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{double.port}"]
        yield double


@pytest.fixture
def box(imap: ImapDouble) -> Box:
    return imap.box


@pytest.fixture
def account(db: None, imap: ImapDouble) -> MailAccount:
    """The shop's mailbox, read since yesterday."""
    return an_account(imap.port)


def an_account(port: int, **fields: Any) -> MailAccount:
    from tests.world import staff

    begins = clock.now() - dt.timedelta(days=1)
    return add_account(
        fields.pop("address", SERVICE), host="127.0.0.1", port=port, user="service", password="secret",
        begins_at=begins, actor=staff("manager"), **fields,
    )  # fmt: skip


@pytest.fixture
def collect(account: MailAccount, drain: Callable[[], int]) -> Callable[[], int]:
    """Fetch and place everything; returns how many were new."""

    def run() -> int:
        MailAccount.objects.update(next_at=None)
        new = fetch_due()
        drain()
        return new

    return run


def letter(
    text: str = "你好，什么时候能退款？", *, sender: str = "林梅 <lin.mei@example.org>", subject: str = "退款",
    message_id: str | None = None, **headers: str,
) -> bytes:  # fmt: skip
    """The bytes of a plain mail. Header names are written with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, SERVICE, subject
    if message_id is not None:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def bounce(about: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """The report of a mail server about the mail with this Message-ID."""
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: desk@localhost\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; lin.mei@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


__all__ = ["SERVICE", "SYSTEM", "an_account", "bounce", "letter"]
