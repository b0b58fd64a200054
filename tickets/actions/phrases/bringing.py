"""What a phrase brings to the words that are written with it: kept with the draft, so that no undo and no reload loses it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from aftersales.kernel.errors import BadInput
from tickets.actions.phrases.steps import read_steps


class Brought(NamedTuple):
    """The phrase, by its key, and those of its steps that shall be done when the message is sent."""

    phrase: str = ""
    steps: Sequence[Sequence[str]] = ()

    def beside(self, other: Brought) -> Brought:
        """Both in one message: one phrase can be counted, each step is done once."""
        steps = [list(step) for step in (*self.steps, *other.steps)]
        return Brought(self.phrase or other.phrase, [each for at, each in enumerate(steps) if each not in steps[:at]])


def brought_in(sent: Any) -> Brought | None:
    """What a page sent: `phrase`, and the lines ticked under `step`. None where the page says nothing of it.

    A line nobody understands is left out here; it is refused, and told, when the message is sent.
    """
    if "phrase" not in sent:
        return None
    steps: list[list[str]] = []
    for line in sent.getlist("step") if hasattr(sent, "getlist") else ():
        with suppress(BadInput):
            steps += read_steps(line)
    return Brought(str(sent["phrase"]).replace("\x00", "")[:40], steps)
