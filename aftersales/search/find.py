"""One search box over everything: `find(actor, text)`. Apps say in their `finders.py` what they hold; faces call it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from aftersales.kernel.actor import Actor
from aftersales.kernel.refs import clean_ref, refs_without_kind

LONGEST = 100  # characters of a question; nobody types more, and a pasted page is no question
MOST = 10  # hits of one kind; whoever needs more asks more exactly


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, read once for all finders.

    `ref` is its canonical reference if it is one (T-, R-, F-, P-…), `digits` are its digits if it holds nothing else
    but what people put between digits, `number` is it without spaces and in capitals, as couriers and platforms print.
    """

    text: str
    ref: str | None
    digits: str
    number: str

    @classmethod
    def of(cls, text: str) -> Asked:
        # A NUL or another control character is nothing people search for, and Postgres refuses it.
        shown = "".join(" " if unicodedata.category(each) == "Cc" else each for each in text)
        plain = " ".join(unicodedata.normalize("NFKC", shown).split())[:LONGEST]
        digits = re.sub(r"[\s()+-]", "", plain)
        return cls(
            text=plain,
            ref=clean_ref(plain) if plain else None,
            digits=digits if digits.isascii() and digits.isdigit() else "",
            number=plain.replace(" ", "").upper(),
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `key` names it within its kind (a reference, or a primary key); each face knows its address."""

    key: str
    title: str
    detail: str = ""
    state: str = ""
    state_words: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, the likeliest first. `more` says that the list was cut."""

    kind: str
    title: str
    hits: tuple[Hit, ...]
    more: bool


Finder = Callable[[Actor, Asked, int], list[Hit]]
_finders: dict[str, tuple[str | Promise, Finder]] = {}


def finds(kind: str, title: str | Promise) -> Callable[[Finder], Finder]:
    """Register a finder: `(actor, asked, most) -> hits`, at most `most` of them, only what the actor may see."""

    def register(function: Finder) -> Finder:
        if kind in _finders and _finders[kind][1] is not function:
            raise ValueError(f"Two finders for {kind}.")
        _finders[kind] = (title, function)
        return function

    return register


def find(actor: Actor, text: str) -> list[Group]:
    """Everything the actor may see that answers to the text, by kind; kinds without a hit are left out."""
    asked = Asked.of(text)
    if not asked.text:
        return []
    return _answers(actor, asked) or [
        group for ref in refs_without_kind(asked.text) for group in _answers(actor, replace(asked, ref=ref))
    ]


def _answers(actor: Actor, asked: Asked) -> list[Group]:
    groups = []
    for kind, (title, finder) in _finders.items():
        hits = finder(actor, asked, MOST + 1)
        if hits:
            groups.append(Group(kind, str(title), tuple(hits[:MOST]), more=len(hits) > MOST))
    return groups
