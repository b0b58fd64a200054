"""One thing in a text that must not be public, with its place, so that a page can mark it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What it is. The order is that of precedence where two finds overlap."""

    EMAIL = "email"
    ID_NUMBER = "id_number"
    CHAT = "chat"
    PHONE = "phone"
    TRACKING = "tracking"
    ORDER = "order"
    NAME = "name"
    ADDRESS = "address"
    LINK = "link"
    REWARD = "reward"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` are `text[start:end]` as they were written, full-width or spaced out."""

    kind: Kind
    start: int
    end: int
    words: str


def outermost(found: list[Finding], text: str) -> list[Finding]:
    """By place: finds of one kind that overlap or touch become one; of two kinds the more telling stays."""
    kept: list[Finding] = []
    for kind in Kind:
        for start, end in _joined(sorted((each.start, each.end) for each in found if each.kind == kind)):
            if not any(start < other.end and other.start < end for other in kept):
                kept.append(Finding(kind, start, end, text[start:end]))
    return sorted(kept, key=lambda one: one.start)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
