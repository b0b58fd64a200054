"""What somebody typed, read once: as a reference, a number, words and phrases. Used by `find` and the warehouse's scanner."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from aftersales.kernel.refs import clean_ref
from aftersales.search.words import (
    BETWEEN_DIGITS,
    SHORTEST_TAIL,
    fold,
    number_token,
    phrases_of,
    pieces,
    plain,
    tokens_asked,
    word_token,
)

LONGEST = 100  # characters of a question; nobody types more, and a pasted page is no question
_MOST_TOKENS = 24  # that must all be there; more would find nothing more exactly


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as finders and scanners need it.

    `ref` is its canonical reference if it is one (T-, R-, F-, P-, V-…), `digits` are its digits if it holds nothing else
    but what people put between digits, `number` is it without spaces and in capitals, as couriers and platforms print.
    """

    text: str
    ref: str | None
    digits: str
    number: str

    @classmethod
    def of(cls, text: str) -> Asked:
        # A NUL or another control character is nothing people search for, and Postgres refuses it.
        shown = " ".join(unicodedata.normalize("NFKC", plain(text[: 20 * LONGEST])).split())[:LONGEST]
        digits = re.sub(BETWEEN_DIGITS, "", shown)
        return cls(
            text=shown,
            ref=clean_ref(shown) if shown else None,
            digits=digits if digits.isascii() and digits.isdigit() else "",
            number=shown.replace(" ", "").upper(),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """`exact`: any of these names the thing itself. `tokens`: all of them must be there. `phrases`: these very words,
    folded. `terms`: what to mark in what is found, the longest first."""

    exact: frozenset[int]
    tokens: frozenset[int]
    phrases: tuple[str, ...]
    terms: tuple[str, ...]

    @classmethod
    def of(cls, asked: Asked, refs: Iterable[str] = (), *, apart: bool = False) -> Question:
        """`refs` are further references it may be the end of. Digits are one number, or with `apart` words of their own."""
        phrases, rest = phrases_of(asked.text)
        numbers = {*refs, *([asked.ref] if asked.ref else [])}
        if not phrases and len(asked.number) >= SHORTEST_TAIL:
            numbers.add(asked.number)
            numbers.add(asked.digits.removeprefix("00") or asked.number)
        if len(asked.digits) >= SHORTEST_TAIL and not phrases and not apart:
            tokens = {word_token(asked.digits)}  # a number however it is grouped is one word
            terms = {asked.digits}
        else:
            tokens = tokens_asked([*phrases, rest])
            terms = {word for part in (*phrases, rest) for _run, word in pieces(fold(part))}
        return cls(
            exact=frozenset(map(number_token, numbers)),
            tokens=frozenset(sorted(tokens, reverse=True)[:_MOST_TOKENS]),
            phrases=tuple(" ".join(fold(phrase).split()) for phrase in phrases),
            terms=tuple(sorted(terms, key=lambda term: (-len(term), term))),
        )

    def holds_phrases(self, body: str) -> bool:
        """Whether every phrase stands in the text, however it is spaced and written."""
        folded = " ".join(fold(body).split())
        return all(phrase in folded for phrase in self.phrases)
