"""Where the desk shows a thing that the search found."""

from __future__ import annotations

from django.urls import reverse

_PAGES = {"order": "desk:order", "person": "desk:person", "ticket": "desk:ticket", "return": "desk:return"}


def address_of(kind: str, key: str) -> str:
    """The page of a hit; empty for a kind the desk has no page for."""
    return reverse(_PAGES[kind], args=[key]) if kind in _PAGES else ""
