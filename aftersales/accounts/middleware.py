"""Tell every request who acts: a member of staff by session, a customer by the orders proven in this session, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from aftersales.accounts import proven
from aftersales.kernel.actor import Actor, Role


def source_of(request: HttpRequest) -> str:
    """The network address of the client. Behind our own proxy it is the last address that proxy added, else the peer's."""
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(chain) >= settings.TRUSTED_PROXIES:
            return str(chain[-settings.TRUSTED_PROXIES])[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


class ActorMiddleware:
    """Sets `request.actor`. Staff and customer never mix: who signed in as staff acts as staff on every face."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self.actor_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def actor_of(self, request: HttpRequest) -> Actor:
        locale, source = get_language() or settings.LANGUAGE_CODE, source_of(request)
        user = request.user
        if user.is_authenticated and user.is_active:
            actor = user.as_actor()
            return replace(actor, locale=locale, source=source)
        orders = proven.orders_of(request.session)
        if orders:
            return Actor(kind="customer", role=Role.CUSTOMER, orders=orders, locale=locale, source=source)
        return Actor(kind="anonymous", locale=locale, source=source)
