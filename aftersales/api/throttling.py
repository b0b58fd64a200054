"""How often one caller may ask: `settings.API_RATES`, counted in the shared cache, reads and writes apart."""

from __future__ import annotations

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from aftersales.api.principal import principal_of


class CallerThrottle(SimpleRateThrottle):
    """A key, a member of staff, a customer's session; or, for whoever is nobody, the network address."""

    scope = ""

    def get_rate(self) -> str:
        return str(settings.API_RATES[self.scope])

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"api:{self.scope}:{principal_of(request._request)}"


class Reads(CallerThrottle):
    scope = "read"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method not in SAFE_METHODS or super().allow_request(request, view)


class Writes(CallerThrottle):
    scope = "write"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)
