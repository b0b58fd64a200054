"""Why something was not sent: kept as an English sentence with its parameters, and said in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

_COMPARED = 250  # characters; the columns that keep the English words cut them later than that


def kept(why: str, params: dict[str, object]) -> dict[str, Any]:
    """As a row keeps it: the sentence with its holes, and what fills them."""
    return {"why": why, "with": {name: str(value) for name, value in params.items()}}


def filled(told: dict[str, Any], sentence: str = "") -> str:
    """The sentence, or its translation, with its parameters."""
    sentence = sentence or told["why"]
    return sentence % told["with"] if told["with"] else sentence


def said(told: dict[str, Any], error: str) -> str:
    """In the reader's language. `error` is what the row holds in English: that is said where it came from elsewhere."""
    if not told or not told["why"] or filled(told)[:_COMPARED] not in error:
        return error
    return filled(told, gettext(told["why"]))
