"""Where pages are that are named again and again: the resolver is asked once for each kind of page, not for each link."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, zip_longest

from django.urls import NoReverseMatch, reverse


@cache
def address(name: str) -> str:
    """The path of a page without parameters, or nothing where it is not part of this installation."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def address_of(name: str, *what: str | int) -> str:
    """The path of the page about something, by the references and keys that stand in it. NoReverseMatch where there is none.

    A ticket's page names a dozen of them, each of which the resolver would put together and match anew.
    """
    told = [str(each) for each in what]
    around = _around(name, tuple(each.isdecimal() for each in told))
    return "".join(chain.from_iterable(zip_longest(around, told, fillvalue="")))


@cache
def _around(name: str, are_keys: tuple[bool, ...]) -> tuple[str, ...]:
    """What stands before, between and behind the references and keys."""
    samples = [f"9{number:09}" if is_key else f"Z-{number:09}" for number, is_key in enumerate(are_keys)]
    return tuple(re.split("|".join(samples), reverse(name, args=samples)))
