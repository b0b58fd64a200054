"""Pages that keep themselves fresh: the browser asks again with the mark of what it shows, and is told when nothing changed.

`static/js/behaviours/fresh-list.js` asks every three seconds. Asking costs one statement while nothing happens in the shop; when
something did happen but not here, the rendered part is the same and is not sent again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from aftersales.desk.doors import DeskRequest
from aftersales.ledger.pulse import pulse

_TICK = 30  # seconds after which clocks are looked at again, although nothing happened


def is_fresh(request: DeskRequest) -> bool:
    """Whether a page that is open asks for what has changed on it."""
    return "X-Fresh" in request.headers


def answer_fresh(request: DeskRequest, template: str, read: Callable[[], dict[str, Any]]) -> HttpResponse:
    """What the open page asks for: nothing new, before `read` is called; or the part as it is now.

    The mark is taken before the rows are read, so that what happens meanwhile is seen at the next turn.
    """
    known, mark = request.headers.get("If-None-Match", "").strip('"'), _mark()
    before, _dash, shown = known.rpartition("-")
    if known and before == mark:
        return _same(known)
    answer = render(request, template, read())
    digest = hashlib.sha256(answer.content).hexdigest()[:16]
    if shown == digest:
        return _same(f"{mark}-{digest}")
    answer["ETag"] = f'"{mark}-{digest}"'
    patch_vary_headers(answer, ["X-Fresh", "HX-Request"])
    return answer


def _mark() -> str:
    return f"{pulse()}.{int(time.time()) // _TICK}"


def _same(tag: str) -> HttpResponse:
    answer = HttpResponseNotModified()
    answer["ETag"] = f'"{tag}"'
    patch_vary_headers(answer, ["X-Fresh", "HX-Request"])
    return answer
