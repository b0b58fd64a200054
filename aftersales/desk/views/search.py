"""The search of the desk: everything somebody may see, by kind; one exact hit leads straight to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.page import show
from aftersales.search.find import LONGEST, Asked, Group, Hit, find

# Where the desk shows a hit of each kind.
_PAGES = {"order": "desk:order", "person": "desk:person", "ticket": "desk:ticket", "return": "desk:return"}


@door("desk.enter")
def search(request: DeskRequest) -> HttpResponse:
    """`?q=`; without it a word on what can be looked for."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = [group for group in find(request.actor, text) if group.kind in _PAGES]
    if Asked.of(text).ref and len(groups) == 1 and len(groups[0].hits) == 1:
        return redirect(_address(groups[0].kind, groups[0].hits[0]))
    return show(request, "desk/search.html", fragment="desk/search_hits.html", q=text, groups=_addressed(groups))


def _addressed(groups: list[Group]) -> list[tuple[Group, list[tuple[str, Hit]]]]:
    return [(group, [(_address(group.kind, hit), hit) for hit in group.hits]) for group in groups]


def _address(kind: str, hit: Hit) -> str:
    return reverse(_PAGES[kind], args=[hit.key])
