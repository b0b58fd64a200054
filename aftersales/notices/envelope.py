"""What a mail carries besides its words: to which of a person's addresses, which thread it continues, which files.

Where an answer goes is told by the app that reads mail, since this floor does not:

    envelope.register_answers(find)     # in that app's `AppConfig.ready`; `find(about)` gives a `Box`
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Box:
    """The mailbox that answers come back to: its `address`, or "" where none is read.

    `sender` is what a mail bears as From instead of the desk's own address, or "".
    """

    address: str = ""
    sender: str = ""


Find = Callable[[Any], Box]
_answers: list[Find] = []


@dataclass(frozen=True, slots=True)
class Envelope:
    """`prefer` is the address they wrote from; `headers` go out as they are; `files` are references of attachments.

    `by_hand` says that a person wrote it, so that mail programs do not take it for a machine's. `sender` is the From of
    it, or "" for the desk's own.
    """

    prefer: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    by_hand: bool = False
    sender: str = ""


def register_answers(find: Find) -> None:
    """Say where answers to our mail are read. The latest registration counts."""
    _answers[:] = [find]


def box_for(about: Any) -> Box:
    """Where answers to a notice about this (an event's subject, or None) go, and whom the notice is from."""
    return _answers[0](about) if _answers else Box()
