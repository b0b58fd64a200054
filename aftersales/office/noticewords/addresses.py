"""The addresses of the words of notices. Called by the office's site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from aftersales.office.noticewords import pages


def addresses(entered: Callable[[Any], Any]) -> list[URLPattern]:
    """`entered` lets those in who may enter the office."""
    one = "templates/<str:kind>/<slug:channel>/<slug:locale>/"
    return [
        path("templates/", entered(pages.templates), name="templates"),
        path(one, entered(pages.template), name="template"),
    ]
