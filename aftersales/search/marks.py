"""The place in a text that answers a question, as safe HTML with `<mark>` around the words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from aftersales.search.words import BETWEEN_DIGITS, SHORTEST_TAIL, plain

AROUND = 28  # characters shown before the first mark
LONGEST = 130  # characters of a snippet
_MOST_LOOKED_AT = 20_000


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters where it stands in the original."""
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for each in unicodedata.normalize("NFKC", character).casefold():
            characters.append(each)
            origin.append(index)
    return "".join(characters), origin


def _spans(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Where the terms stand in the original, merged and in order. Words of letters count from their beginning only."""
    folded, origin = _folded(text)
    found: list[tuple[int, int]] = []
    for term in terms:
        for place in _pattern(term).finditer(folded):
            start, end = place.span()
            if not (term[0].isascii() and term[0].isalnum() and start and folded[start - 1].isalnum()
                    and folded[start - 1].isascii()):  # fmt: skip
                found.append((origin[start], origin[end - 1] + 1))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache
def _pattern(term: str) -> re.Pattern[str]:
    """The term as it stands in texts: a number however its digits are grouped."""
    is_number = len(term) >= SHORTEST_TAIL and term.isascii() and term.isdigit()
    return re.compile(f"{BETWEEN_DIGITS}{{0,3}}".join(term) if is_number else re.escape(term))


def marked(text: str, terms: Sequence[str]) -> SafeString:
    """The whole text, escaped, with the terms marked."""
    text = plain(text)
    return mark_safe(_mark(text, _spans(text, terms), 0, len(text)))  # noqa: S308  every part of it is escaped


def snippet(body: str, terms: Sequence[str], *, beside: str = "") -> SafeString:
    """The line with most of the terms, cut around the first; empty where no line holds any.

    A line that stands in `beside` is shown already.
    """
    best, place = 0, ("", [(0, 0)])
    for line in body[:_MOST_LOOKED_AT].split("\n"):
        weight = sum(bool(_spans(line, [term])) for term in terms)
        if weight > best and line not in beside:
            best, place = weight, (line, _spans(line, terms))
    if not best:
        return SafeString("")
    line, spans = place
    start = max(0, spans[0][0] - AROUND)
    end = min(len(line), max(start + LONGEST, spans[0][1]))
    text = _mark(line, spans, start, end)
    return mark_safe(("…" if start else "") + text + ("…" if end < len(line) else ""))  # noqa: S308  escaped


def _mark(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> str:
    parts, at = [], start
    for first, last in spans:
        first, last = max(first, start), min(last, end)
        if last <= first:
            continue
        parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = last
    parts.append(escape(text[at:end]))
    return "".join(parts)
