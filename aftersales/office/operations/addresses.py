"""The addresses of the page of operations. Called by the office's site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from aftersales.office.operations import deeds, page


def addresses(entered: Callable[[Any], Any]) -> list[URLPattern]:
    """`entered` lets those in who may enter the office."""
    return [
        path("operations/", entered(page.operations), name="operations"),
        path("operations/stops/new/", entered(deeds.stop), name="stop_new"),
        path("operations/stops/<int:pk>/end/", entered(deeds.end_stop), name="stop_end"),
        path("operations/work/<slug:kind>/<int:pk>/<slug:deed>/", entered(deeds.repair_row), name="work_deed"),
    ]
