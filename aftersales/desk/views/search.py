"""The search of the desk: everything somebody may see, by kind; one exact hit leads straight to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import pgettext

from aftersales.desk.doors import DeskRequest, door
from aftersales.desk.forms.search import SearchFilter
from aftersales.desk.page import show
from aftersales.desk.places import PAGES, address_of
from aftersales.search.find import LONGEST, MOST, PAGE, Asked, Group, Hit, find, kinds_of


@door("desk.enter")
def search(request: DeskRequest) -> HttpResponse:
    """`?q=`, and `kind`, `since`, `until`, `page`; without words a word on what can be looked for."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    form = SearchFilter(request.GET, auto_id="search-%s")
    form.is_valid()
    kind = request.GET.get("kind", "") if request.GET.get("kind") in PAGES else ""
    since, until = form.instants()
    groups = find(
        request.actor, text, kinds=[kind] if kind else list(PAGES), since=since, until=until,
        page=_page(request) if kind else 1, size=PAGE if kind else MOST,
    )  # fmt: skip
    if not kind and not since and not until and (only := _only_exact(text, groups)):
        return redirect(only)
    return show(
        request,
        "desk/search.html",
        fragment="desk/search_hits.html",
        q=text,
        kind=kind,
        groups=[(group, _all_of(request.GET, group), _addressed(group)) for group in groups],
        filter=form,
        tabs=_tabs(request, kind, groups),
        terms=groups.terms,
        narrowed=bool(kind or since or until),
        everything=f"?{_query(request.GET, kind=None, since=None, until=None, page=None)}",
        standing=groups.standing,
    )


def _page(request: DeskRequest) -> int:
    given = request.GET.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def _only_exact(text: str, groups: list[Group]) -> str | None:
    """The page of the one thing that a reference names."""
    exact = [(group.kind, hit) for group in groups for hit in group.hits[: group.exact]]
    kind, hit = exact[0] if exact else ("", None)
    return address_of(kind, hit.key) if hit and Asked.of(text).ref and len(exact) == 1 else None


def _tabs(request: DeskRequest, kind: str, groups: list[Group]) -> list[dict[str, Any]]:
    """Everything, or one kind by itself. How many of each is known only where all were looked for."""
    counts = {group.kind: _count(group) for group in groups}
    tabs: list[dict[str, Any]] = [{"label": pgettext("search", "Everything"), "key": "", "count": None}]
    tabs += [
        {"label": each.title, "key": each.name, "count": counts.get(each.name) if kind else counts.get(each.name, "0")}
        for each in kinds_of(request.actor)
        if each.name in PAGES
    ]
    for tab in tabs:
        tab["href"] = f"?{_query(request.GET, kind=str(tab['key']) or None, page=None)}"
        tab["current"] = tab["key"] == kind
    return tabs


def _count(group: Group) -> str:
    return f"{group.count:,}+" if group.capped else f"{group.count:,}"


def _all_of(query: QueryDict, group: Group) -> dict[str, Any]:
    """What stands above and below a group: its count, and where the rest of it is."""
    return {
        "count": _count(group),
        "all": f"?{_query(query, kind=group.kind, page=None)}",
        "before": f"?{_query(query, page=str(group.page - 1))}" if group.page > 1 else "",
        "after": f"?{_query(query, page=str(group.page + 1))}" if group.more else "",
    }


def _query(query: QueryDict, **changed: str | None) -> str:
    """The present address with some values changed, or taken out where they are None."""
    rest = query.copy()
    for name, value in changed.items():
        rest.pop(name, None)
        if value is not None:
            rest[name] = value
    return rest.urlencode()


def _addressed(group: Group) -> list[tuple[str, Hit]]:
    return [(address_of(group.kind, hit.key), hit) for hit in group.hits]
