"""`/healthz`, `/readyz` and `/metrics`. They need no session and open none."""

from __future__ import annotations

import hmac
from dataclasses import asdict

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from aftersales.health.metrics import exposition
from aftersales.health.readiness import look


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Asks nobody else, so that a database outage does not restart every web process."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if this process may get traffic, else 503, with each part's state."""
    found = look()
    return JsonResponse({"ready": found.is_ready, **asdict(found)}, status=200 if found.is_ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus. In production only with `Authorization: Bearer METRICS_TOKEN`; to others it does not exist."""
    if settings.PRODUCTION and not _knows_token(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _knows_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given, wanted)
