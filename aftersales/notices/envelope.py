"""What a mail carries besides its words: to which of a person's addresses, which thread it continues, which files.

Where an answer goes is told by the app that reads mail, since this floor does not:

    envelope.register_answers(find)     # in that app's `AppConfig.ready`; `find()` gives an address or ""
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

_answers: list[Callable[[], str]] = []


@dataclass(frozen=True, slots=True)
class Envelope:
    """`prefer` is the address they wrote from; `headers` go out as they are; `files` are references of attachments.

    `by_hand` says that a person wrote it, so that mail programs do not take it for a machine's.
    """

    prefer: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    by_hand: bool = False


def register_answers(find: Callable[[], str]) -> None:
    """Say where answers to our mail are read. The latest registration counts."""
    _answers[:] = [find]


def answer_to() -> str:
    """The address that answers go to, or "" where no mailbox is read."""
    return _answers[0]() if _answers else ""
