"""A mail's bytes as a `Letter`. Pure. Anything at all may come in: what cannot be read raises `Unreadable`, nothing else."""

from __future__ import annotations

import email
import email.policy
from email.message import Message

from customers.actions.contacts import canonical_email
from tickets.mail import headers, markup, quoting, signs
from tickets.mail.charset import decode, plain
from tickets.mail.letter import Letter, Part

LONGEST_TEXT = 200_000  # characters kept of one mail; its bytes keep the rest
MOST_PARTS = 40  # parts whose bytes are looked at; a mail with a thousand attachments says how many were left out
MOST_COPIED = 20  # addresses of a Cc that are kept
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")


class Unreadable(Exception):
    """Nothing sensible can be made of these bytes."""


def read(raw: bytes) -> Letter:
    """Raises `Unreadable`."""
    try:
        return _read(raw)
    except Exception as failure:
        raise Unreadable(type(failure).__name__) from failure


def _read(raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    name, sender = _sender(message)
    texts, markups, parts, left_out, problems = _contents(message)
    told = "\n\n".join(text for text in texts if text.strip())
    from_html = not told.strip() and bool(markups)
    if from_html:
        told = "\n\n".join(markup.text_of(each) for each in markups)
    new, quoted = quoting.split(plain(told)[:LONGEST_TEXT])
    if message.defects:
        problems.append("broken_mime")
    return Letter(
        message_id=next(iter(headers.ids(headers.raw(message, "message-id")[:1])), ""),
        answers=_answers(message),
        sender=sender,
        sender_name=name[:120],
        recipients=_recipients(message),
        copied=_copied(message, sender),
        subject=headers.words(next(iter(headers.raw(message, "subject")), ""))[:300],
        text=new,
        quoted=quoted,
        parts=tuple(parts),
        left_out=left_out,
        from_html=from_html,
        automatic=signs.automatic(message),
        auth=headers.words(next(iter(headers.raw(message, "authentication-results")), ""))[:500],
        bounce=signs.bounce_of(message, sender),
        problems=tuple(dict.fromkeys(problems)),
    )


def _sender(message: Message) -> tuple[str, str]:
    """Name and canonical address; two From lines or addresses are as good as none, because each reader sees another."""
    found = headers.addresses(headers.raw(message, "from"))
    if len({address.casefold() for _name, address in found}) != 1:
        return (found[0][0], "") if found else ("", "")
    name, address = found[0]
    return name, (canonical_email(address) or "") if address.isascii() and address.isprintable() else ""


def _answers(message: Message) -> tuple[str, ...]:
    nearest = headers.ids(headers.raw(message, "in-reply-to"))
    return tuple(dict.fromkeys([*nearest, *reversed(headers.ids(headers.raw(message, "references")))]))


def _recipients(message: Message) -> tuple[str, ...]:
    lines = [
        each
        for name in ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
        for each in headers.raw(message, name)
    ]
    return tuple(dict.fromkeys(address.casefold() for _name, address in headers.addresses(lines)))[:100]


def _copied(message: Message, sender: str) -> tuple[str, ...]:
    found = [address for _name, address in headers.addresses(headers.raw(message, "cc"))]
    known = [canonical_email(each) or "" for each in found if each.isascii() and each.isprintable()]
    return tuple(dict.fromkeys(each for each in known if each and each != sender))[:MOST_COPIED]


def _contents(message: Message) -> tuple[list[str], list[str], list[Part], int, list[str]]:
    texts: list[str] = []
    markups: list[str] = []
    parts: list[Part] = []
    left_out, problems = 0, []
    for part in _leaves(message):
        kind, name = part.get_content_type(), _name(part)
        disposition = str(part.get("content-disposition", ""))[:20].casefold()
        is_file = disposition.startswith("attachment") or bool(name)
        if kind == "text/plain" and not is_file and len(texts) < MOST_PARTS:
            texts.append(_words(part))
        elif kind == "text/html" and not is_file and len(markups) < MOST_PARTS:
            markups.append(_words(part))
        elif kind in ("message/delivery-status", "text/rfc822-headers"):
            continue
        elif kind in _TNEF or name.casefold() == "winmail.dat":
            problems.append("winmail")
            parts.append(Part(name or "winmail.dat", kind, None))
        elif len(parts) >= MOST_PARTS:
            left_out += 1
        else:
            body = _bytes(part)
            parts.append(Part(name or kind, kind, body, inline=disposition.startswith("inline")))
    return texts, markups, parts, left_out, problems


def _leaves(message: Message) -> list[Message]:
    """Parts without parts, in order, an attached mail as one file of its own. Not recursive: a mail may nest endlessly."""
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < 5_000:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() != "message":
            waiting.extend(reversed([each for each in part.get_payload() if isinstance(each, Message)]))
        else:
            found.append(part)
    return found


def _bytes(part: Message) -> bytes | None:
    if part.is_multipart():
        return None
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else None


def _words(part: Message) -> str:
    return decode(_bytes(part) or b"", str(part.get_param("charset", "")))


def _name(part: Message) -> str:
    """The file's name, one harmless line, or ""."""
    try:
        name = part.get_filename() or ""
    except Exception:  # noqa: BLE001  RFC 2231 with a broken charset
        return "file"
    return headers.words(str(name))[-120:]
