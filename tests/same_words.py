"""A part that is drawn once with slots says what it would say with any words in them: no template puts a slot through a filter
or compares it, which would be done to the mark that stands for the words.

Each part is drawn anew with other marks, the first few times in a process that it is asked for with the same slots.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from aftersales.kernel.templatetags import kept as kernel

_TIMES = 20
_WORDS = ("7", "“Ende” & <i>gut</i>, 全部都好", "a/b?c=d")


def watch() -> None:
    """From now on, in this process."""
    drawn, seen = kernel._drawn, Counter[Any]()

    def compared(language: str | None, part: str, given: Any, slots: tuple[str, ...]) -> tuple[SafeString, ...]:
        pieces = drawn(language, part, given, slots)
        seen[part, slots] += 1
        if slots and seen[part, slots] <= _TIMES:
            _compare(pieces, language, part, dict(given), slots)
        return pieces

    compared.cache_clear = drawn.cache_clear  # type: ignore[attr-defined]
    kernel._drawn = compared  # type: ignore[assignment]


def _compare(
    pieces: tuple[SafeString, ...], language: str | None, part: str, given: dict[str, Any], slots: tuple[str, ...]
) -> None:
    for word in _WORDS:
        words = {name: SafeString(f"{name}{word}{name}") for name in slots}
        told = "".join(words[piece] if at % 2 else piece for at, piece in enumerate(pieces))
        with override(language):
            anew = render_to_string(part, given | words).strip()
        assert told == anew, f"{part} does more with a slot than write it: {slots}"
