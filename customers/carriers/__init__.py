"""What carriers report, read into our words: one file for each dialect. Pure, no clock, no database.

To add one: a file with `read(payload) -> Told`, and its line in `DIALECTS`.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from customers.carriers import generic, kdniao, kuaidi100
from customers.carriers.told import BadReport, Scan, Told

DIALECTS: dict[str, Callable[[Mapping[str, Any]], Told]] = {
    "generic": generic.read,
    "kuaidi100": kuaidi100.read,
    "kdniao": kdniao.read,
}

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; behind an odd backslash it is four digits of a text

__all__ = ["DIALECTS", "BadReport", "Scan", "Told", "read"]


def read(source: str, payload: Mapping[str, Any]) -> tuple[str, Told]:
    """A report as one text, always the same, and what it tells. Raises `BadReport`, also for what no database keeps."""
    try:
        text = json.dumps(payload, ensure_ascii=False, sort_keys=True, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        raise BadReport("The report holds half a character, or a number that is none.") from None
    if _NUL.search(text):
        raise BadReport("The report holds the character NUL.")
    return text, DIALECTS[source](payload)
