"""What to take back outside the database when the work on a due row is rolled back: a file that was written, say.

`transaction.on_commit` knows only success. A worker that is killed takes nothing back: a daily job must find the rest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

import structlog

log = structlog.get_logger()

Step = Callable[[], object]
_steps: ContextVar[list[Step] | None] = ContextVar("steps_back", default=None)


def if_undone(step: Step) -> None:
    """Call `step` once if the transaction of the timer that is firing does not commit. Outside of one: does nothing."""
    steps = _steps.get()
    if steps is not None:
        steps.append(step)


@contextlib.contextmanager
def taking_back() -> Iterator[None]:
    """Put it around a transaction: whatever the block raises, the steps that were left are taken, the last one first."""
    steps: list[Step] = []
    token = _steps.set(steps)
    try:
        yield
    except BaseException:
        for step in reversed(steps):
            _take(step)
        raise
    finally:
        _steps.reset(token)


def _take(step: Step) -> None:
    try:
        step()
    except Exception:
        log.exception("ledger.not_taken_back")
