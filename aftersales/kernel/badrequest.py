"""What is answered where a request cannot be read at all. Called by Django, which finds it in the addresses (`handler400`).

As the other error pages it asks nothing of session and database.
"""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Too much text has a sentence of its own; the rest is too many files or fields, or what no browser of ours sends."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)
