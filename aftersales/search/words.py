"""What a text is found by: numbers that stand for its characters, pairs of characters, words and their beginnings.

Chinese has no spaces, so every character is a token and every pair of neighbours is one; a question of one character
asks for the character, a longer one for its pairs. Other scripts are found by whole words and by their beginnings from
two letters on. Digits that stand in groups ("138-0013-8000", "38-40") are found as one number, too. A token is a 63-bit
number: small to keep, the same on both databases, and two texts meet in it by accident once in a billion billion. Pure:
no clock, no database.

Characters and pairs are so common that each kind of thing has its own (`kept_as`): a character that half of all tickets
hold is looked for among a million orders without reading how many tickets hold it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, chain, pairwise

_WORDS = 1 << 62
_PAIRS = 1 << 42  # above all characters and pairs
_MARKS = (1 << 19) - 1  # of kinds
LONGEST_BEGINNING = 20  # letters; a longer word is found by its first twenty or as a whole
_MOST_TEXT = 200_000  # characters of one thing that are looked at
_MOST_GROUPED = 4_000  # characters of grouped digits in one thing; who writes more has sent a table
SHORTEST_TAIL, LONGEST_TAIL = 4, 11  # digits of a phone that people remember
_NUMBER_TAILS = (6, 7, 8)  # last characters of an order or tracking number that people read aloud
_SHORTEST_START = 5  # first characters of an order number from which it is found while it is being typed
BETWEEN_DIGITS = r"[\s()+-]"  # what people put between the digits of one number
_MOST_GROUPS = 6  # of digits in one number, as in +33 6 12 34 56 78
_LONGEST_NUMBER = 20  # digits
_SHORTEST_PART = 7  # digits, those of a local phone; the end of 2026-11-27 is a day, and not somebody's last digits

# Scripts without spaces between words, and pictures, which nobody writes spaces around either.
_UNSPACED = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
    "\u2600-\u27bf\U0001f300-\U0001faff"
)
_LETTER = f"[^\\W_{_UNSPACED}]"
_PIECE = re.compile(f"([{_UNSPACED}]+)|({_LETTER}+)")
_GROUPED = re.compile(  # no part of a word, a price or hours (9:00-18:00); begins with a digit, which is found fast
    f"[0-9](?<!{_LETTER}.)(?<![0-9][.:/].)[0-9]*(?:{BETWEEN_DIGITS}{{1,3}}[0-9]+)+(?!{_LETTER}|[.:/][0-9])"
)
_DIGITS = re.compile("[0-9]+")
_PHRASE = re.compile(r'"([^"]+)"|“([^”]+)”|「([^」]+)」')
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: str) -> str:
    """The text without what cannot be kept or searched: control characters and halves of surrogate pairs."""
    return _UNSHOWN.sub(" ", text)


def fold(text: str) -> str:
    """As texts are compared: full-width forms as narrow ones, small letters."""
    return unicodedata.normalize("NFKC", plain(text)).casefold()


def _token(word: str) -> int:
    """The number of a folded word; above all numbers of characters and pairs."""
    return _WORDS | int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> 2


word_token = lru_cache(maxsize=100_000)(_token)  # words come again and again; numbers do not


def _compact(value: str) -> str:
    """A number as it is compared: folded, without spaces."""
    if value.isascii() and value.isalnum():
        return value.lower()
    return "".join(fold(value).split())


def number_token(value: str) -> int:
    """The number of something that names one thing: a reference, an order, a parcel, an address to reach somebody."""
    return _token("#" + _compact(value))


def kept_as(kind: str, tokens: Iterable[int]) -> set[int]:
    """Tokens of a text or of a question as things of this kind hold them: characters and pairs apart from other kinds'."""
    mark = _kind_mark(kind)
    return {token | mark if token < _PAIRS else token for token in tokens}


def asked_of(kind: str, tokens: Iterable[int]) -> set[int]:
    """What a thing of this kind must hold, all of it, to answer: words and numbers are the same in all kinds."""
    wanted = kept_as(kind, tokens)
    return wanted | {kind_token(kind)} if are_the_same_in_all_kinds(wanted) else wanted


def are_the_same_in_all_kinds(tokens: Iterable[int]) -> bool:
    """Words and numbers only: no characters or pairs among them."""
    return all(token >= _WORDS for token in tokens)


def kind_token(kind: str) -> int:
    """Every thing of the kind holds it."""
    return word_token("kind:" + kind)


@lru_cache
def _kind_mark(kind: str) -> int:
    """Bits above those of all pairs and below that of words."""
    return (word_token("kind:" + kind) % _MARKS + 1) * _PAIRS


def pieces(text: str) -> list[tuple[bool, str]]:
    """The words and runs of a folded text, each with whether it is a run of a script without spaces."""
    return [(bool(match[1]), match[0]) for match in _PIECE.finditer(text)]


def tokens_of(text: str) -> set[int]:
    """Everything a text is found by. Line by line: no number goes on in the next one."""
    lines = [fold(line) for line in text[:_MOST_TEXT].split("\n")]
    found = {_token(number) for number in _grouped_numbers(lines)}
    for run, word in chain.from_iterable(map(_PIECE.findall, lines)):
        if run:
            characters = [ord(each) for each in run]
            found.update(characters)
            found.update([first << 21 | second for first, second in pairwise(characters)])
        else:
            found.update([word_token(word[:end]) for end in range(2, min(len(word), LONGEST_BEGINNING) + 1)])
            if not 1 < len(word) <= LONGEST_BEGINNING:
                found.add(word_token(word))
    return found


def _grouped_numbers(lines: Iterable[str]) -> Iterator[str]:
    """What groups of digits may be read as: "2 138-0013-8000" is two of that phone's, or one number."""
    grouped = "\n".join(chain.from_iterable(map(_GROUPED.findall, lines)))[:_MOST_GROUPED]
    for row in grouped.splitlines():
        spaced = ["".join(_DIGITS.findall(part)) for part in row.split()]
        yield from _joined([digits for digits in spaced if digits], shortest=SHORTEST_TAIL)
        yield from _joined(_DIGITS.findall(row), shortest=_SHORTEST_PART)


def _joined(groups: Sequence[str], *, shortest: int) -> Iterator[str]:
    """Each stretch of neighbours as one number."""
    for start in range(len(groups)):
        for number in accumulate(groups[start : start + _MOST_GROUPS]):
            if shortest <= len(number) <= _LONGEST_NUMBER:
                yield number


def tokens_of_number(value: str, *, typed: bool = False) -> set[int]:
    """An order or tracking number: whole and by its last characters; with `typed` also while it is being typed."""
    word = _compact(value)
    if not word:
        return set()
    found = {_token("#" + word), _token(word)}
    found.update([_token(word[-length:]) for length in _NUMBER_TAILS if length < len(word)])
    if typed:
        found.update([_token(word[:end]) for end in range(_SHORTEST_START, min(len(word), LONGEST_BEGINNING) + 1)])
    return found


def tokens_of_phone(e164: str) -> set[int]:
    """A phone number (E.164): whole with and without the country, and by its last four to eleven digits."""
    digits = e164.removeprefix("+")
    national = digits.removeprefix("86") if e164.startswith("+86") else digits
    tails = [_token(digits[-length:]) for length in range(SHORTEST_TAIL, min(LONGEST_TAIL, len(digits)) + 1)]
    return {_token("#" + digits), _token("#" + national), *tails}


def tokens_asked(parts: Iterable[str]) -> set[int]:
    """What must all be there to answer a question: pairs for runs, a lone character for itself, words as they are."""
    wanted: set[int] = set()
    for part in parts:
        for is_run, word in pieces(fold(part)):
            if not is_run:
                wanted.add(word_token(word))
            elif len(word) == 1:
                wanted.add(ord(word))
            else:
                wanted.update(ord(first) << 21 | ord(second) for first, second in pairwise(word))
    return wanted


def phrases_of(text: str) -> tuple[list[str], str]:
    """What stands in quotation marks, and the rest."""
    phrases = [next(filter(None, match.groups())) for match in _PHRASE.finditer(text)]
    return phrases, _PHRASE.sub(" ", text)
