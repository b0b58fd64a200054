"""Redirects that leave the page: inside a fragment a redirect would put a whole page into a corner of the old one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase


def whole_page(request: HttpRequest, answer: HttpResponseRedirectBase) -> HttpResponse:
    """The redirect itself, or for htmx an empty answer that makes the browser go there with the whole page."""
    if request.headers.get("HX-Request") != "true":
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
