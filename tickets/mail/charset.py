"""Bytes to text, whatever they say about themselves. Pure.

Mail from China is often labelled gb2312 and holds characters of GBK or GB18030, or is labelled as Latin or not at all.
"""

from __future__ import annotations

import codecs
import unicodedata

_CHINESE = frozenset(
    {"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "936", "hz-gb-2312", "euc-cn", "chinese", "gb_2312-80"}
)
_SAYS_NOTHING = frozenset(
    {
        "",
        "us-ascii",
        "ascii",
        "iso-8859-1",
        "latin-1",
        "latin1",
        "windows-1252",
        "cp1252",
        "unknown-8bit",
        "8bit",
        "default",
    }
)


def decode(raw: bytes, label: str = "") -> str:
    """The text. What its label promises is tried first, strictly; only what nothing can read gets replacement signs."""
    label = label.strip().strip("\"'").casefold()
    for name in _candidates(label):
        try:
            return codecs.decode(raw, name)
        except (LookupError, UnicodeError, ValueError):
            continue
    if _reads_as_chinese(raw):
        return raw.decode("gb18030")
    fallback = "cp1252" if label in _SAYS_NOTHING else "gb18030" if label in _CHINESE else "utf-8"
    return raw.decode(fallback, "replace")


def plain(text: str) -> str:
    """NFC, unix line ends, no control character but newline and tab, no sign that turns the direction of writing."""
    kept = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return "".join(c for c in kept if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNS))


_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200e\u200f"


def _candidates(label: str) -> list[str]:
    if label in _CHINESE:
        return ["gb18030", "utf-8"]
    if label in _SAYS_NOTHING or not _is_text_codec(label):
        return ["ascii", "utf-8"]
    return [label, "utf-8"]


def _is_text_codec(label: str) -> bool:
    """`rot13`, `zlib` and the like are codecs of Python, too, and no charsets."""
    try:
        return bool(codecs.lookup(label)._is_text_encoding) and label not in (
            "idna",
            "punycode",
            "undefined",
            "utf-7",
            "utf7",
        )
    except (LookupError, ValueError):
        return False


def _reads_as_chinese(raw: bytes) -> bool:
    """Whether it is GB18030 and most of what is not ASCII are characters in use, so that no Latin text is taken for it."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [c for c in text if ord(c) > 127]
    chinese = sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in foreign)
    return bool(foreign) and chinese >= 0.8 * len(foreign)
