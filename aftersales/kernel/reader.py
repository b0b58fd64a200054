"""Which of two wordings the reader of a page gets: names that shops type are kept in Chinese and in English."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language


def reads_chinese() -> bool:
    """Whether the active language is Chinese; where none is active, whether the shop's own is."""
    return (get_language() or settings.LANGUAGE_CODE).startswith("zh")


def of_two(zh: str, en: str) -> str:
    """The reader's of two wordings; the Chinese one where nobody has written the English."""
    return zh if reads_chinese() or not en else en
