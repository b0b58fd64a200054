"""Where the desk shows a thing that the search found."""

from __future__ import annotations

from django.urls import reverse

# The pages by kind of hit, in the order in which the desk looks for them.
PAGES = {
    "order": "desk:order",
    "person": "desk:person",
    "ticket": "desk:ticket",
    "return": "desk:return",
    "visit": "desk:visit",
}


def address_of(kind: str, key: str) -> str:
    """The page of a hit; empty for a kind the desk has no page for."""
    return reverse(PAGES[kind], args=[key]) if kind in PAGES else ""
