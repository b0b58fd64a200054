"""Where a page is that a frame names on every page: asked of the resolver once."""

from __future__ import annotations

from functools import cache

from django.urls import NoReverseMatch, reverse


@cache
def address(name: str) -> str:
    """The path of a page without parameters, or nothing where it is not part of this installation."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
