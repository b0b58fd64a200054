"""Words without the names in them, for what leaves the house where names are left out. Pure."""

from __future__ import annotations

from customers.reviewing import people
from customers.reviewing.finding import outermost
from customers.reviewing.known import Known


def unnamed(text: str, known: Known, instead: str) -> str:
    """Each name that is known, in full or in part, and whoever is addressed by a surname, replaced by `instead`."""
    kept, end = [], 0
    for found in outermost(list(people.find(text, known)), text):
        kept += [text[end : found.start], instead]
        end = found.end
    return "".join([*kept, text[end:]])
