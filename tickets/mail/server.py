"""One connection to a mailbox over IMAP: which mails are there, their bytes, and the mark that we have them.

The address was judged before (`notices.outbound.look_up_host`) and the line goes to the very address that was judged.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import imaplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from imap_tools import BaseMailBox, ImapToolsError, MailBoxFolderStatusOptions

SECONDS = 20  # of silence after which a server counts as away
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.I)
_UID = re.compile(rb"\bUID (\d+)", re.I)
_MOST_HEADER = 256 * 1024  # bytes asked of a mail that is too large to be taken whole


class Away(Exception):
    """The server cannot be reached, refuses us, or broke off. Nothing is lost: the same mails are asked for again."""


class NotHandedOver(Exception):
    """The server has this one mail and does not give it; the others are not touched by that."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox is. `address` is the judged network address; without `encrypted` only an allowed host is called."""

    host: str
    port: int
    address: str
    user: str
    password: str
    folder: str
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What the server says of a mail before it is fetched."""

    uid: int
    size: int
    received_at: dt.datetime  # UTC


class _Tls(imaplib.IMAP4_SSL):
    """The certificate is checked against the name, the line goes to the address."""

    def __init__(self, place: Place) -> None:
        self._place = place
        super().__init__(place.host, place.port, ssl_context=ssl.create_default_context(), timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        wire = socket.create_connection((self._place.address, self._place.port), timeout=SECONDS)
        try:
            return self.ssl_context.wrap_socket(wire, server_hostname=self._place.host)  # type: ignore[no-any-return]
        except BaseException:
            wire.close()
            raise


class _Mailbox(BaseMailBox):
    def __init__(self, place: Place) -> None:
        self._place = place
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        if self._place.encrypted:
            return _Tls(self._place)
        return imaplib.IMAP4(self._place.address, self._place.port, timeout=SECONDS)


class Line:
    """An open mailbox. Every method raises `Away` when the line is gone."""

    def __init__(self, mailbox: _Mailbox, uid_validity: int) -> None:
        self._mailbox = mailbox
        self.uid_validity = uid_validity

    def from_uid(self, first: int, *, since: dt.date) -> list[int]:
        """The UIDs from `first` on, ascending; where `first` is 1, only of mails that arrived on or after that day."""
        asked = f"UID {first}:*" if first > 1 else f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        with _answering():
            found = sorted(int(uid) for uid in self._mailbox.uids(asked, charset=None))
        return [uid for uid in found if uid >= first]  # `7:*` names the last mail even where its UID is 3

    def look(self, uids: list[int]) -> Iterator[Found]:
        """Sizes and times of some mails. One the server says nothing sensible about is left out: see `whole`."""
        with _answering():
            state, answer = self._mailbox.client.uid(
                "FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE INTERNALDATE)"
            )
        if state != "OK":
            return
        for line in answer:
            told: bytes = b" ".join(line) if isinstance(line, tuple) else line or b""
            uid, size, at = _UID.search(told), _SIZE.search(told), imaplib.Internaldate2tuple(told)
            if uid and size and at:
                yield Found(int(uid[1]), int(size[1]), dt.datetime(*at[:6]).astimezone(dt.UTC))

    def whole(self, uid: int) -> bytes:
        """Every byte. Raises `NotHandedOver`."""
        return self._fetch(uid, "(UID BODY.PEEK[])")

    def head(self, uid: int) -> bytes:
        """The header only, and not more than is sensible. Raises `NotHandedOver`."""
        return self._fetch(uid, f"(UID BODY.PEEK[HEADER]<0.{_MOST_HEADER}>)")

    def mark(self, uids: Iterable[int]) -> None:
        """Say on the server that we have them. A server that does not take the mark changes nothing for us."""
        listed = [str(uid) for uid in uids]
        if listed:
            with _answering():
                self._mailbox.client.uid("STORE", ",".join(listed), "+FLAGS.SILENT", "(\\Seen)")

    def _fetch(self, uid: int, parts: str) -> bytes:
        with _answering():
            state, answer = self._mailbox.client.uid("FETCH", str(uid), parts)
        body = next((line[1] for line in answer if isinstance(line, tuple)), None) if state == "OK" else None
        if not isinstance(body, bytes):
            raise NotHandedOver(f"UID {uid}: {state}")
        return body


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@contextlib.contextmanager
def opened(place: Place) -> Iterator[Line]:
    """Sign in, open the folder, and hang up at the end whatever happens. Raises `Away`."""
    with _answering():
        mailbox = _Mailbox(place)
    try:
        with _answering():
            mailbox.login(place.user, place.password, initial_folder=None)
            # NetEase's servers (163, 126, yeah) refuse every folder until the program has said its name.
            with contextlib.suppress(imaplib.IMAP4.error):
                mailbox.client.xatom("ID", '("name" "aftersales" "version" "1")')
            options = MailBoxFolderStatusOptions.UIDVALIDITY
            validity = mailbox.folder.status(place.folder, [options])[options]
            mailbox.folder.set(place.folder)
        yield Line(mailbox, int(validity))
    finally:
        with contextlib.suppress(Exception):  # it may be gone already
            mailbox.logout()


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as failure:
        raise Away(_short(failure)) from failure


def _short(failure: Any) -> str:
    """Kind and number; what the server said may hold the address, and is of no use to who reads a list."""
    number = getattr(failure, "errno", None)
    name = type(failure).__name__
    return f"{name} {number}" if number else name
