"""Every address of the desk, taken from the resolver itself, so that none can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> list[str]:
    """Every route as it is written in the URL configuration, in its order."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _walk(each, route)


def path_of(route: str, names: dict[str, str]) -> str:
    """A real address for a route. `names` maps `prefix name` (longest prefix wins) and whole routes to values."""
    if route in names:
        return names[route]

    def value(match: re.Match[str]) -> str:
        fitting = [
            key for key in names if " " in key and route.startswith(key.split(" ")[0]) and key.endswith(f" {match[1]}")
        ]
        if not fitting:
            raise LookupError(f"Say in tests/whole/cast.py what {match[1]} stands for in {route}")
        return names[max(fitting, key=len)]

    return "/" + _PARAMETER.sub(value, route)
