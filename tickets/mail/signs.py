"""Signs in a mail's header that no person wrote it, and reports of mail that could not be delivered. Pure."""

from __future__ import annotations

import re
from email.message import Message

from tickets.mail import headers
from tickets.mail.letter import Bounce

_BULK = {"bulk", "junk", "list", "auto_reply"}
_STATUS = re.compile(r"^status: *([245]\.\d{1,3}\.\d{1,3})", re.I | re.M)
_ACTION = re.compile(r"^action: *([a-z-]+)", re.I | re.M)
_MOST_REPORT = 200_000  # bytes of a report that are looked at
_MACHINES = ("mailer-daemon@", "postmaster@", "mail-daemon@")


def automatic(message: Message) -> str:
    """Which sign says that a machine wrote it: `auto-submitted`, `precedence`, `autoreply`, `list`, `return-path`; else ""."""
    for value in headers.raw(message, "auto-submitted"):
        if value.split(";")[0].strip().casefold() not in ("no", ""):
            return "auto-submitted"
    if any(value.strip().casefold() in _BULK for value in headers.raw(message, "precedence")):
        return "precedence"
    if any(headers.raw(message, name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder")):
        return "autoreply"
    if any(headers.raw(message, name) for name in ("list-id", "list-unsubscribe")):
        return "list"
    if any(value.strip() == "<>" for value in headers.raw(message, "return-path")):
        return "return-path"
    return ""


def bounce_of(message: Message, sender: str) -> Bounce | None:
    """The report this mail is, or None. Only what its parts say counts, not the sentences for people."""
    kind = message.get_content_type()
    is_report = kind == "multipart/report" and "delivery-status" in str(message.get_param("report-type", "")).casefold()
    if not is_report and not sender.startswith(_MACHINES):
        return None
    status, action = "", ""
    about: list[str] = []
    for number, part in enumerate(message.walk()):
        if number > 50:
            break
        if part.get_content_type() == "message/delivery-status":
            text = _text(part)
            status = status or next(iter(_STATUS.findall(text)), "")
            action = action or next(iter(_ACTION.findall(text)), "").casefold()
        elif part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            about += headers.ids(re.findall(r"^message-id:\s*(.{1,300})", _text(part), re.I | re.M))
    if not is_report and not about and not status:
        about += headers.ids(re.findall(r"^\s*message-id:\s*(.{1,300})", _text(message), re.I | re.M))
    about += headers.ids([*headers.raw(message, "in-reply-to"), *headers.raw(message, "references")])
    failed = action in ("", "failed") and not status.startswith(("2", "4"))
    return Bounce(tuple(dict.fromkeys(about))[:20], status, failed)


def _text(part: Message) -> str:
    return part.as_bytes()[:_MOST_REPORT].decode("utf-8", "replace")
