"""Header lines of a mail as text, cut to a length before anything is parsed. Pure."""

from __future__ import annotations

import itertools
import re
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from tickets.mail.charset import decode, plain

MOST = 8_000  # characters of one header that are looked at
_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,240}>")
_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=")


def raw(message: Message, name: str) -> list[str]:
    """All headers of that name, unfolded and cut. Bytes that are no ASCII come as the parser's surrogates."""
    found: list[str] = []
    for key, value in itertools.islice(message.raw_items(), 2_000):
        if key.casefold() == name:
            found.append(" ".join(str(value)[:MOST].split()))
    return found[:50]


def words(text: str) -> str:
    """A header for people: encoded words decoded, unlabelled bytes guessed, one line without control characters."""
    text = text[:MOST]
    try:
        if _WORD.search(text):
            told = "".join(_piece(*piece) for piece in decode_header(text))
        else:
            told = _unlabelled(text)
    except Exception:  # noqa: BLE001  base64, charset and parser errors of many kinds: the raw text is better than none
        told = _unlabelled(text)
    return " ".join(plain(told).split())


def ids(texts: list[str]) -> tuple[str, ...]:
    """Message-IDs in header lines, in their order; what is none is left out, as one with bytes that are no ASCII: the
    parser's surrogates cannot be stored.
    """
    return tuple(dict.fromkeys(found for text in texts for found in _ID.findall(text)))[:100]


def addresses(texts: list[str]) -> list[tuple[str, str]]:
    """(name, address) pairs; names decoded, addresses as written."""
    found = getaddresses([text[:MOST] for text in texts])
    return [(words(name), address.strip()) for name, address in found[:200] if "@" in address]


def _piece(text: str | bytes, label: str | None) -> str:
    return text if isinstance(text, str) else decode(text, label or "")


def _unlabelled(text: str) -> str:
    return decode(text.encode("utf-8", "surrogateescape"))
