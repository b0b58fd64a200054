"""What the search keeps of each thing of the large sample, made of what its rows are made of: nothing is read back.

It must say what the `finders` of the apps would read from the rows; comparing the index with the things proves that.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from aftersales.search.fields import written
from aftersales.search.index import Row
from aftersales.search.words import kept_as, kind_token, number_token, tokens_of, tokens_of_number, tokens_of_phone


class Thing(NamedTuple):
    """One thing that can be found: the lines that may be shown of it, and the numbers it is found by."""

    kind: str
    key: int
    at: str
    lines: tuple[str, ...]
    phone: str
    email: str
    order: str = ""
    parcels: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()


# The same few sentences, and one customer and order in all their things, one soon after the other.
_of_line = lru_cache(50_000)(tokens_of)
_of_number = lru_cache(10_000)(tokens_of_number)


@lru_cache(50_000)
def _of_contacts(phone: str, email: str) -> set[int]:
    return tokens_of_phone(phone) | {number_token(email)}


def row_of(thing: Thing) -> Row:
    """Its entry, as `aftersales.search.index.row_of` makes it of a document."""
    tokens = {kind_token(thing.kind), *map(number_token, thing.refs)}
    tokens.update(_of_contacts(thing.phone, thing.email), *map(_of_number, thing.parcels))
    tokens |= kept_as(thing.kind, set().union(*map(_of_line, thing.lines)))
    if thing.order:
        tokens.update(_of_number(thing.order, typed=thing.kind == "order"))
    return (thing.kind, thing.key, thing.at, None, written(tokens, connection.vendor), "\n".join(thing.lines))
