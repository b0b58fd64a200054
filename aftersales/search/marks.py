"""The place in a text that answers a question, as safe HTML with `<mark>` around the words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from aftersales.search.words import BETWEEN_DIGITS, SHORTEST_TAIL, plain

AROUND = 28  # characters shown before the first mark
LONGEST = 130  # characters of a snippet
_MOST_LOOKED_AT = 20_000


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    """A character as it is compared; at least one. Texts are made of few, so each is looked up once."""
    return unicodedata.normalize("NFKC", character).casefold()


class _Line:
    """A line of a text, folded once; `spans` are where terms stand in it."""

    def __init__(self, text: str) -> None:
        self._parts = [_folded(character) for character in text]
        self._folded = "".join(self._parts)

    def spans(self, terms: Iterable[str]) -> list[tuple[int, int]]:
        """Merged and in order. Words of letters count from their beginning only."""
        folded = self._folded
        found = [
            place.span()
            for term in terms
            for place in _pattern(term).finditer(folded)
            if not (_is_letter(term[0]) and place.start() and _is_letter(folded[place.start() - 1]))
        ]
        if not found:
            return []
        merged: list[tuple[int, int]] = []
        for start, end in sorted((self._origin[first], self._origin[last - 1] + 1) for first, last in found):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    @cached_property
    def _origin(self) -> Sequence[int]:
        """For each folded character where it stands in the text."""
        if len(self._folded) == len(self._parts):
            return range(len(self._parts))
        return [at for at, part in enumerate(self._parts) for _each in part]


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


@lru_cache
def _pattern(term: str) -> re.Pattern[str]:
    """The term as it stands in texts: a number however its digits are grouped."""
    is_number = len(term) >= SHORTEST_TAIL and term.isascii() and term.isdigit()
    return re.compile(f"{BETWEEN_DIGITS}{{0,3}}".join(term) if is_number else re.escape(term))


def marked(text: str, terms: Sequence[str]) -> SafeString:
    """The whole text, escaped, with the terms marked."""
    text = plain(text)
    return mark_safe(_mark(text, _Line(text).spans(terms), 0, len(text)))  # noqa: S308  every part of it is escaped


def snippet(body: str, terms: Sequence[str], *, beside: str = "") -> SafeString:
    """The line with most of the terms, cut around the first; empty where no line holds any.

    A line that stands in `beside` is shown already.
    """
    best, place = 0, ("", [(0, 0)])
    for line in body[:_MOST_LOOKED_AT].split("\n"):
        folded = _Line(line)
        weight = sum(bool(folded.spans([term])) for term in terms)
        if weight > best and line not in beside:
            best, place = weight, (line, folded.spans(terms))
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
