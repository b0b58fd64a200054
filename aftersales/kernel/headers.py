"""Headers that every answer carries beside those of Django and django-csp; the first middleware but one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_EVERYWHERE = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",  # Django's own middleware stands behind the probes and never sees them
}


class HeadersMiddleware:
    """Adds what is missing; a view that set a header itself keeps it.

    Referrer-Policy stays `same-origin` (a setting) on public pages too: with `no-referrer` browsers send
    `Origin: null` with a form, which Django's CSRF check refuses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in _EVERYWHERE.items():
            response.headers.setdefault(name, value)
        # A shared phone or a proxy must not keep a customer's page. Static files bring their own rule.
        response.headers.setdefault("Cache-Control", "no-store")
        return response
