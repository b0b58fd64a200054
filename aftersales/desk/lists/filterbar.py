"""The filters above a list as they are drawn, and what is asked for as chips: the same for the same address, so drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from aftersales.desk.lists.asked import ListFilter
from aftersales.desk.lists.choices import Choices
from aftersales.desk.lists.ticketlist import TicketList

_MOST = 512  # bars of one process, about eight kilobytes each


@dataclass(frozen=True, slots=True)
class FilterBar:
    """`drawn` is the form; a chip has what it says (`label`) and the address that takes it off (`href`)."""

    drawn: SafeString
    chips: list[dict[str, Any]]


def bar_of(asked: TicketList, query: QueryDict, choices: Choices) -> FilterBar:
    """Of a list as asked for under the address `query`."""
    return _bar(get_language(), asked.key, asked.query.urlencode(), query.urlencode(), choices)


@lru_cache(maxsize=_MOST)
def _bar(_language: str | None, key: str, asked: str, query: str, choices: Choices) -> FilterBar:
    form = ListFilter(QueryDict(asked), choices=choices)
    chips = form.chips(QueryDict(query))
    drawn = render_to_string("desk/list_filters.html", {"filter": form, "chips": chips, "view": key})
    return FilterBar(SafeString(drawn), chips)
