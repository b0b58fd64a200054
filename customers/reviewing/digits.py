"""Digits as people hide them: full-width, circled, Chinese numerals, O for 0, spaced or dotted out. Every reading keeps
the length of the text, so that a place in the one is the place in the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_CHINESE = {
    **dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖幺〡〢〣", "123456789" + "1123", strict=True)),
    "貳": "2", "叄": "3", "陸": "6", "○": "0", "◯": "0",
}  # fmt: skip
# Letters that look like a digit, and numerals of the telephone that elsewhere are ordinary words: only beside digits.
_TWINS = {"o": "0", "O": "0", "l": "1", "I": "1", "|": "1", "洞": "0", "拐": "7", "勾": "9", "两": "2"}
_BESIDE_DIGITS = re.compile(r"(?<=\d)[oOlI|]+(?![A-Za-z])|(?<=\d)[洞拐勾两]+(?=\d)|(?<![A-Za-z])[lI|](?=\d{2})")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3\u00ad"
_TIGHT = re.compile(rf"[\s\u3000{_INVISIBLE}\-‐‑–—]{{1,3}}")
_LOOSE = re.compile(rf"[\s\u3000{_INVISIBLE}\-‐‑–—_.·•・*~/,，、()（）【】\[\]+#…]{{1,4}}")
# Dates, times and prices are numbers nobody can be called by.
_DATE = re.compile(
    r"(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
_PRICE = re.compile(r"(?<![\d.])\d{1,3}(?:,?\d{3})?\.\d{1,2}(?!\.?\d)")


@dataclass(frozen=True, slots=True)
class Run:
    """Digits that belong together, whatever stands between them. `groups` are those without a gap."""

    digits: str
    start: int
    end: int


def plain(text: str) -> str:
    """Every character in its common form (Ａ → A, １ → 1, ① → 1), one for one."""
    return "".join(_common(each) for each in text)


def _common(character: str) -> str:
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 else character


def read(text: str) -> str:
    """`plain` with Chinese numerals as digits, and O and l as 0 and 1 where they stand between digits."""
    digits = "".join(_CHINESE.get(each, each) for each in plain(text))
    return _BESIDE_DIGITS.sub(lambda match: "".join(_TWINS[each] for each in match[0]), digits)


def without_dates(read_text: str) -> str:
    """The same length, with dates, times and prices crossed out."""
    for pattern in (_DATE, _TIME, _PRICE):
        read_text = pattern.sub(lambda match: "日" * len(match[0]), read_text)
    return read_text


def runs(read_text: str, *, loose: bool) -> Iterator[list[Run]]:
    """Groups of digits that follow each other with at most a little between them; `loose` allows dots, commas, brackets."""
    gap = _LOOSE if loose else _TIGHT
    row: list[Run] = []
    for match in re.finditer(r"[0-9]+", read_text):
        if row and not gap.fullmatch(read_text, row[-1].end, match.start()):
            yield row
            row = []
        row.append(Run(match[0], *match.span()))
    if row:
        yield row


def joined(row: list[Run], length: range) -> Iterator[Run]:
    """Every stretch of whole groups whose digits together have a length in the range."""
    for first in range(len(row)):
        digits = ""
        for last in range(first, len(row)):
            digits += row[last].digits
            if len(digits) >= length.stop:
                break
            if len(digits) in length:
                yield Run(digits, row[first].start, row[last].end)


@dataclass(frozen=True, slots=True)
class Squeezed:
    """Only letters and digits, in capitals, with the place each had."""

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, read_text: str) -> Squeezed:
        kept = [(place, each.upper()[:1]) for place, each in enumerate(read_text) if each.isalnum()]
        return cls("".join(each for _place, each in kept), tuple(place for place, _each in kept))

    def spans(self, words: str) -> Iterator[tuple[int, int]]:
        """Where these letters and digits stand in the text they were squeezed from."""
        at = self.text.find(words)
        while words and at >= 0:
            yield self.places[at], self.places[at + len(words) - 1] + 1
            at = self.text.find(words, at + 1)
