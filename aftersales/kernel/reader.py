"""Which of two wordings the reader of a page gets: names that shops type are kept in Chinese and in English.

Also how words are put together where no sentence of the catalogue does it; in templates by the tags of `joining`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language


def reads_chinese() -> bool:
    """Whether the active language is Chinese; where none is active, whether the shop's own is."""
    return (get_language() or settings.LANGUAGE_CODE).startswith("zh")


def of_two(zh: str, en: str) -> str:
    """The reader's of two wordings; the Chinese one where nobody has written the English."""
    return zh if reads_chinese() or not en else en


def listed(words: Iterable[object]) -> str:
    """Several words in one line: `换货、退货` / `exchange, return`."""
    return ("、" if reads_chinese() else ", ").join(str(each) for each in words)


def labelled(label: object, value: object) -> str:
    """What something is: `队列：投诉` / `Queue: complaints`."""
    return f"{label}：{value}" if reads_chinese() else f"{label}: {value}"


def in_turn(*sentences: object) -> str:
    """Whole sentences one after another: Chinese has no space between them."""
    return ("" if reads_chinese() else " ").join(str(each) for each in sentences)
