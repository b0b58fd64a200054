"""Who calls: a program by its key, or the person whose browser session the request carries. Both become an `Actor`."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from aftersales.accounts.actions.keys import use_key
from aftersales.accounts.middleware import source_of


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer ask_…`. The key's role is what the program may do."""

    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        key = use_key(parts[1].decode("latin-1")) if len(parts) == 2 else None
        if key is None:
            raise AuthenticationFailed
        actor = dataclasses.replace(key.as_actor(), locale=get_language() or "", source=source_of(request._request))
        request._request.actor = actor  # type: ignore[attr-defined]  # instead of what the session says, if there is one
        return key.created_by, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class PageAuthentication(SessionAuthentication):
    """The session of staff who signed in, or of a customer who proved an order. Changes need the CSRF token, as on pages."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        if request._request.actor.kind == "anonymous":  # type: ignore[attr-defined]
            return None
        self.enforce_csrf(request)
        return request._request.user, None


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key made in the office: `ask_…`"}


class PageScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = PageAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "desk_session"}
