"""What keeps a ticket open: something above that still runs on it, such as a request. Asked by whatever closes or moves one.

This floor does not know returns, so whoever hangs work on a ticket says in its `AppConfig.ready` whether it is done:

    kept_open.keeps_open(lambda ticket: ...)
"""

from __future__ import annotations

from collections.abc import Callable

from tickets.models import Ticket

Question = Callable[[Ticket], bool]
_questions: list[Question] = []


def keeps_open(question: Question) -> None:
    """Register what must be over before a ticket may close. The answer is read with the ticket locked."""
    _questions.append(question)


def is_held(ticket: Ticket) -> bool:
    """Whether something still runs on the ticket. A page asks before it offers the button."""
    return any(question(ticket) for question in _questions)
