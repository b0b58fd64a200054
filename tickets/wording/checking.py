"""Find what a reply should do without: blame, sending the customer elsewhere, shouting, private numbers, holes left open.

Every finding has its place in the text, so that a page can mark the words. Nothing is forbidden here: a face warns, and
whoever must hold back a reply (a complaint without an apology) asks `apologises`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

BLAME, PUSH_AWAY, APOLOGY = "blame", "push_away", "apology"
NO_APOLOGY, SHOUTING, PHONE, ID_NUMBER, HOLE = "no_apology", "shouting", "phone", "id_number", "hole"
GAP = 8  # characters a * may stand for


@dataclass(frozen=True, slots=True)
class Term:
    """Words to look for; `*` in them stands for up to eight characters. `instead` is what to write rather."""

    fault: str
    text: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault with the place of its words; of a missing apology the place is empty."""

    fault: str
    start: int
    end: int
    words: str
    instead: str = ""


_PHONE = re.compile(r"(?<![\d.-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_REFERENCE = re.compile(r"(?:单号|编号|订单|\border(?: number)?|\bparcel)\s*[:：#为是]?\s*\d+", re.IGNORECASE)
_SHOUTING = re.compile(r"\b[A-Z]{2,}(?:[ ,!?']+[A-Z]{2,}){2,}\b[!]*")
_HOLE = re.compile(r"\{[a-z_]{1,30}\}")
_PATTERNS = ((PHONE, _PHONE), (ID_NUMBER, _ID_NUMBER), (SHOUTING, _SHOUTING), (HOLE, _HOLE))


def look_over(text: str, terms: Sequence[Term], *, needs_apology: bool = False) -> list[Finding]:
    """What stands out in a reply, in the order of the text. `needs_apology`: it is the first answer to a complaint."""
    text_of_numbers = _REFERENCE.sub(lambda match: "x" * len(match[0]), text)  # an order number may look like a phone's
    found = [
        Finding(fault, *match.span(), match[0])
        for fault, pattern in _PATTERNS
        for match in pattern.finditer(text_of_numbers if fault == PHONE else text)
    ]
    for term in terms:
        if term.fault != APOLOGY:
            found += [
                Finding(term.fault, *match.span(), match[0], term.instead)
                for match in _pattern(term.text).finditer(text)
            ]
    found = _outermost(found)
    if needs_apology and not apologises(text, terms):
        found.insert(0, Finding(NO_APOLOGY, 0, 0, ""))
    return found


def apologises(text: str, terms: Iterable[Term]) -> bool:
    """Whether the text holds an apology: one of the turns of kind `apology`, and not denied right before it."""
    for term in terms:
        if term.fault != APOLOGY:
            continue
        for match in _pattern(term.text).finditer(text):
            if not _DENIED.search(text[: match.start()]):
                return True
    return False


# What stands right before an apology that is none: "there is no reason to apologise".
_DENIED = re.compile(
    r"(?:不|没有?|无需|不用|不会|不必|没必要|拒绝|凭什么)(?:向[你您])?\W{0,2}$"
    r"|(?:not|never|n['’]t|no need to|no reason to|nothing to)\s+(?:be\s+)?$",
    re.IGNORECASE,
)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """Letters of the Latin script stand as whole words; Chinese has none to keep apart."""
    body = rf"[^。！？.!?\n]{{0,{GAP}}}?".join(re.escape(part.strip()) for part in words.split("*"))
    before = r"\b" if words[:1].isascii() and words[:1].isalnum() else ""
    after = r"\b" if words[-1:].isascii() and words[-1:].isalnum() else ""
    return re.compile(before + body.replace(r"\ ", r"\s+") + after, re.IGNORECASE)


def _outermost(found: list[Finding]) -> list[Finding]:
    """By place; of two that overlap the one that begins first, of those the longer."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept
